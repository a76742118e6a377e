"""A piece that is mended: what was read, every edit, and the files in which both are kept.

Beside ``scan.pdf`` lie ``scan.pdf.read.json``, a COCO file of what was read (`omr.export.coco`), and
``scan.pdf.mended.json``, every edit with how many of them count. A file is replaced whole after each edit,
so that neither a reload nor a crash loses one.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

from omr.errors import InputError
from omr.export.coco import load_coco, to_coco
from omr.export.html.pictures import picture_of
from omr.files import replacing
from omr.images import load_pages
from omr.notation.pipeline import Reading, read_piece
from omr.page import Page, Symbol
from omr.serve.edits import Edit, apply, from_entry, to_entry
from omr.view import upright
from omr.vocabulary.translation import core_page

READ = ".read.json"
"""End of the name of the file with what was read."""

MENDED = ".mended.json"
"""End of the name of the file with the edits."""

VERSION = 1
"""Version of the file with the edits."""


def read_file(scan: Path) -> Path:
    """Name the file with what was read from a scan.

    Parameters
    ----------
    scan : Path

    Returns
    -------
    Path
    """
    return scan.with_name(scan.name + READ)


def mended_file(scan: Path) -> Path:
    """Name the file with the edits of a scan.

    Parameters
    ----------
    scan : Path

    Returns
    -------
    Path
    """
    return scan.with_name(scan.name + MENDED)


def keep_read(scan: Path, pages: Sequence[Page]) -> None:
    """Write what was read from a scan beside it.

    Parameters
    ----------
    scan : Path
    pages : sequence of Page

    Raises
    ------
    InputError
        When the file can't be written.
    """
    with replacing(read_file(scan)) as part:
        part.write_text(json.dumps(to_coco(pages)), encoding="utf-8")


def mended_pages(scan: Path) -> tuple[Page, ...]:
    """Load the pages of a scan as they were mended.

    Parameters
    ----------
    scan : Path

    Returns
    -------
    tuple of Page
        Without images. What was set by hand has the score 1.

    Raises
    ------
    InputError
        When the files can't be read.
    """
    pages = tuple(core_page(page) for page in load_coco(read_file(scan)))
    edits, position = _load_edits(scan)
    return reduce(apply, edits[:position], pages)


def symbols_by_hand(before: Page, after: Page) -> list[Symbol]:
    """List the symbols of a mended page that were set by hand.

    Parameters
    ----------
    before : Page
        As it was read.
    after : Page
        As it was mended.

    Returns
    -------
    list of Symbol
    """
    read = set(before.symbols)
    return [symbol for symbol in after.symbols if symbol not in read]


class Piece:
    """A scan with its edits; its methods may be called from several threads.

    Parameters
    ----------
    scan : Path
        Beside which `keep_read` has written.

    Raises
    ------
    InputError
        When its files can't be read.
    """

    def __init__(self, scan: Path) -> None:
        self.scan = scan
        self._lock = threading.RLock()
        images = [image.grey for image in load_pages(scan)]
        stored = [core_page(page) for page in load_coco(read_file(scan))]
        if len(stored) != len(images):
            raise InputError(f"{read_file(scan)}: is of another scan; delete it, and the scan is read again")
        self.read = tuple(replace(page, image=image) for page, image in zip(stored, images, strict=True))
        self.edits, self.position = _load_edits(scan)
        self.pages = reduce(apply, self.edits[: self.position], self.read)
        self._reading: Reading | None = None
        self._pictures: dict[tuple[int, bool], str] = {}

    @property
    def reading(self) -> Reading:
        """The music of the mended pages."""
        with self._lock:
            if self._reading is None:
                self._reading = read_piece(self.pages)
            return self._reading

    def picture(self, number: int, *, straight: bool) -> str:
        """Make the picture of a page, once.

        Parameters
        ----------
        number : int
            Of the page, from 0.
        straight : bool
            Whether the upright, level and flat picture is wanted.

        Returns
        -------
        str
            A data URL.

        Raises
        ------
        InputError
            When there is no such page.
        """
        if not 0 <= number < len(self.read):
            raise InputError(f"page {number + 1}: there are {len(self.read)} pages; load the piece again")
        if (number, straight) not in self._pictures:
            page = replace(self.read[number], ink=None)
            self._pictures[number, straight] = picture_of(upright(page) if straight else page)
        return self._pictures[number, straight]

    def apply(self, edit: Edit) -> None:
        """Apply an edit; edits that were undone are forgotten.

        Parameters
        ----------
        edit : Edit

        Raises
        ------
        InputError
            When it doesn't fit the pages, the mended music can't be read, or the file can't be written:
            then nothing is changed.
        """
        with self._lock:
            pages = apply(self.pages, edit)
            reading = read_piece(pages)
            self._keep([*self.edits[: self.position], edit], self.position + 1)
            self.pages, self._reading = pages, reading

    def go_to(self, position: int) -> None:
        """Undo or redo edits.

        Parameters
        ----------
        position : int
            How many edits count from now on; a number beyond them stands for all or none.
        """
        with self._lock:
            position = min(max(position, 0), len(self.edits))
            pages = reduce(apply, self.edits[:position], self.read)
            self._keep(self.edits, position)
            self.pages, self._reading = pages, None

    def _keep(self, edits: Sequence[Edit], position: int) -> None:
        content = {"version": VERSION, "position": position, "edits": [to_entry(edit) for edit in edits]}
        with replacing(mended_file(self.scan)) as part:
            part.write_text(json.dumps(content), encoding="utf-8")
        self.edits, self.position = list(edits), position


def _load_edits(scan: Path) -> tuple[list[Edit], int]:
    """Read the edits of a scan and how many of them count."""
    file = mended_file(scan)
    if not file.exists():
        return [], 0
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        version, position, entries = content["version"], int(content["position"]), list(content["edits"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file}: can't be read ({error}); rename it to begin anew") from error
    if version != VERSION:
        raise InputError(f"{file}: is of version {version!r}, this program reads {VERSION}; update it")
    edits = [from_entry(entry, f"{file}: edits[{n}]") for n, entry in enumerate(entries)]
    return edits, min(max(position, 0), len(edits))
