"""DeepScoresV2, as published and as `omr engrave` writes it.

L. Tuggener, Y. P. Satyawan, A. Pacha, J. Schmidhuber, T. Stadelmann, "The
DeepScoresV2 Dataset and Benchmark for Music Object Detection", ICPR 2020: a
JSON file a split with categories, images and annotations, and a folder of page
images. Of its two sets of names the reader takes "deepscores". The other, the
"muscima++" compatibility set, sends ordinary black and half noteheads to the
*small* classes; neither has barlines.

Boxes are given as published. On the published sample page (staff space 23 px)
they lie above their ink, by 2.4 px at its top and 1.2 px at its bottom: a box
that fits the ink of a ledger line, 4.5 px high, has an IoU of .3 to .6 there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from omr.errors import InputError
from omr.images import load_pages
from omr.page import Box, Page, Symbol
from omr.staves import staff_space
from omr.vocabulary import Names

COLOUR = re.compile(r"instance:#([0-9a-fA-F]{6});")
"""How an annotation's comments name the colour of its symbol in the instance picture."""


class DeepScores:
    """One split of a dataset in DeepScoresV2's format.

    Parameters
    ----------
    path : Path
        The dataset's folder or one of its JSON files.
    split : str, optional
        Where the folder has several: ``deepscores_<split>.json`` is read.

    Raises
    ------
    InputError
        When files are missing or not what they should be.
    """

    looks_like: ClassVar[str] = "DeepScoresV2 (deepscores_train.json beside a folder images)"
    names: Names = "deepscores"

    def __init__(self, path: Path, split: str | None = None) -> None:
        self.path = path
        self.file = _annotation_file(path, split)
        content = _read(self.file)
        try:
            kept = {
                key: category["name"]
                for key, category in content["categories"].items()
                if category["annotation_set"] == "deepscores"
            }
            self.categories = frozenset(kept.values())
            self._images: list[dict[str, Any]] = content["images"]
            self._pages = [_page(entry, content["annotations"], kept) for entry in self._images]
            self._colours = [_colours(entry, content["annotations"], kept) for entry in self._images]
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise InputError(
                f"{self.file}: not in DeepScoresV2's format (at {error}); download or engrave it again"
            ) from error

    @staticmethod
    def finds(path: Path) -> bool:
        return bool(_candidates(path))

    def __len__(self) -> int:
        return len(self._pages)

    def __getitem__(self, i: int) -> Page:
        return self._pages[i]

    def image(self, i: int) -> NDArray[np.uint8]:
        return next(load_pages(self.file.parent / "images" / self._pages[i].source)).grey

    def instances(self, i: int) -> NDArray[np.int32] | None:
        """Which symbol each pixel belongs to, from the page's picture in the folder ``instance``."""
        picture = self.file.parent / "instance" / f"{Path(self._pages[i].source).stem}_inst.png"
        colours = self._colours[i]
        if colours is None or not picture.is_file():
            return None
        return _numbers(picture, colours)

    def staff_space(self, i: int) -> float | None:
        entry = self._images[i]
        if "staff_space" not in entry:  # measured once: every crop of a page asks
            entry["staff_space"] = staff_space(self.image(i))
        known = entry["staff_space"]
        return float(known) if known else None


def _candidates(path: Path) -> list[Path]:
    if path.is_file():
        return [path] if path.suffix == ".json" else []
    return sorted(path.glob("deepscores*.json"))


def _annotation_file(path: Path, split: str | None) -> Path:
    """The one JSON file that is meant."""
    found = _candidates(path)
    if split is not None and path.is_dir():
        found = [file for file in found if file.stem.endswith(f"_{split}")]
    if not found:
        raise InputError(f"{path}: no deepscores_{split}.json here; give another split or folder")
    if len(found) > 1:
        choices = ", ".join(file.stem.removeprefix("deepscores_") for file in found)
        raise InputError(f"{path}: has several splits; name one of {choices}")
    return found[0]


def _read(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_bytes())
    except OSError as error:
        raise InputError(f"{file}: can't be read ({error.strerror})") from error
    except ValueError as error:
        raise InputError(f"{file}: is not whole JSON ({error}); download or engrave it again") from error
    if not isinstance(content, dict):
        raise InputError(f"{file}: not in DeepScoresV2's format; expected an object at its top")
    return content


def _symbols(
    entry: dict[str, Any], annotations: dict[str, Any], categories: dict[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The name and the annotation of each symbol of a page."""
    for number in entry["ann_ids"]:
        for key in annotations[number]["cat_id"]:
            if key in categories:
                yield categories[key], annotations[number]


def _page(entry: dict[str, Any], annotations: dict[str, Any], categories: dict[str, str]) -> Page:
    symbols = [
        Symbol(name, Box(*map(float, annotation["a_bbox"])))
        for name, annotation in _symbols(entry, annotations, categories)
    ]
    return Page(int(entry["width"]), int(entry["height"]), tuple(symbols), source=entry["filename"])


def _colours(
    entry: dict[str, Any], annotations: dict[str, Any], categories: dict[str, str]
) -> NDArray[np.int32] | None:
    """The colour, 0xRRGGBB, of each symbol of a page in its instance picture; None where one has none."""
    comments = (str(a.get("comments", "")) for _, a in _symbols(entry, annotations, categories))
    found = [COLOUR.search(comment) for comment in comments]
    return np.array([int(colour[1], 16) for colour in found if colour], np.int32) if all(found) else None


def _numbers(picture: Path, colours: NDArray[np.int32]) -> NDArray[np.int32]:
    """A picture's colours as numbers from 1, by their place in `colours`; 0 for any other."""
    with Image.open(picture) as opened:
        pixels = np.asarray(opened.convert("RGB").convert("RGBA")).view("<u4")[..., 0]
    painted = np.nonzero(pixels & 0xFFFFFF)
    red_last = pixels[painted].astype(np.int32)  # bytes R, G, B and alpha, the least significant first
    colour = (red_last & 0xFF) << 16 | red_last & 0xFF00 | red_last >> 16 & 0xFF
    numbers = np.zeros(pixels.shape, np.int32)
    if not len(colours):
        return numbers
    order = np.argsort(colours, kind="stable")
    place = order[np.searchsorted(colours, colour, sorter=order).clip(max=len(order) - 1)]
    numbers[painted] = np.where(colours[place] == colour, place + 1, 0)
    return numbers
