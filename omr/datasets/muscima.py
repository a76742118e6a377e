"""MUSCIMA++ 1.0 and 2.0, and any other folder of MuNG files.

J. Hajič jr., P. Pecina, "The MUSCIMA++ Dataset for Handwritten Optical Music Recognition",
ICDAR 2017: 140 pages of CVC-MUSCIMA by 50 writers, annotated as MuNG. The page images are
those of CVC-MUSCIMA and have to be fetched separately. Where they are missing, a page is
rebuilt from the masks of its symbols, which cover all but some thousandths of its ink.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from omr.datasets import archive
from omr.datasets.base import Dataset
from omr.datasets.mung import Notation, is_mung, read_mung
from omr.datasets.mung_ink import paint, staves_from_masks
from omr.datasets.muscima_pages import SPLITS, published_page, writer_and_piece
from omr.datasets.xmlfile import read_xml, text_of
from omr.errors import InputError
from omr.page import Page, Staff, Symbol
from omr.vocabulary import Names
from omr.vocabulary.muscima import core_name, version_2_name

_FOLDERS = (
    "",
    "data/annotations",
    "annotations",
    "data/cropobjects_withstaff",
    "data/cropobjects_manual",
    "v?.0/data/annotations",
    "v?.0/data/cropobjects_withstaff",
    "v?.0/data/cropobjects_manual",
)
"""Where the MuNG files may lie below the dataset's folder: 2.0, then 1.0 with and without staff lines."""

_IMAGES = (
    "{folder}/{document}.png",
    "{folder}/../images/{document}.png",
    "{path}/images/{document}.png",
    "{path}/data/images/{document}.png",
    "{path}/ideal/w-{writer}/image/p0{piece}.png",
    "{path}/CvcMuscima-Distortions/ideal/w-{writer}/image/p0{piece}.png",
    "{path}/../CvcMuscima-Distortions/ideal/w-{writer}/image/p0{piece}.png",
)
"""Where page images may lie: beside the MuNG files; CVC-MUSCIMA unpacked in the dataset or beside it."""


class Muscima(Dataset):
    """Read MUSCIMA++, its archive as published, or a folder of MuNG files.

    The splits `train`, `val` and `test` are independent of writers: `test` is the published
    list of 20 pages by 7 writers; `val` are the 16 pages of writers 8, 16, 24, 32, 40 and 48,
    of no list; `train` are the other 104. `dependent/test` is the published list of 20 pages
    whose writers are in `dependent/train` as well. `84-28-28/...` are the parts that
    completeOMR used (ISMIR 2024). Names of version 1.0 are given as those of 2.0.

    Parameters
    ----------
    path : str or Path
    split : str, optional

    Raises
    ------
    InputError
        When there are no MuNG files, or there is no such split.
    """

    looks_like: ClassVar[str] = "MUSCIMA++ (data/annotations/*.xml or its archive)"
    names: Names = "muscima"

    def __init__(self, path: str | Path, split: str | None = None) -> None:
        super().__init__(path, split)
        self._files = _files(self.path)
        published = [published_page(file.stem) for file in self._files]
        there = {name for page in published if page for name in page.splits}
        self.splits = tuple(name for name in SPLITS if name in there)
        if split is not None:
            if split not in self.splits:
                raise self._no_split(split)
            pages = zip(self._files, published, strict=True)
            self._files = [file for file, page in pages if page and split in page.splits]
        self._notation: tuple[int, Notation] | None = None

    @classmethod
    def finds(cls, path: Path) -> bool:
        """Tell whether MuNG files or an archive of MUSCIMA++ lie at `path`; see `Dataset.finds`."""
        return bool(_archive(path) or _mung_files(path))

    @cached_property
    def categories(self) -> frozenset[str]:  # type: ignore[override]
        """The published classes, or those in use where the list is missing."""
        return _class_list(self._files[0]) or frozenset(
            symbol.name for page in self for symbol in page.symbols
        )

    def __len__(self) -> int:
        """Count the pages."""
        return len(self._files)

    def __getitem__(self, i: int) -> Page:
        """Read page `i`."""
        width, height = self._size(i)
        symbols = tuple(Symbol(node.name, node.box) for node in self.notation(i))
        source = f"{self._files[i].stem}.png"
        return Page(width, height, symbols, self.staves(i), source, vocabulary=self.names)

    def core_names(self, i: int) -> list[str | None]:
        """Name the symbols of page `i`, also by their relationships; see `Dataset.core_names`."""
        notation, space = self.notation(i), self.staff_space(i) or 1.0
        return [core_name(node, notation, space) for node in notation]

    def instances(self, i: int) -> NDArray[np.int32]:
        """Mark each pixel of page `i` with its symbol; where masks overlap, the smaller symbol is on top."""
        width, height = self._size(i)
        page = np.zeros((height, width), np.int32)
        numbered = enumerate(self.notation(i), start=1)
        with self._naming(i):
            for number, node in sorted(numbered, key=lambda n: -n[1].width * n[1].height):
                page[node.window][node.mask] = number
        return page

    def _size(self, i: int) -> tuple[int, int]:
        """Find the width and height of page `i`: of its image, else as published."""
        if found := _image_file(self.path, self._files[i]):
            with Image.open(found) as image:
                return image.size
        return _published_size(self.notation(i))

    def staves(self, i: int) -> tuple[Staff, ...]:
        """Rebuild the staves of page `i` from the masks of their lines.

        Parameters
        ----------
        i : int

        Returns
        -------
        tuple of Staff
            From top to bottom, in pixels of the page.
        """
        with self._naming(i):
            return staves_from_masks(self.notation(i))

    @contextmanager
    def _naming(self, i: int) -> Iterator[None]:
        """Name the file of page `i` where one of its masks is broken."""
        try:
            yield
        except InputError as error:
            raise InputError(f"{self._files[i]}: {error}; get it again") from error

    def notation(self, i: int) -> Notation:
        """Read page `i` as a graph.

        Parameters
        ----------
        i : int

        Returns
        -------
        Notation
            In the names of version 2.0.
        """
        if self._notation is None or self._notation[0] != i:
            notation = read_mung(self._files[i])
            self._notation = i, _in_version_2(notation) if "_1." in notation.dataset else notation
        return self._notation[1]

    def image(self, i: int) -> NDArray[np.uint8]:
        """Read CVC-MUSCIMA's image of page `i`, or paint the masks; see `Dataset.image`."""
        if _image_file(self.path, self._files[i]):
            grey = super().image(i)
            return 255 - grey if grey.mean() < 128 else grey  # CVC-MUSCIMA is white on black
        with self._naming(i):
            notation = self.notation(i)
            return paint(notation, *_published_size(notation))

    def image_file(self, i: int) -> Path:
        """Find CVC-MUSCIMA's image of page `i`, else the annotation that the page is rebuilt from."""
        return _image_file(self.path, self._files[i]) or self._files[i]

    def _staff_space(self, i: int) -> float | None:
        spaces = [staff.space for staff in self.staves(i)]
        return float(np.median(spaces)) if spaces else super()._staff_space(i)


