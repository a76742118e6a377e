"""List the pieces that inputs stand for: files, folders, patterns, lists of files, URLs."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from omr.errors import InputError
from omr.formats import IN_FOLDERS
from omr.images import SUFFIXES, split_pages

if TYPE_CHECKING:
    from typing import TextIO

LIST_SUFFIXES = (".txt", ".lst")
"""Ends of the names of files that list inputs, one a line."""

STANDARD_INPUT = "-"
"""The input that stands for a list on standard input."""


@dataclass(frozen=True)
class Piece:
    """A piece of music to read.

    Attributes
    ----------
    name : str
        What its results are called: a path below the output folder, with slashes, without suffix.
    sources : tuple of str
        Paths or URLs of its files in order, each with the numbers of its pages where they are chosen.
    """

    name: str
    sources: tuple[str, ...]

    @property
    def title(self) -> str:
        """The input as people know it."""
        more = len(self.sources) - 1
        return self.sources[0] + (f" and {more} more" if more else "")


@dataclass(frozen=True)
class _Input:
    """A file, and the path below the output folder that suits its results."""

    source: str
    place: PurePosixPath


def find_pieces(
    inputs: Iterable[str], *, join: bool = False, listed: TextIO | None = None
) -> tuple[Piece, ...]:
    """List the pieces that inputs stand for, in order, each file once.

    Files in a folder and those of a pattern are sorted by name. A file that is named itself need not exist:
    that it is missing is found when it is read.

    Parameters
    ----------
    inputs : iterable of str
        Files (a page number or several may follow, as in ``score.pdf[2-5]``); folders, which stand for all
        files with pages in them and below; patterns with ``*``, ``?`` and ``**``; lists, which are files
        that end in `LIST_SUFFIXES`; URLs and patterns of them; "-" for a list on standard input.
    join : bool
        Whether all files are one piece.
    listed : text file, optional
        Standard input.

    Returns
    -------
    tuple of Piece
        Their names differ, also on systems that do not tell capitals from small letters.

    Raises
    ------
    InputError
        When a list can't be read, or a folder, a pattern or everything together has no file.
    """
    found = {_identity(one.source): one for text in inputs for one in _expanded(text, listed)}
    if not found:
        raise InputError("no input: nothing is listed; give files, folders or patterns")
    files = list(found.values())
    names = _different(files)
    if join:
        return (Piece(names[0], tuple(one.source for one in files)),)
    return tuple(Piece(name, (one.source,)) for name, one in zip(names, files, strict=True))


def is_many(text: str) -> bool:
    """Tell whether an input stands for any number of files.

    Parameters
    ----------
    text : str

    Returns
    -------
    bool
        True for folders, patterns and lists.
    """
    path, _ = split_pages(text)
    return (
        text == STANDARD_INPUT
        or path.is_dir()
        or path.suffix.lower() in LIST_SUFFIXES
        or _is_pattern(text)
        or "://" in text
    )


def _expanded(text: str, listed: TextIO | None) -> Iterator[_Input]:
    """List the files that one input stands for."""
    if text == STANDARD_INPUT:
        yield from _of_list(listed or (), listed)
    elif "://" in text:
        yield from _of_url(text)
    elif Path(text).is_dir():
        yield from _of_folder(Path(text))
    elif _is_pattern(text):
        files = sorted(file for file in glob.glob(text, recursive=True) if Path(file).is_file())  # noqa: PTH207
        if not files:
            raise InputError(f"{text}: no file has a name like this; check the pattern")
        yield from map(_of_file, files)
    elif Path(text).suffix.lower() in LIST_SUFFIXES:
        try:
            lines = Path(text).read_text(encoding="utf-8-sig").splitlines()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "is no text"
            raise InputError(f"{text}: can't be read ({reason}); give a list with a file a line") from error
        yield from _of_list(lines, listed)
    else:
        yield _of_file(text)


def _is_pattern(text: str) -> bool:
    """Tell a pattern from a name; a file of that very name and page numbers are none."""
    path, pages = split_pages(text)
    return not pages and not path.exists() and glob.has_magic(text)


def _of_file(text: str) -> _Input:
    path, pages = split_pages(text)
    chosen = ",".join(f"{first}-{last}" if last > first else f"{first}" for first, last in pages)
    stem = path.stem + (f".pages{chosen}" if chosen else "")
    return _Input(text, PurePosixPath(f"{stem}{path.suffix}"))


def _of_list(lines: Iterable[str], listed: TextIO | None) -> Iterator[_Input]:
    """List the files of a list; blank lines and lines that begin with # are left out."""
    for line in lines:
        text = line.strip("\r\n")
        if text.strip() and not text.startswith("#"):
            if text == STANDARD_INPUT or Path(text).suffix.lower() in LIST_SUFFIXES:
                raise InputError(f"{text}: is a list in a list; name its files")
            yield from _expanded(text, listed)


def _of_folder(folder: Path) -> Iterator[_Input]:
    """List the files with pages in a folder and below, without hidden ones and overlays of this program."""
    found = []
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [
            Path(at) / name
            for name in sorted(names)
            if name.lower().endswith(SUFFIXES) and not name.startswith(".") and not name.endswith(IN_FOLDERS)
        ]
    if not found:
        raise InputError(
            f"{folder}: has no page in it (looked for {', '.join(SUFFIXES)}); give another folder"
        )
    for file in found:
        yield _Input(str(file), PurePosixPath(file.relative_to(folder).as_posix()))


def _of_url(text: str) -> Iterator[_Input]:
    """List the files at a URL, or those that a pattern of URLs stands for."""
    from omr.batch.store import file_system

    system, path = file_system(text)
    if glob.has_magic(path):
        files = sorted(str(file) for file in system.glob(path))
        if not files:
            raise InputError(f"{text}: no file has a name like this; check the pattern")
    else:
        files = [path]
    for file in files:
        yield _Input(str(system.unstrip_protocol(file)), PurePosixPath(PurePosixPath(file).name))


def _identity(source: str) -> tuple[str, ...]:
    """Tell files apart, by whatever name they are given."""
    if "://" in source:
        return (source,)
    path, pages = split_pages(source)
    return (os.path.realpath(path), str(pages))


def _different(files: Sequence[_Input]) -> list[str]:
    """Name the results of each file: without suffix where that tells it from the others, else with it."""
    short = [_without_suffix(one.place) for one in files]
    often = Counter(name.casefold() for name in short)
    names, taken = [], Counter[str]()
    for one, name in zip(files, short, strict=True):
        chosen = name if often[name.casefold()] == 1 else str(one.place)
        taken[chosen.casefold()] += 1
        number = taken[chosen.casefold()]
        names.append(chosen if number == 1 else f"{chosen}~{number}")
    return names


def _without_suffix(place: PurePosixPath) -> str:
    return str(place.with_suffix("")) if place.suffix.lower() in SUFFIXES else str(place)
