"""Registry of output formats, and the one way in which pages and scores are saved.

The modules of `omr.export` register their formats here; `Page.save`, `Score.save` and the command line
look them up by the suffix of a path or by name. A page format takes pages. A score format takes a score;
pages saved in score formats are read as music first, once for all outputs.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from omr.errors import InputError
from omr.files import check_writable, replacing

if TYPE_CHECKING:
    from omr.page import Page
    from omr.score import Score
    from omr.vocabulary import Names

Content: TypeAlias = str | bytes
"""What a format makes: text, which files hold as UTF-8, or bytes."""

MARKED = 4096
"""Bytes at each end of a file in which the mark of this program is looked for."""

IN_FOLDERS = (".coco.json", ".overlay.png")
"""Ends of the names of the two files that a folder gets for each page."""


@dataclass(frozen=True)
class PageFormat:
    """A format that holds the symbols of pages.

    Attributes
    ----------
    name : str
        As given to `Page.export`, such as "coco".
    suffix : str
        End of a file name in lower case, with its dot.
    about : str
        What a file holds, in one line.
    render : callable
        Takes the pages and the vocabulary of the names to write (None for each page's own), and returns
        the content of a file.
    many : bool
        Whether one file takes several pages. Otherwise each page gets a file of its own, numbered.
    mark : bytes
        What every such file of this program has in its first or last `MARKED` bytes and files of others have
        not; empty where there is nothing.
    """

    name: str
    suffix: str
    about: str
    render: Callable[[Sequence[Page], Names | None], Content]
    many: bool = True
    mark: bytes = b""


@dataclass(frozen=True)
class ScoreFormat:
    """A format that holds music.

    Attributes
    ----------
    name : str
        As given to `Score.export`, such as "musicxml".
    suffix : str
        End of a file name in lower case, with its dot.
    about : str
        What a file holds, in one line.
    render : callable
        Takes a score and returns the content of a file.
    mark : bytes
        As for `PageFormat`.
    """

    name: str
    suffix: str
    about: str
    render: Callable[[Score], Content]
    mark: bytes = b""


Format: TypeAlias = PageFormat | ScoreFormat

_FORMATS: dict[str, Format] = {}
_ALIASES = {".midi": ".mid"}
"""Suffixes that stand for others."""

_PROVIDERS: list[Callable[[], object]] = []
_MUSIC_READERS: list[Callable[[Sequence[Page]], Score]] = []
_NAMES_CHECKS: list[Callable[[str], object]] = []


def register(*formats: Format) -> None:
    """Make formats known; one of a suffix that is known already takes its place.

    Parameters
    ----------
    *formats : PageFormat or ScoreFormat
    """
    _FORMATS.update((format.suffix, format) for format in formats)


def register_music_reader(read: Callable[[Sequence[Page]], Score]) -> None:
    """Set how pages become the score that score formats take.

    Parameters
    ----------
    read : callable
        Takes the pages of a piece in order, in any vocabulary, and returns their score.
    """
    _MUSIC_READERS[:] = [read]


def register_names_check(check_names: Callable[[str], object]) -> None:
    """Set how the vocabulary of the symbols' names in a file is checked, for every format.

    Parameters
    ----------
    check_names : callable
        Takes the name of a vocabulary and raises `InputError` when there is none of that name.
    """
    _NAMES_CHECKS[:] = [check_names]


def provide(load: Callable[[], object]) -> None:
    """Have a function called before formats are looked up, so that they are loaded when first needed.

    Parameters
    ----------
    load : callable
        Imports modules that register formats. It may be called more than once.
    """
    _PROVIDERS.append(load)


def known() -> Mapping[str, Format]:
    """List the known formats.

    Returns
    -------
    mapping of str to PageFormat or ScoreFormat
        By suffix, in the order of registration.
    """
    for load in _PROVIDERS:
        load()
    return MappingProxyType(_FORMATS)


def named(name: str) -> Format:
    """Find a format by its name or suffix.

    Parameters
    ----------
    name : str
        Such as "musicxml", "mid" or ".mid".

    Returns
    -------
    PageFormat or ScoreFormat

    Raises
    ------
    InputError
        When there is no such format.

    Examples
    --------
    >>> named("mid").name, named("coco").suffix
    ('midi', '.json')
    """
    for suffix, format in known().items():
        if name.lower() in (format.name, suffix, suffix[1:]):
            return format
    raise InputError(f"{name}: no such format; choose one of {', '.join(f.name for f in known().values())}")


def check(path: str | Path) -> None:
    """Refuse a path that can't be written: call it before work that takes long.

    Parameters
    ----------
    path : str or Path
        Of a file or a folder, as for `save_pages`.

    Raises
    ------
    InputError
        When the suffix names no format, or the folder takes no file.
    """
    if not str(path):
        raise InputError("'': is no file name; give a name with a suffix, or a folder")
    if not is_folder(path):
        format_of(path)
        check_writable(Path(path))
    elif not Path(path).is_dir():
        check_writable(Path(path) / "page")


def is_ours(path: Path) -> bool:
    """Tell whether this program wrote a file, as far as the file tells.

    Parameters
    ----------
    path : Path
        Of a file that exists, with the suffix of a format.

    Returns
    -------
    bool
        False too where somebody else has written it since, or it can't be read.
    """
    mark = format_of(path).mark
    try:
        with path.open("rb") as file:
            ends = file.read(MARKED)
            file.seek(max(0, path.stat().st_size - MARKED))
            ends += file.read()
    except OSError:
        return False
    return bool(mark) and mark in ends


def export_pages(pages: Sequence[Page], name: str, names: Names | None = None) -> Content:
    """Write pages in a format, without a file.

    Parameters
    ----------
    pages : sequence of Page
    name : str
        Of a format, as for `named`.
    names : {"core", "deepscores", "muscima"}, optional
        Vocabulary of the symbols' names in page formats; by default each page's own.

    Returns
    -------
    str or bytes
        Text where the format is text.

    Raises
    ------
    InputError
        When there is no such format or vocabulary, or the format takes one page and several are given.
    """
    format = named(name)
    _check_names(names)
    if isinstance(format, ScoreFormat):
        return format.render(_read_music(pages))
    if len(pages) != 1 and not format.many:
        raise InputError(f"{name}: holds one page, not {len(pages)}; export each page on its own")
    return format.render(pages, names)


def export_score(score: Score, name: str) -> Content:
    """Write a score in a format, without a file.

    Parameters
    ----------
    score : Score
    name : str
        Of a score format, as for `named`.

    Returns
    -------
    str or bytes
        Text where the format is text.

    Raises
    ------
    InputError
        When there is no such format, or it holds symbols of pages.
    """
    return _score_format(named(name), name).render(score)


def save_score(score: Score, path: str | Path) -> Path:
    """Write a score to a file.

    Parameters
    ----------
    score : Score
    path : str or Path
        Its suffix names a score format. Missing folders are made.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        When the suffix names no score format, or the file can't be written.
    """
    format = _score_format(format_of(path), path)
    return _write(format.render(score), Path(path))


def save_pages(
    pages: Sequence[Page],
    paths: Iterable[str | Path],
    names: Names | None = None,
    *,
    music: Score | None = None,
    place: Callable[[Path], Path | None] | None = None,
) -> Iterator[Path]:
    """Write pages to files; for all score formats together their music is read once.

    Parameters
    ----------
    pages : sequence of Page
    paths : iterable of str or Path
        The suffix of each names a format. A folder, or a name that ends in ``/``, takes a COCO file and
        an overlay for each page. Missing folders are made.
    names : {"core", "deepscores", "muscima"}, optional
        Vocabulary of the symbols' names in page formats; by default each page's own.
    music : Score, optional
        The music on the pages where it has been read; otherwise it is read when a format needs it.
    place : callable, optional
        Takes each file to write and returns the one to write in its place, or None for none; it may raise
        InputError. By default files that are there are replaced.

    Yields
    ------
    Path
        Each file as soon as it is written.

    Raises
    ------
    InputError
        When there are no pages, or no such format or vocabulary (before anything is written), or a file
        can't be written.
    """
    paths = list(paths)
    _check_names(names)
    for path in paths:
        check(path)
        if not pages:
            raise InputError(f"{path}: there are no pages to write")
    score = cache(lambda: _read_music(pages) if music is None else music)
    failures = []
    for path in paths:
        for target, some in _files(pages, path):
            format = format_of(target)
            try:
                chosen = place(target) if place else target
                if chosen is None:
                    continue
                content = (
                    format.render(score()) if isinstance(format, ScoreFormat) else format.render(some, names)
                )
                file = _write(content, chosen)
            except InputError as error:  # the other files are still worth writing
                failures.append(str(error) if str(target) in str(error) else f"{target}: {error}")
            else:
                yield file
    if failures:
        raise InputError("; ".join(failures))


def _check_names(names: Names | None) -> None:
    known()  # loads the modules that register the check
    if names is not None:
        for check_names in _NAMES_CHECKS:
            check_names(names)


def _read_music(pages: Sequence[Page]) -> Score:
    known()  # loads the modules that register a reader
    return _MUSIC_READERS[-1](pages)


def format_of(path: str | Path) -> Format:
    """Look up the format of a path's suffix.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    PageFormat or ScoreFormat

    Raises
    ------
    InputError
        When the suffix names no format.
    """
    suffix = Path(path).suffix.lower()
    suffix = _ALIASES.get(suffix, suffix)
    if suffix not in known():
        choices = ", ".join(known())
        raise InputError(f"{path}: no such format; end the name in {choices}, or in / for a folder")
    return known()[suffix]


def _score_format(format: Format, what: str | Path) -> ScoreFormat:
    if isinstance(format, PageFormat):
        choices = ", ".join(f.name for f in known().values() if isinstance(f, ScoreFormat))
        raise InputError(f"{what}: holds symbols of pages and a score has none; choose one of {choices}")
    return format


def _files(pages: Sequence[Page], path: str | Path) -> list[tuple[Path, Sequence[Page]]]:
    """List the files that a path stands for, each with its pages."""
    path, folder = Path(path), is_folder(path)
    if folder:
        return _files_in_folder(pages, path)
    format = format_of(path)
    if isinstance(format, ScoreFormat) or format.many or len(pages) == 1:
        return [(path, pages)]
    return [(path.with_stem(f"{path.stem}-{i}"), [page]) for i, page in enumerate(pages, start=1)]


def is_folder(path: str | Path) -> bool:
    """Tell whether a path stands for a folder.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    bool
        True also for a name that ends in a slash, whether it is there or not.
    """
    return str(path).endswith(("/", os.sep)) or Path(path).is_dir()


def _files_in_folder(pages: Sequence[Page], folder: Path) -> list[tuple[Path, Sequence[Page]]]:
    """Name each page's files after its source, numbered where one source name has several pages."""
    stems = [Path(page.source).stem or "page" for page in pages]
    often, seen = Counter(stems), Counter[str]()
    files: list[tuple[Path, Sequence[Page]]] = []
    for stem, page in zip(stems, pages, strict=True):
        seen[stem] += 1
        name = f"{stem}-{seen[stem]}" if often[stem] > 1 else stem
        files += [(folder / f"{name}{suffix}", [page]) for suffix in IN_FOLDERS]
    return files


def _write(content: Content, path: Path) -> Path:
    with replacing(path) as part:
        part.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
