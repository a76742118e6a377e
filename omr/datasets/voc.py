"""Pascal VOC, and DeepScores V1, which came in much the same form.

M. Everingham et al., "The Pascal Visual Object Classes (VOC) Challenge", IJCV
2010: an XML file an image, boxes in whole pixels, the first pixel being 1 and
the last one included. L. Tuggener et al., "DeepScores: A Dataset for
Segmentation, Detection and Classification of Tiny Objects", ICPR 2018: the
same with boxes as fractions of the page.
"""

from __future__ import annotations

import csv
import re
from functools import cached_property
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import ClassVar

import numpy as np
from lxml import etree
from numpy.typing import NDArray
from PIL import Image

from omr.datasets.base import Dataset, vocabulary_of
from omr.datasets.xmlfile import read_xml, text_of
from omr.errors import InputError
from omr.files import inside
from omr.page import Box, Page, Symbol
from omr.vocabulary import Names, to_core

_LOOKED_AT = 50
"""Files that are read to find the vocabulary of a dataset."""

_SUFFIXES = (".jpg", ".png", ".jpeg", ".JPG", ".PNG", ".tif")


class PascalVoc(Dataset):
    """Read a folder with ``Annotations``, ``JPEGImages`` and ``ImageSets/Main``, or with XML files alone.

    Parameters
    ----------
    path : str or Path
    split : str, optional

    Raises
    ------
    InputError
        When files are missing or broken, or there is no such split.
    """

    looks_like: ClassVar[str] = "Pascal VOC (Annotations/*.xml beside JPEGImages)"
    annotation_folders: ClassVar[tuple[str, ...]] = ("Annotations", "annotations", "")
    image_folders: ClassVar[tuple[str, ...]] = ("JPEGImages", "images", "Annotations", "annotations", "")
    list_patterns: ClassVar[tuple[str, ...]] = ("ImageSets/Main/*.txt",)

    def __init__(self, path: str | Path, split: str | None = None) -> None:
        super().__init__(path, split)
        self._root = self.path if self.path.is_dir() else self.path.parent
        self._files = self._annotations(self.path)
        lists = {list_.stem.removesuffix("_names"): list_ for list_ in self._lists()}
        self.splits = tuple(lists)
        if split is not None:
            if split not in lists:
                raise self._no_split(split)
            self._files = self._listed(lists[split])
        some = {s.name for page in islice(self, _LOOKED_AT) for s in page.symbols}
        self.names = self._vocabulary(some)

    @classmethod
    def _annotations(cls, path: Path) -> list[Path]:
        """List the annotation files at or below `path`, by name."""
        if path.is_file():
            return [path] if path.suffix == ".xml" and _starts_like_voc(path) else []
        for folder in cls.annotation_folders:
            files = sorted((path / folder).glob("*.xml"))
            if files and _starts_like_voc(files[0]):
                return files
        return []

    @classmethod
    def finds(cls, path: Path) -> bool:
        """Tell whether a path has Pascal VOC annotations."""
        return bool(cls._annotations(path))

    def _vocabulary(self, names: set[str]) -> Names:
        """Find the vocabulary of some names."""
        return vocabulary_of(frozenset(names))

    def _lists(self) -> list[Path]:
        """List the lists of images, one for each split; VOC's lists by class are left out."""
        found = [file for pattern in self.list_patterns for file in sorted(self._root.glob(pattern))]
        return [file for file in found if "_" not in file.stem or file.stem.endswith("_names")]

    def _listed(self, names: Path) -> list[Path]:
        """List the annotation files that a list names: a stem a line, or a number and a stem in CSV."""
        rows = [row for row in csv.reader(names.read_text(encoding="utf-8").splitlines()) if row]
        stems = [re.sub(r"\.(png|jpg|xml|svg)$", "", row[-1].split()[0]) for row in rows]
        by_stem = {file.stem: file for file in self._files}
        files = [by_stem[stem] for stem in stems if stem in by_stem]
        if not files:
            raise InputError(f"{names}: none of its {len(stems)} pages is there; get the annotations as well")
        return files

    @cached_property
    def categories(self) -> frozenset[str]:  # type: ignore[override]
        """All the names in use: the format has no list of classes."""
        return frozenset(symbol.name for page in self for symbol in page.symbols)

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, i: int) -> Page:
        file = self._files[i]
        root = read_xml(file)
        try:
            width, height = (int(text_of(_child(root, "size"), key)) for key in ("width", "height"))
            symbols = [self._symbol(element, width, height) for element in root.iter("object")]
        except (KeyError, ValueError) as error:
            raise InputError(f"{file}: is not Pascal VOC (at {error}); get it again") from error
        return Page(width, height, tuple(symbols), source=self._source(root, file), vocabulary=self.names)

    def _symbol(self, element: etree._Element, width: int, height: int) -> Symbol:
        """Read an object on a page of that size, in pixels."""
        x0, y0, x1, y1 = _corners(element)
        return Symbol(text_of(element, "name"), Box(x0 - 1, y0 - 1, x1, y1))

    def _source(self, root: etree._Element, file: Path) -> str:
        """Name the image of a page."""
        return (root.findtext("filename") or "").strip() or f"{file.stem}.png"

    def image_file(self, i: int) -> Path:
        """Find the picture of a page."""
        file = self._files[i]
        named = self[i].source
        names = [named, *(f"{file.stem}{suffix}" for suffix in _SUFFIXES)]
        places = [
            inside(self._root, f"{folder or '.'}/{name}") for folder in self.image_folders for name in names
        ]
        found = next((place for place in places if place.is_file() and place.suffix in _SUFFIXES), None)
        if found is None:
            raise InputError(f"{file}: its image {named} is not in {self._root / self.image_folders[0]}")
        return found


