"""Results as files: what a path's suffix means, and that no half-written file is ever left behind."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from omr.errors import InputError
from omr.export import coco, mei, midi, mung, musicxml, overlay, table
from omr.export.coco import load_coco
from omr.page import Page

__all__ = ["EXPORTERS", "Exporter", "check", "load_coco", "save", "save_all"]


@dataclass(frozen=True)
class Exporter:
    """A way to write pages.

    Attributes
    ----------
    write : callable
        Takes the pages and the path to write to.
    about : str
        One line on what the file holds.
    many : bool
        Whether one file takes several pages; otherwise each gets its own, numbered.
    """

    write: Callable[[Sequence[Page], Path], None]
    about: str
    many: bool = True


EXPORTERS: dict[str, Exporter] = {
    ".json": Exporter(coco.write, "COCO: images, categories, and an annotation with a score for each symbol"),
    ".png": Exporter(overlay.write, "the page with a coloured box and a label for each symbol", many=False),
    ".csv": Exporter(table.write, "a table with a row for each symbol"),
    ".musicxml": Exporter(musicxml.write, "MusicXML 4.0: the music, one score from all pages"),
    ".mxl": Exporter(musicxml.write_compressed, "the same, compressed"),
    ".mid": Exporter(midi.write, "MIDI: the music played"),
    ".xml": Exporter(mung.write, "MuNG: symbols and what belongs to what, as in MUSCIMA++", many=False),
    ".mei": Exporter(mei.write, "MEI: the music, by verovio"),
}

IN_FOLDERS = (".coco.json", ".overlay.png")
"""What a folder gets for each page."""


def check(path: str | Path) -> None:
    """Say early what `save` would refuse: call it before work that takes long.

    Raises
    ------
    InputError
        When no exporter writes that suffix, or the path is a folder's and a file is there.
    """
    if not _is_folder(path) and Path(path).suffix.lower() not in EXPORTERS:
        known = ", ".join(EXPORTERS)
        raise InputError(f"{path}: no such format; end the name in {known}, or in / for a folder")


def save(pages: Sequence[Page], path: str | Path) -> Path:
    """Write pages; the suffix of `path` names the format.

    Parameters
    ----------
    pages : sequence of Page
    path : str or Path
        ``.json`` is COCO, ``.png`` an overlay, ``.csv`` a table. A folder, or
        a name that ends in ``/``, takes a COCO file and an overlay for each page.
        Missing folders are made.

    Returns
    -------
    Path
        The file that was written, the first of them where there are several.

    Raises
    ------
    InputError
        When no exporter writes that suffix, or the file can't be written.
    """
    return save_all(pages, path)[0]


def save_all(pages: Sequence[Page], path: str | Path) -> list[Path]:
    """As `save`, but returns every file that was written."""
    check(path)
    if not pages:
        raise InputError(f"{path}: there are no pages to write")
    plan = _in_folder(pages, Path(path)) if _is_folder(path) else _in_files(pages, Path(path))
    for target, some in plan:
        _write(some, target)
    return [target for target, _ in plan]


def _is_folder(path: str | Path) -> bool:
    return str(path).endswith(("/", os.sep)) or Path(path).is_dir()


def _in_files(pages: Sequence[Page], path: Path) -> list[tuple[Path, Sequence[Page]]]:
    if EXPORTERS[path.suffix.lower()].many or len(pages) == 1:
        return [(path, pages)]
    return [(path.with_stem(f"{path.stem}-{i}"), [page]) for i, page in enumerate(pages, start=1)]


def _in_folder(pages: Sequence[Page], folder: Path) -> list[tuple[Path, Sequence[Page]]]:
    """Name each page's files after its source, numbered where one source name has several pages."""
    stems = [Path(page.source).stem or "page" for page in pages]
    often, seen = Counter(stems), Counter[str]()
    plan: list[tuple[Path, Sequence[Page]]] = []
    for stem, page in zip(stems, pages, strict=True):
        seen[stem] += 1
        name = f"{stem}-{seen[stem]}" if often[stem] > 1 else stem
        plan += [(folder / f"{name}{suffix}", [page]) for suffix in IN_FOLDERS]
    return plan


def _write(pages: Sequence[Page], path: Path) -> None:
    """Write to a name of its own and rename, so that `path` is either whole or as it was."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        EXPORTERS[path.suffix.lower()].write(pages, part)
        part.replace(path)
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"{path}: can't be written ({reason}); give another place") from error
    finally:
        with suppress(OSError):
            part.unlink()
