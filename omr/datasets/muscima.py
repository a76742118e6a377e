"""MUSCIMA++ 1.0 and 2.0, and any other folder of MuNG files.

J. Hajič jr., P. Pecina, "The MUSCIMA++ Dataset for Handwritten Optical Music
Recognition", ICDAR 2017: 140 pages of CVC-MUSCIMA by 50 writers, annotated as
MuNG. The page images are CVC-MUSCIMA's and have to be fetched apart from it;
where they aren't, a page is rebuilt from the masks of its symbols, which cover
all but some thousandths of its ink.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from omr.datasets import archive
from omr.datasets.base import Dataset
from omr.datasets.mung import Node, Notation, is_mung, read_mung
from omr.datasets.muscima_names import core_name, in_version_2
from omr.datasets.xmlfile import read_xml, text_of
from omr.errors import InputError
from omr.page import Page, Staff, Symbol
from omr.vocabulary import Names

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

NO_INK = frozenset({"staff", "staffSpace", "measureSeparator", "staffGrouping"})
"""Classes whose masks cover more than ink."""

_LISTS = {"independent": "", "dependent": "dependent/", "84-28-28": "84-28-28/"}
"""The columns of `muscima_pages.tsv` and how their splits are named."""

SPLITS = (
    "train", "val", "test",
    "dependent/train", "dependent/test",
    "84-28-28/train", "84-28-28/val", "84-28-28/test",
)  # fmt: skip


class Facts(NamedTuple):
    """What is known of a page of MUSCIMA++: the size of its image, the splits it is in."""

    width: int
    height: int
    splits: frozenset[str]


class Muscima(Dataset):
    """MUSCIMA++, its archive as published, or a folder of MuNG files.

    The splits `train`, `val` and `test` are independent of writers: `test` is
    the published list of 20 pages by 7 writers; `val` are the 16 pages of
    writers 8, 16, 24, 32, 40 and 48, of no list, `train` the other 104.
    `dependent/test` is the published list of 20 pages whose writers are in
    `dependent/train` as well. `84-28-28/...` are the parts that completeOMR
    used (ISMIR 2024). Names of version 1.0 are given as those of 2.0.
    """

    looks_like: ClassVar[str] = "MUSCIMA++ (data/annotations/*.xml or its archive)"
    names: Names = "muscima"

    def __init__(self, path: str | Path, split: str | None = None) -> None:
        super().__init__(path, split)
        self._files = _files(self.path)
        facts = [_facts(file.stem) for file in self._files]
        there = {name for page in facts if page for name in page.splits}
        self.splits = tuple(name for name in SPLITS if name in there)
        if split is not None:
            if split not in self.splits:
                raise self._no_split(split)
            self._files = [
                file for file, page in zip(self._files, facts, strict=True) if page and split in page.splits
            ]
        self._notation: tuple[int, Notation] | None = None

    @classmethod
    def finds(cls, path: Path) -> bool:
        return bool(_archive(path) or _mung_files(path))

    @cached_property
    def categories(self) -> frozenset[str]:  # type: ignore[override]
        return _class_list(self._files[0]) or frozenset(
            symbol.name for page in self for symbol in page.symbols
        )

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, i: int) -> Page:
        width, height = self._size(i)
        symbols = tuple(Symbol(node.name, node.box) for node in self.notation(i))
        return Page(width, height, symbols, self.staves(i), source=f"{self._files[i].stem}.png")

    def core_names(self, i: int) -> list[str | None]:
        """Told also by what a symbol belongs to: a digit by its metre or tuplet."""
        notation, space = self.notation(i), self.staff_space(i) or 1.0
        return [core_name(node, notation, space) for node in notation]

    def instances(self, i: int) -> NDArray[np.int32]:
        """As the masks have it; where they overlap, the smaller symbol is on top."""
        width, height = self._size(i)
        page = np.zeros((height, width), np.int32)
        numbered = enumerate(self.notation(i), start=1)
        with self._naming(i):
            for number, node in sorted(numbered, key=lambda n: -n[1].width * n[1].height):
                page[node.window][node.mask] = number
        return page

    def _size(self, i: int) -> tuple[int, int]:
        """Width and height of page `i`: of its image, else as published."""
        if found := _image_file(self.path, self._files[i]):
            with Image.open(found) as image:
                return image.size
        return _size(self.notation(i))

    def staves(self, i: int) -> tuple[Staff, ...]:
        """The staves of page `i`, rebuilt from the masks of their lines."""
        with self._naming(i):
            return staves_of(self.notation(i))

    @contextmanager
    def _naming(self, i: int) -> Iterator[None]:
        """Name the file of page `i` where one of its masks is broken."""
        try:
            yield
        except InputError as error:
            raise InputError(f"{self._files[i]}: {error}; get it again") from error

    def notation(self, i: int) -> Notation:
        """Page `i` as a graph: symbols with masks and relationships."""
        if self._notation is None or self._notation[0] != i:
            notation = read_mung(self._files[i])
            self._notation = i, in_version_2(notation) if "_1." in notation.dataset else notation
        return self._notation[1]

    def image(self, i: int) -> NDArray[np.uint8]:
        """The page: CVC-MUSCIMA's image where it is at hand, else the ink of the masks."""
        if _image_file(self.path, self._files[i]):
            grey = super().image(i)
            return 255 - grey if grey.mean() < 128 else grey  # CVC-MUSCIMA is white on black
        with self._naming(i):
            return painted(self.notation(i))

    def image_file(self, i: int) -> Path:
        """CVC-MUSCIMA's image, else the annotation that the page is rebuilt from."""
        return _image_file(self.path, self._files[i]) or self._files[i]

    def _staff_space(self, i: int) -> float | None:
        spaces = [staff.space for staff in self.staves(i)]
        return float(np.median(spaces)) if spaces else super()._staff_space(i)