class DeepScoresV1(PascalVoc):
    """Read DeepScores V1: synthetic pages, their 300 dpi scans or their photos.

    A folder with ``xml_annotations``, ``images_png`` and ``pix_annotations_png``, or one with
    these in ``segmentation_detection``; splits from ``train_val_test/*.txt`` or
    ``train_names.csv`` and ``test_names.csv``.

    Parameters
    ----------
    path : str or Path
    split : str, optional

    Raises
    ------
    InputError
        When files are missing or broken, or there is no such split.
    """

    looks_like: ClassVar[str] = "DeepScores V1 (xml_annotations/*.xml beside images_png)"
    annotation_folders: ClassVar[tuple[str, ...]] = (
        "xml_annotations",
        "segmentation_detection/xml_annotations",
        "",
    )
    image_folders: ClassVar[tuple[str, ...]] = ("images_png", "segmentation_detection/images_png", "")
    list_patterns: ClassVar[tuple[str, ...]] = ("train_val_test/*.txt", "*_names.csv")

    @classmethod
    def finds(cls, path: Path) -> bool:
        """Tell whether a path has DeepScores V1 annotations, whose boxes are fractions of the page."""
        files = cls._annotations(path)
        return bool(files) and _has_fractions(files[0])

    def _vocabulary(self, names: set[str]) -> Names:
        return "deepscores"

    def core_names(self, i: int) -> list[str | None]:
        """Name the symbols of page `i`; V1 has a few names of its own. See `Dataset.core_names`."""
        names = (symbol.name.removesuffix("Change") for symbol in self[i].symbols)
        return [to_core(_V1.get(name, name), self.names) for name in names]

    def _symbol(self, element: etree._Element, width: int, height: int) -> Symbol:
        x0, y0, x1, y1 = _corners(element)
        return Symbol(text_of(element, "name"), Box(x0 * width, y0 * height, x1 * width, y1 * height))

    def _source(self, root: etree._Element, file: Path) -> str:
        return f"{file.stem}.png"  # the file names the SVG it was engraved as

    def segmentation(self, i: int) -> NDArray[np.uint8]:
        """Read the published segmentation of a page.

        Parameters
        ----------
        i : int

        Returns
        -------
        array (height, width) of uint8
            The number of the class of each pixel; 0 is none.

        Raises
        ------
        InputError
            When the file is missing.
        """
        stem = self._files[i].stem
        folders = ("pix_annotations_png", "segmentation_detection/pix_annotations_png", "")
        names = (f"{stem}.png", f"{stem}_seg.png", f"{stem}.pix_annotation.png")
        places = [self._root / folder / name for folder in folders for name in names]
        found = next((place for place in places if place.is_file()), None)
        if found is None:
            raise InputError(f"{places[0]}: no such file; it is part of the published dataset")
        return np.array(Image.open(found).convert("L"))


_V1 = {
    "gClef": "clefG",
    "fClef": "clefF",
    "cClefAlto": "clefCAlto",
    "cClefTenor": "clefCTenor",
    "unpitchedPercussionClef1": "clefUnpitchedPercussion",
}
"""Names of V1 that V2 replaced and that are not core names, with the core names or names of V2 for them."""


def _starts_like_voc(file: Path) -> bool:
    """Tell whether a file starts like VOC."""
    with file.open("rb") as content:
        return b"<annotation" in content.read(1000)


def _has_fractions(file: Path) -> bool:
    """Tell whether the boxes are fractions of the page, as V1's are."""
    with file.open("rb") as content:
        head = content.read(20_000)
    values = [part.split(b"<")[0] for part in head.split(b"<xmax>")[1:]]
    return bool(values) and all(
        b"." in value and value.strip().startswith((b"0", b"1.0")) for value in values
    )


def _child(element: etree._Element, name: str) -> etree._Element:
    """Find a child that must be there."""
    child = element.find(name)
    if child is None:
        raise KeyError(name)
    return child


def _corners(element: etree._Element) -> list[float]:
    """Read the corners of an object's box."""
    box = _child(element, "bndbox")
    corners = [float(text_of(box, key)) for key in ("xmin", "ymin", "xmax", "ymax")]
    if not all(map(isfinite, corners)):
        raise ValueError("a corner beyond any page")
    return corners
