"""DOTA's text: a line a symbol, with the four corners of its oriented box, its class and its difficulty.

G.-S. Xia et al., "DOTA: A Large-Scale Dataset for Object Detection in Aerial Images", CVPR 2018: the folder
``labelTxt`` beside ``images``, in the dataset's folder or in one folder for each split. Lines without eight
numbers ("imagesource:...", "gsd:...") are about the image. The published sample of DeepScoresV2 has its
oriented boxes in this form, each of them six times; lines that repeat an earlier one are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from omr.datasets.base import Dataset, vocabulary_of
from omr.errors import InputError
from omr.page import Box, Page, Symbol

LABELS, IMAGES = "labelTxt", "images"
"""Folders of the annotations and of the pictures."""

HEADER = ("imagesource:", "gsd:")
"""Starts of lines about the image, as DOTA has them before the symbols."""

LOOKED_AT = 50
"""Files that are read to find the vocabulary of a dataset."""

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".bmp")
"""Ends of the names of pictures; the first that is there is taken."""


class Labelled(NamedTuple):
    """A line of a file.

    Attributes
    ----------
    corners : tuple of eight floats
        x and y in pixels of each corner, as published.
    name : str
        The class.
    difficult : bool
        Whether the annotator found the symbol hard to make out.
    """

    corners: tuple[float, ...]
    name: str
    difficult: bool

    @property
    def symbol(self) -> Symbol:
        """The symbol with the upright box around the corners."""
        x, y = self.corners[::2], self.corners[1::2]
        return Symbol(self.name, Box(min(x), min(y), max(x), max(y)))


class Dota(Dataset):
    """Read oriented boxes from ``labelTxt``, with the upright box around each.

    Difficult symbols are ignore regions, as in DOTA's own evaluation.

    Parameters
    ----------
    path : str or Path
        The dataset's folder, a split's folder or the folder ``labelTxt``.
    split : str, optional
        A folder of the dataset that has a folder ``labelTxt``.

    Raises
    ------
    InputError
        When files are missing or broken, or there is no such split.
    """

    looks_like: ClassVar[str] = "DOTA (labelTxt/*.txt beside images)"

    def __init__(self, path: str | Path, split: str | None = None) -> None:
        super().__init__(path, split)
        folders = _label_folders(self.path)
        whole = _labels_of(self.path) is not None
        self.splits = () if whole else tuple(folder.parent.name for folder in folders)
        if split is not None:
            if split not in self.splits:
                raise self._no_split(split)
            folders = [folder for folder in folders if folder.parent.name == split]
        self._files = [file for folder in folders for file in sorted(folder.glob("*.txt"))]
        some = {line.name for file in islice(self._files, LOOKED_AT) for line in _read(file)}
        self.names = vocabulary_of(frozenset(some))

    @classmethod
    def finds(cls, path: Path) -> bool:
        """Tell whether a path has DOTA's text."""
        return bool(_label_folders(path))

    @cached_property
    def categories(self) -> frozenset[str]:  # type: ignore[override]
        """All the names in use: the format has no list of classes."""
        return frozenset(line.name for file in self._files for line in _read(file))

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, i: int) -> Page:
        image = self.image_file(i)
        with Image.open(image) as opened:
            width, height = opened.size
        lines = list(_read(self._files[i]))
        return Page(
            width,
            height,
            tuple(line.symbol for line in lines if not line.difficult),
            source=image.name,
            vocabulary=self.names,
            crowds=tuple(line.symbol for line in lines if line.difficult),
        )

    def oriented(self, i: int) -> NDArray[np.float64]:
        """Read the oriented boxes of a page.

        Parameters
        ----------
        i : int

        Returns
        -------
        array (n, 4, 2)
            The four corners, x and y in pixels, of each of its symbols, as published.
        """
        corners = [line.corners for line in _read(self._files[i]) if not line.difficult]
        return np.array(corners, np.float64).reshape(-1, 4, 2)

    def image_file(self, i: int) -> Path:
        """Find the picture of a page."""
        file = self._files[i]
        folder = file.parent.parent / IMAGES
        places = (folder / f"{file.stem}{suffix}" for suffix in SUFFIXES)
        found = next((place for place in places if place.is_file()), None)
        if found is None:
            raise InputError(f"{file}: has no image in {folder}; get the images as well")
        return found


def _labels_of(folder: Path) -> Path | None:
    """Find the annotations of a folder: itself, where it is called so, or the folder in it."""
    own = folder if folder.name == LABELS else folder / LABELS
    return own if own.is_dir() and any(own.glob("*.txt")) else None


def _label_folders(path: Path) -> list[Path]:
    """List the folders of annotations: that of the whole, or else that of each split, by name."""
    if not path.is_dir():
        return []
    if (whole := _labels_of(path)) is not None:
        return [whole]
    splits = (folder / LABELS for folder in sorted(path.iterdir()) if folder.is_dir())
    return [labels for labels in splits if _labels_of(labels) is not None]


def _read(file: Path) -> Iterator[Labelled]:
    """Read the lines of a file, each once."""
    known: set[Labelled] = set()
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith(HEADER):
            continue
        try:
            *numbers, name, difficult = line.split()
            x0, y0, x1, y1, x2, y2, x3, y3 = map(float, numbers)
            labelled = Labelled((x0, y0, x1, y1, x2, y2, x3, y3), name, bool(int(difficult)))
        except ValueError as error:
            raise InputError(
                f"{file}: line {number} is not a DOTA label ({error}); write it again"
            ) from error
        if labelled not in known:
            known.add(labelled)
            yield labelled