# --- files ------------------------------------------------------------------------------------------


def _archive(path: Path) -> Path | None:
    """The dataset's archive: `path` itself or in the folder `path`."""
    candidates = [path] if path.is_file() else sorted(path.glob("*"))
    return next(
        (file for file in candidates if "muscima" in file.name.lower() and archive.is_archive(file)), None
    )


def _mung_files(path: Path) -> list[Path]:
    """The MuNG files at or below `path`, by name."""
    if path.is_file():
        return [path] if path.suffix == ".xml" and is_mung(path) else []
    for pattern in _FOLDERS:
        for folder in sorted(path.glob(pattern)) if pattern else [path]:
            files = sorted(folder.glob("*.xml"))
            if files and is_mung(files[0]):
                return files
    return []


def _files(path: Path) -> list[Path]:
    if files := _mung_files(path):
        return files
    packed = _archive(path)
    if packed and (files := _mung_files(archive.unpacked(packed))):
        return files
    raise InputError(f"{packed or path}: has no MuNG files in data/annotations; get MUSCIMA++ again")


def _image_file(path: Path, annotation: Path) -> Path | None:
    writer, piece = _writer_and_piece(annotation.stem) or ("", "")
    where = {
        "folder": annotation.parent,
        "document": annotation.stem,
        "path": path if path.is_dir() else path.parent,
        "writer": writer,
        "piece": piece,
    }
    return next((file for pattern in _IMAGES if (file := Path(pattern.format(**where))).is_file()), None)


def _class_list(annotation: Path) -> frozenset[str]:
    """The names of the published list of classes, where it lies in its place beside the data."""
    folders = list(annotation.parents)[1:3]
    listed = [file for folder in folders for file in folder.glob("specifications/*mlclasses-annot.xml")]
    return frozenset(text_of(entry, "Name") for file in listed[:1] for entry in read_xml(file))


# --- what is known of the pages ---------------------------------------------------------------------


def _writer_and_piece(document: str) -> tuple[str, str] | None:
    found = re.search(r"W-(\d\d)_N-(\d\d)", document)
    return (found[1], found[2]) if found else None


@cache
def _table() -> dict[tuple[str, str] | None, Facts]:
    text = resources.files("omr.datasets").joinpath("muscima_pages.tsv").read_text(encoding="utf-8")
    return {
        _writer_and_piece(row["page"]): Facts(
            int(row["width"]),
            int(row["height"]),
            frozenset(prefix + row[column] for column, prefix in _LISTS.items()),
        )
        for row in csv.DictReader(text.splitlines(), delimiter="\t")
    }


def _facts(document: str) -> Facts | None:
    return _table().get(_writer_and_piece(document))


def _size(notation: Notation) -> tuple[int, int]:
    """Width and height of a page: the published ones, else so much as its symbols take."""
    right = max((node.left + node.width for node in notation), default=1)
    bottom = max((node.top + node.height for node in notation), default=1)
    known = _facts(notation.document)
    return (max(known.width, right), max(known.height, bottom)) if known else (right, bottom)


# --- what the graph tells ---------------------------------------------------------------------------


def painted(notation: Notation) -> NDArray[np.uint8]:
    """The page (height, width) with the ink of all masks, black on white."""
    width, height = _size(notation)
    page = np.full((height, width), 255, np.uint8)
    for node in notation:
        if node.name not in NO_INK:
            page[node.window][node.mask] = 0
    return page


def staves_of(notation: Notation) -> tuple[Staff, ...]:
    """The staves, rebuilt from the masks of their lines; from top to bottom."""
    staves = []
    for node in notation:
        if node.name == "staff":
            lines = [child for child in notation.children(node) if child.name == "staffLine"]
            if len(lines) >= 2:
                staves.append(_staff(sorted(lines, key=lambda line: line.top + line.height / 2)))
    return tuple(sorted(staves, key=lambda staff: float(staff.ys.mean())))


def _staff(lines: list[Node]) -> Staff:
    """A staff through the middle of its lines' ink, at every 32nd pixel or so."""
    left, right = max(line.left for line in lines), min(line.left + line.width for line in lines)
    xs = np.linspace(left, max(right - 1, left + 1), max(2, round((right - left) / 32)))
    return Staff(xs, np.array([_course(line, xs) for line in lines]))


def _course(line: Node, xs: NDArray[np.float64]) -> NDArray[np.float64]:
    """The y of the middle of a line's ink at `xs`."""
    mask = line.mask
    thick = mask.sum(axis=0)
    columns = np.flatnonzero(thick)
    middles = (mask.T @ np.arange(0.5, line.height))[columns] / thick[columns]
    return line.top + np.interp(xs, line.left + 0.5 + columns, middles)
