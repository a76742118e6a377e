"""DeepScoresV2, dense and complete, as published and as `omr engrave` writes it.

L. Tuggener, Y. P. Satyawan, A. Pacha, J. Schmidhuber, T. Stadelmann, "The
DeepScoresV2 Dataset and Benchmark for Music Object Detection", ICPR 2020: JSON
files with categories, images and annotations, one for each split (dense) or many (complete:
``deepscores-complete-0_train.json`` and so on), beside folders of images, segmentations and
instances. Of its two sets of names, "deepscores" is read unless the other is asked for. The
other one, the "muscima++" compatibility set, puts ordinary black and half noteheads into the
*small* classes; neither set has barlines.

Boxes are given as published. On the published sample page (staff space 23 px)
they lie above their ink, by 2.4 px at its top and 1.2 px at its bottom: a box
that fits the ink of a ledger line, 4.5 px high, has an IoU of .3 to .6 there.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from omr.datasets.annotation_index import AnnotationFiles, AnnotationIndex, Links
from omr.datasets.base import Dataset
from omr.errors import InputError
from omr.page import Box, Page, Symbol
from omr.vocabulary import Names

_COLOUR = re.compile(r"instance:#([0-9a-fA-F]{6});")
"""The colour of a symbol in the instance picture, as the comments of its annotation name it."""

_SETS: dict[str, Names] = {"deepscores": "deepscores", "muscima++": "muscima"}
"""The vocabularies of the published sets of names; "muscima++" has nearly the names of MUSCIMA++."""


class DeepScores(Dataset):
    """Read a dataset in DeepScoresV2's format, or one of its splits.

    Parameters
    ----------
    path : str or Path
        The dataset's folder or one of its JSON files.
    split : str, optional
        The end of the names of its files: "train", "test".
    annotation_set : str, optional
        The set of names that the symbols get, "deepscores" or "muscima++" in the published files;
        symbols without a name there are left out. Without it "deepscores" where the files have
        that set, else the first that they have.

    Raises
    ------
    InputError
        When files are missing or broken.
    """

    looks_like: ClassVar[str] = "DeepScoresV2 (deepscores_train.json beside a folder images)"

    def __init__(self, path: str | Path, split: str | None = None, annotation_set: str | None = None) -> None:
        super().__init__(path, split)
        files = _candidates(self.path)
        self.splits = tuple(sorted({_split_of(file) for file in files}))
        if split is not None:
            if split not in self.splits:
                raise self._no_split(split)
            files = [file for file in files if _split_of(file) == split]
        self._pages = AnnotationFiles(list(files), Links(of_image="ann_ids"))
        self._indices = self._pages.indices
        chosen = _chosen(self._indices[0], annotation_set)
        self.names = _SETS.get(chosen, "core")
        self._kept = [_categories(index, chosen) for index in self._indices]
        self.categories = frozenset(name for kept in self._kept for name in kept.values())

    @classmethod
    def finds(cls, path: Path) -> bool:
        """Tell whether a path has DeepScoresV2 files."""
        return bool(_candidates(path))

    def __len__(self) -> int:
        return len(self._pages)

    def __getitem__(self, i: int) -> Page:
        shard, entry = self._entry(i)
        file = self._indices[shard].file
        try:
            symbols = [
                Symbol(self._kept[shard][key], Box(*map(float, annotation["a_bbox"])))
                for annotation, key in self._annotations(i)
            ]
            width, height = int(entry["width"]), int(entry["height"])
            return Page(width, height, tuple(symbols), source=entry["filename"], vocabulary=self.names)
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"{file}: page {i} is not in DeepScoresV2's format (at {error}); download or engrave it again"
            ) from error

    def oriented(self, i: int) -> NDArray[np.float64]:
        """Read the oriented boxes of a page.

        Parameters
        ----------
        i : int

        Returns
        -------
        array (n, 4, 2)
            The four corners, x and y in pixels, of each of its symbols.
        """
        corners = [annotation["o_bbox"] for annotation, _ in self._annotations(i)]
        return np.array(corners, np.float64).reshape(-1, 4, 2)

    def image_file(self, i: int) -> Path:
        """Find the picture of a page."""
        return self._beside(i, "images", "")

    def segmentation(self, i: int) -> NDArray[np.uint8]:
        """Read the published segmentation of a page.

        Parameters
        ----------
        i : int

        Returns
        -------
        array (height, width) of uint8
            The class of each pixel by the `color` of its category; 0 is none.

        Raises
        ------
        InputError
            When the file is missing.
        """
        return np.array(Image.open(self._beside(i, "segmentation", "_seg")).convert("L"))

    def instances(self, i: int) -> NDArray[np.int32] | None:
        """Read the symbol of each pixel of page `i` from ``instance``; see `Dataset.instances`."""
        comments = (str(annotation.get("comments", "")) for annotation, _ in self._annotations(i))
        colours = [_COLOUR.search(comment) for comment in comments]
        try:
            picture = self._beside(i, "instance", "_inst")
        except InputError:
            return None
        known = np.array([int(colour[1], 16) for colour in colours if colour], np.int32)
        return _numbers(picture, known) if len(known) == len(colours) else None

    def piece(self, i: int) -> str:
        """Name the piece of page `i`, which `omr engrave` knows. See `Dataset.piece`."""
        return str(self._entry(i)[1].get("piece") or super().piece(i))

    def _staff_space(self, i: int) -> float | None:
        known = self._entry(i)[1].get("staff_space")  # `omr engrave` knows it
        return float(known) if known else super()._staff_space(i)

    def _entry(self, i: int) -> tuple[int, dict[str, Any]]:
        """Find the file that holds page `i`, and its entry."""
        shard, number = self._pages.place(i)
        return shard, self._indices[shard].image(number)

    def _annotations(self, i: int) -> list[tuple[dict[str, Any], str]]:
        """List the annotations of page `i` that have a category in the chosen set, with its key."""
        shard, number = self._pages.place(i)
        return [
            (annotation, key)
            for annotation in self._indices[shard].annotations(number)
            for key in map(str, annotation["cat_id"])
            if key in self._kept[shard]
        ]

    def _beside(self, i: int, folder: str, suffix: str) -> Path:
        """Find the file of page `i` in a folder beside the annotations."""
        shard, entry = self._entry(i)
        name = Path(str(entry["filename"]))
        file = self._indices[shard].file.parent / folder / f"{name.stem}{suffix}{name.suffix}"
        if not file.is_file():
            raise InputError(f"{file}: no such file; it is part of the published dataset")
        return file


def _candidates(path: Path) -> list[Path]:
    """List the JSON files at `path`, shards in the order of their numbers."""
    if path.is_file():
        return [path] if path.suffix == ".json" and _is_deepscores(path) else []
    return sorted(path.glob("deepscores*.json"), key=_numbered)


def _numbered(file: Path) -> list[int | str]:
    """Give a key that sorts the numbers in file names as numbers."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", file.name)]