def _in_version_2(notation: Notation) -> Notation:
    """Rename the symbols of a page of version 1.0 as version 2.0 does."""
    nodes = (replace(node, name=version_2_name(node, notation)) for node in notation)
    return replace(notation, nodes=tuple(nodes))


def _published_size(notation: Notation) -> tuple[int, int]:
    """Give the width and height of a page: as published, and as large as its symbols need."""
    right = max((node.left + node.width for node in notation), default=1)
    bottom = max((node.top + node.height for node in notation), default=1)
    known = published_page(notation.document)
    return (max(known.width, right), max(known.height, bottom)) if known else (right, bottom)


# --- files ------------------------------------------------------------------------------------------


def _archive(path: Path) -> Path | None:
    """Find the dataset's archive: `path` itself or a file in the folder `path`."""
    candidates = [path] if path.is_file() else sorted(path.glob("*"))
    return next(
        (file for file in candidates if "muscima" in file.name.lower() and archive.is_archive(file)), None
    )


def _mung_files(path: Path) -> list[Path]:
    """List the MuNG files at or below `path`, by name."""
    if path.is_file():
        return [path] if path.suffix == ".xml" and is_mung(path) else []
    for pattern in _FOLDERS:
        for folder in sorted(path.glob(pattern)) if pattern else [path]:
            files = sorted(folder.glob("*.xml"))
            if files and is_mung(files[0]):
                return files
    return []


def _files(path: Path) -> list[Path]:
    """List the MuNG files at `path`; unpack its archive where there are none."""
    if files := _mung_files(path):
        return files
    packed = _archive(path)
    if packed and (files := _mung_files(archive.unpacked(packed))):
        return files
    raise InputError(f"{packed or path}: has no MuNG files in data/annotations; get MUSCIMA++ again")


def _image_file(path: Path, annotation: Path) -> Path | None:
    """Find the image of an annotation file."""
    writer, piece = writer_and_piece(annotation.stem) or ("", "")
    where = {
        "folder": annotation.parent,
        "document": annotation.stem,
        "path": path if path.is_dir() else path.parent,
        "writer": writer,
        "piece": piece,
    }
    return next((file for pattern in _IMAGES if (file := Path(pattern.format(**where))).is_file()), None)


def _class_list(annotation: Path) -> frozenset[str]:
    """Read the published list of classes where it lies in its place beside the data."""
    folders = list(annotation.parents)[1:3]
    listed = [file for folder in folders for file in folder.glob("specifications/*mlclasses-annot.xml")]
    return frozenset(text_of(entry, "Name") for file in listed[:1] for entry in read_xml(file))
