"""Training crops: random cuts of pages at one staff space, varied and degraded when they are asked for."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from omr.datasets import Dataset
from omr.datasets.degrade import degrade
from omr.datasets.warp import random_warp
from omr.errors import InputError
from omr.images import resize
from omr.page import Box

IGNORED = -1
"""Label of an ignore region: a box in which there may be symbols that nobody named."""

_BY_CLASS = 0.5
"""Part of the crops that are centred near a symbol of a class drawn evenly from all classes."""

_ANYWHERE = 0.1
"""Part of the crops that are centred anywhere on the page."""

_EDGE = 0.1
"""Part of a crop's side that its chosen point stays away from the edge."""


class Crops:
    """Supply endless crops, each a function of the seed and its number alone.

    Half of the crops are centred near a symbol of a class drawn evenly from all classes, so that
    rare symbols are seen often. Four tenths are centred near any symbol, and a tenth anywhere on
    the page, where there are titles and stamps. Of the first half, half may be kept for classes
    to oversample.

    Parameters
    ----------
    datasets : sequence of Dataset
        Pages are drawn evenly from all of them together. Names are mapped to the core vocabulary.
    classes : sequence of str
        The core classes to learn; symbols of other classes are left out.
    space : float
        Staff space of the crops, in pixels.
    size : int
        Height and width of the crops, in pixels, unless a crop is asked for in another size.
    seed : int
    scale : (float, float)
        Range of factors by which the staff space of a crop differs from `space`.
    strength : float
        Of the degradation, 0 (clean) to 1 (the usual mix).
    stretch : float
        Greatest ratio of width to height, or of height to width, that a crop is distorted by, as
        the glyphs of other fonts are.
    oversample : sequence of str
        Core classes that a quarter of the crops are centred near; empty for no such quarter.

    Raises
    ------
    InputError
        When the datasets hold no symbol of `classes`, or none of one class of `oversample`.
    """

    def __init__(
        self,
        datasets: Sequence[Dataset],
        classes: Sequence[str],
        space: float,
        size: int,
        seed: int,
        scale: tuple[float, float] = (0.8, 1.25),
        strength: float = 1.0,
        stretch: float = 1.12,
        oversample: Sequence[str] = (),
    ) -> None:
        self.pages = [(dataset, i) for dataset in datasets for i in range(len(dataset))]
        self.space, self.size, self.seed, self.strength = space, size, seed, strength
        self.scale, self.stretch = scale, stretch
        number = {name: i for i, name in enumerate(classes)}
        self.boxes: list[NDArray[np.float32]] = []
        self.labels: list[NDArray[np.int64]] = []
        self.members: list[NDArray[np.int64]] = []  # the index of each box's symbol on its page; -1 for none
        for dataset, i in self.pages:
            known = [
                (number[name], symbol.box, member)
                for member, (name, symbol) in enumerate(
                    zip(dataset.core_names(i), dataset[i].symbols, strict=True)
                )
                if name in number
            ]
            regions = dataset.ignore_regions(i)
            known += [(IGNORED, box, -1) for box in map(Box._make, regions.tolist())]
            self.boxes.append(np.array([box for _, box, _ in known], np.float32).reshape(-1, 4))
            self.labels.append(np.array([label for label, _, _ in known], np.int64))
            self.members.append(np.array([member for _, _, member in known], np.int64))
        self.places = _places(self.labels)
        if not self.places:
            raise InputError(f"{datasets[0].path}: no symbol of a known class; is this the right dataset?")
        for name in oversample:
            if number.get(name) not in self.places:
                raise InputError(f"{datasets[0].path}: no {name} to oversample; see `omr dataset info`")
        self.oversampled = [number[name] for name in oversample]
        self._images: dict[int, tuple[tuple[int, ...], bytes]] = {}

    def crop(
        self, k: int, size: int | None = None
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.int64]]:
        """Cut a crop.

        Parameters
        ----------
        k : int
            Number of the crop, from 0.
        size : int, optional
            Height and width in pixels, where not the usual one.

        Returns
        -------
        image : array (size, size) of uint8
            0 is black.
        boxes : array (n, 4) of float32
            x0, y0, x1, y1 in pixels of the crop.
        labels : array (n,) of int64
            Indices of `classes`; `IGNORED` for ignore regions, which are last.
        """
        size = size or self.size
        rng = np.random.default_rng([self.seed, k])
        page, corner, span = self._view(rng, size)
        image = resize(_cut(self._image(page), corner, span, 255), (size, size))
        boxes, seen = self._seen(page, corner, span, size)
        if self.strength > 0:
            image, boxes = degrade(image, boxes, rng, self.strength)
        return image, boxes.astype(np.float32), self.labels[page][seen]

    def instances(self, k: int, size: int | None = None) -> NDArray[np.int32] | None:
        """Map the pixels of a crop to its symbols.

        Only detectors that learn masks ask for it, so `crop` does not carry it; the same seed gives
        the same view and the same warp.

        Parameters
        ----------
        k : int
            Number of the crop, from 0.
        size : int, optional
            Height and width in pixels, where not the usual one.

        Returns
        -------
        array (size, size) of int32 or None
            Numbers from 1 in the order of the crop's boxes, 0 elsewhere; None where there are no masks.
        """
        size = size or self.size
        rng = np.random.default_rng([self.seed, k])
        page, corner, span = self._view(rng, size)
        dataset, i = self.pages[page]
        whole = dataset.instances(i)
        if whole is None:
            return None
        _, seen = self._seen(page, corner, span, size)
        number = np.zeros(len(dataset[i].symbols) + 1, np.int32)
        number[self.members[page][seen] + 1] = np.arange(1, len(seen) + 1)
        number[0] = 0  # paper, and ignore regions
        part = number[_cut(whole, corner, span, 0)]
        small = cv2.resize(part, (size, size), interpolation=cv2.INTER_NEAREST_EXACT)
        part = np.asarray(small, np.int32)
        warp = random_warp(rng, part.shape, self.strength)
        return warp.move_map(part) if warp is not None else part

    def truth(self, most: int = 200) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """List the boxes of some pages at the staff space of the crops.

        Parameters
        ----------
        most : int
            Pages, evenly spread.

        Returns
        -------
        boxes : array (n, 4) of float32
            x0, y0, x1, y1 in pixels.
        labels : array (n,) of int64
            Indices of `classes`; without ignore regions.
        """
        pages = np.unique(np.linspace(0, len(self.pages) - 1, min(most, len(self.pages))).astype(int))
        spaces = (dataset.staff_space(i) or self.space for dataset, i in (self.pages[p] for p in pages))
        scaled = [self.boxes[page] * (self.space / space) for page, space in zip(pages, spaces, strict=True)]
        boxes, labels = np.concatenate(scaled), np.concatenate([self.labels[page] for page in pages])
        return boxes[labels != IGNORED].astype(np.float32), labels[labels != IGNORED]

    def _view(self, rng: np.random.Generator, size: int) -> tuple[int, NDArray[np.int64], NDArray[np.int64]]:
        """Choose a page and the part that a crop shows: corner and sides (x, y) in pixels of the page."""
        page, centre = self._choose(rng)
        dataset, i = self.pages[page]
        space = dataset.staff_space(i) or self.space
        jitter = np.exp(rng.uniform(*np.log(self.scale)))
        span = size * space / (self.space * jitter)
        wider = np.exp(rng.uniform(-0.5, 0.5) * np.log(self.stretch))
        spans = np.round(span * np.array([1 / wider, wider])).astype(int)
        return page, np.round(centre - rng.uniform(_EDGE, 1 - _EDGE, 2) * spans).astype(int), spans

    def _seen(
        self, page: int, corner: NDArray[np.int64], span: NDArray[np.int64], size: int
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """List what a crop shows: boxes (n, 4) in its pixels, and the indices (n,) of the page's boxes."""
        boxes = (
            ((self.boxes[page].reshape(-1, 2, 2) - corner) * (size / span)).reshape(-1, 4).astype(np.float32)
        )
        (seen,) = np.nonzero(_visible(boxes, size))
        return boxes[seen], seen

    def _choose(self, rng: np.random.Generator) -> tuple[int, NDArray[np.float64]]:
        """Choose a page, and the point (x, y) on it that the crop must show."""
        kind = rng.random()
        if kind < _BY_CLASS:
            among = self.oversampled if self.oversampled and kind < _BY_CLASS / 2 else list(self.places)
            places = self.places[rng.choice(among)]
            page, symbol = places[rng.integers(len(places))]
        else:
            page = int(rng.integers(len(self.pages)))
            symbol = int(rng.integers(max(1, len(self.boxes[page]))))
        if kind > 1 - _ANYWHERE or not len(self.boxes[page]):
            height, width = self._image(page).shape
            return page, rng.uniform(0, (width, height))
        box = self.boxes[page][symbol].astype(np.float64)
        return page, rng.uniform(box[:2], np.maximum(box[2:], box[:2] + 1e-3))

    def _image(self, page: int) -> NDArray[np.uint8]:
        """Read page number `page`; it is kept deflated, to about a thirtieth of its size."""
        if page not in self._images:
            dataset, i = self.pages[page]
            image = dataset.image(i)
            self._images[page] = image.shape, zlib.compress(image.tobytes(), level=1)
        shape, deflated = self._images[page]
        return np.frombuffer(zlib.decompress(deflated), np.uint8).reshape(shape)


Pixels = TypeVar("Pixels", NDArray[np.uint8], NDArray[np.int32])


def _cut(image: Pixels, corner: NDArray[np.int64], span: NDArray[np.int64], outside: int) -> Pixels:
    """Cut the part of an image that begins at `corner` and is `span` (x, y) large; `outside` beyond."""
    (left, top), (right, bottom) = corner, corner + span
    inside = image[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    part = np.full(tuple(span[::-1]), outside, image.dtype)
    y, x = max(0, -top), max(0, -left)
    part[y : y + inside.shape[0], x : x + inside.shape[1]] = inside
    return part


def _places(labels: list[NDArray[np.int64]]) -> dict[int, list[tuple[int, int]]]:
    """List where each class is: (page, symbol) pairs by label."""
    places: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for page, of_page in enumerate(labels):
        for symbol, label in enumerate(of_page.tolist()):
            if label != IGNORED:
                places[label].append((page, symbol))
    return dict(sorted(places.items()))


def _visible(boxes: NDArray[np.float32], size: int) -> NDArray[np.bool_]:
    """Tell which boxes (n, 4) a crop shows any part of."""
    return (boxes[:, 0] < size) & (boxes[:, 1] < size) & (boxes[:, 2] > 0) & (boxes[:, 3] > 0)