def _is_deepscores(file: Path) -> bool:
    """Tell DeepScoresV2 by its name or its first lines; COCO's files end in .json as well."""
    with file.open("rb") as content:
        return file.name.startswith("deepscores") or b'"annotation_sets"' in content.read(4096)


def _split_of(file: Path) -> str:
    """Name the split of a file."""
    return file.stem.rpartition("_")[2]


def _chosen(index: AnnotationIndex, wanted: str | None) -> str:
    """Choose the annotation set that is read."""
    there = [str(name) for name in index.header.get("annotation_sets") or ["deepscores"]]
    if wanted is None:
        return "deepscores" if "deepscores" in there else there[0]
    if wanted not in there:
        raise InputError(f"{index.file}: no annotation set {wanted!r}; there are {', '.join(there)}")
    return wanted


def _categories(index: AnnotationIndex, annotation_set: str) -> dict[str, str]:
    """Read the names of an annotation set by their keys."""
    try:
        return {
            key: category["name"]
            for key, category in index.header["categories"].items()
            if category["annotation_set"] == annotation_set
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{index.file}: not in DeepScoresV2's format (at {error}); download or engrave it again"
        ) from error


def _numbers(picture: Path, colours: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the place (from 1) of each pixel's colour in `colours`; 0 for other colours."""
    with Image.open(picture) as opened:
        red, green, blue = np.moveaxis(np.asarray(opened.convert("RGB"), np.int32), -1, 0)
    painted = np.nonzero(red | green | blue)
    colour = (red << 16 | green << 8 | blue)[painted]
    numbers = np.zeros(red.shape, np.int32)
    if len(colours):
        order = np.argsort(colours, kind="stable")
        place = order[np.searchsorted(colours, colour, sorter=order).clip(max=len(order) - 1)]
        numbers[painted] = np.where(colours[place] == colour, place + 1, 0)
    return numbers
