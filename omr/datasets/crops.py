"""Training crops: random cuts of pages at the canonical staff space, varied and degraded on the fly."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from omr.datasets import Dataset
from omr.datasets.degrade import degrade, random_warp
from omr.errors import InputError
from omr.images import resize
from omr.page import Box

CROWD = -1
"""Label of a box in which symbols may be that nobody named (`Dataset.crowds`)."""


class Crops:
    """An endless, seekable supply of crops: crop `k` is a function of the seed and `k` alone.

    Half of the crops are centred near a symbol of a class drawn evenly from all
    classes, so that rare symbols are seen often; others near any symbol, and a
    tenth anywhere on the page, where titles and stamps are that are no music.
    Of the first, half may be kept for classes that need practice.

    Parameters
    ----------
    datasets : sequence of Dataset
        Pages are drawn evenly from all of them together. Names are mapped to
        the core vocabulary.
    classes : sequence of str
        The core classes to learn; symbols of other classes are left out.
    space : float
        Staff space of the crops, in pixels.
    size : int
        Height and width of the crops, in pixels, unless a crop is asked for in another size.
    seed : int
    scale : (float, float)
        Crops are this much smaller or larger than the canonical staff space.
    stretch : float
        And up to so many times wider or narrower, as the glyphs of other fonts are.
    strength : float
        Of the degradation; 0 for clean crops.
    practise : sequence of str
        Core classes that a quarter of the crops are centred near; none for no such quarter.

    Raises
    ------
    InputError
        When the datasets hold no symbol of `classes`, or none of one of `practise`.
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
        practise: Sequence[str] = (),
    ) -> None:
        self.pages = [(dataset, i) for dataset in datasets for i in range(len(dataset))]
        self.space, self.size, self.seed, self.strength = space, size, seed, strength
        self.scale, self.stretch = scale, stretch
        number = {name: i for i, name in enumerate(classes)}
        self.boxes: list[NDArray[np.float32]] = []
        self.labels: list[NDArray[np.int64]] = []
        self.members: list[NDArray[np.int64]] = []  # which of the page's symbols those are
        for dataset, i in self.pages:
            known = [
                (number[name], symbol.box, member)
                for member, (name, symbol) in enumerate(
                    zip(dataset.core_names(i), dataset[i].symbols, strict=True)
                )
                if name in number
            ]
            crowds = dataset.crowds(i)
            known += [(CROWD, box, -1) for box in map(Box._make, crowds.tolist())]
            self.boxes.append(np.array([box for _, box, _ in known], np.float32).reshape(-1, 4))
            self.labels.append(np.array([label for label, _, _ in known], np.int64))
            self.members.append(np.array([member for _, _, member in known], np.int64))
        self.places = _places(self.labels)
        if not self.places:
            raise InputError(f"{datasets[0].path}: no symbol of a known class; is this the right dataset?")
        for name in practise:
            if number.get(name) not in self.places:
                raise InputError(f"{datasets[0].path}: no {name} to practise; see `omr dataset info`")
        self.practised = [number[name] for name in practise]
        self._images: dict[int, tuple[tuple[int, ...], bytes]] = {}

    def crop(
        self, k: int, size: int | None = None
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.int64]]:
        """Crop number `k`: grey image (size, size), boxes (n, 4) in its pixels, labels (n,), crowds last."""
        size = size or self.size
        rng = np.random.default_rng([self.seed, k])
        page, corner, span = self._view(rng, size)
        image = resize(_cut(self._image(page), corner, span, 255), (size, size))
        boxes, seen = self._seen(page, corner, span, size)
        if self.strength > 0:
            image, boxes = degrade(image, boxes, rng, self.strength)
        return image, boxes.astype(np.float32), self.labels[page][seen]

    def instances(self, k: int, size: int | None = None) -> NDArray[np.int32] | None:
        """Which symbol each pixel of crop number `k` belongs to.

        Only detectors that learn masks ask, so `crop` doesn't carry it: the same
        seed gives the same view, and the same warp.

        Returns
        -------
        array (size, size) or None
            Numbers from 1, in the order of the crop's boxes, 0 elsewhere; None where there are no masks.
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
        number[0] = 0  # paper, and crowds
        part = number[_cut(whole, corner, span, 0)]
        small = cv2.resize(part, (size, size), interpolation=cv2.INTER_NEAREST_EXACT)
        part = np.asarray(small, np.int32)
        warp = random_warp(rng, part.shape, self.strength)
        return warp.move_map(part) if warp is not None else part

    def truth(self, most: int = 200) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Boxes (n, 4), at the canonical staff space, and labels (n,) of `most` pages, evenly spread."""
        pages = np.unique(np.linspace(0, len(self.pages) - 1, min(most, len(self.pages))).astype(int))
        spaces = (dataset.staff_space(i) or self.space for dataset, i in (self.pages[p] for p in pages))
        scaled = [self.boxes[page] * (self.space / space) for page, space in zip(pages, spaces, strict=True)]
        boxes, labels = np.concatenate(scaled), np.concatenate([self.labels[page] for page in pages])
        return boxes[labels != CROWD].astype(np.float32), labels[labels != CROWD]

    def _view(self, rng: np.random.Generator, size: int) -> tuple[int, NDArray[np.int64], NDArray[np.int64]]:
        """A page, and the part of it that a crop shows: corner and sides (x, y), in the page's pixels."""
        page, centre = self._choose(rng)
        dataset, i = self.pages[page]
        space = dataset.staff_space(i) or self.space
        jitter = np.exp(rng.uniform(*np.log(self.scale)))
        span = size * space / (self.space * jitter)
        wider = np.exp(rng.uniform(-0.5, 0.5) * np.log(self.stretch))
        spans = np.round(span * np.array([1 / wider, wider])).astype(int)
        return page, np.round(centre - rng.uniform(0.1, 0.9, 2) * spans).astype(int), spans

    def _seen(
        self, page: int, corner: NDArray[np.int64], span: NDArray[np.int64], size: int
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """What a crop shows: boxes (n, 4) in its pixels, and which (n,) of the page's symbols they are."""
        boxes = (
            ((self.boxes[page].reshape(-1, 2, 2) - corner) * (size / span)).reshape(-1, 4).astype(np.float32)
        )
        (seen,) = np.nonzero(_visible(boxes, size))
        return boxes[seen], seen

    def _choose(self, rng: np.random.Generator) -> tuple[int, NDArray[np.float64]]:
        """A page, and the point on it that the crop must show."""
        kind = rng.random()
        if kind < 0.5:
            among = self.practised if self.practised and kind < 0.25 else list(self.places)
            places = self.places[rng.choice(among)]
            page, symbol = places[rng.integers(len(places))]
        else:
            page = int(rng.integers(len(self.pages)))
            symbol = int(rng.integers(max(1, len(self.boxes[page]))))
        if kind > 0.9 or not len(self.boxes[page]):
            height, width = self._image(page).shape
            return page, rng.uniform(0, (width, height))
        box = self.boxes[page][symbol].astype(np.float64)
        return page, rng.uniform(box[:2], np.maximum(box[2:], box[:2] + 1e-3))

    def _image(self, page: int) -> NDArray[np.uint8]:
        """Page number `page`, kept deflated once decoded: paper deflates well, to a thirtieth."""
        if page not in self._images:
            dataset, i = self.pages[page]
            image = dataset.image(i)
            self._images[page] = image.shape, zlib.compress(image.tobytes(), level=1)
        shape, deflated = self._images[page]
        return np.frombuffer(zlib.decompress(deflated), np.uint8).reshape(shape)


Pixels = TypeVar("Pixels", NDArray[np.uint8], NDArray[np.int32])


def _cut(image: Pixels, corner: NDArray[np.int64], span: NDArray[np.int64], outside: int) -> Pixels:
    """The part of an image from `corner` on, `span` (x, y) pixels large; `outside` beyond its edges."""
    (left, top), (right, bottom) = corner, corner + span
    inside = image[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    part = np.full(tuple(span[::-1]), outside, image.dtype)
    y, x = max(0, -top), max(0, -left)
    part[y : y + inside.shape[0], x : x + inside.shape[1]] = inside
    return part


def _places(labels: list[NDArray[np.int64]]) -> dict[int, list[tuple[int, int]]]:
    """Where each class is: (page, symbol) pairs by label."""
    places: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for page, of_page in enumerate(labels):
        for symbol, label in enumerate(of_page.tolist()):
            if label != CROWD:
                places[label].append((page, symbol))
    return dict(sorted(places.items()))


def _visible(boxes: NDArray[np.float32], size: int) -> NDArray[np.bool_]:
    """Symbols that the crop shows any part of."""
    return (boxes[:, 0] < size) & (boxes[:, 1] < size) & (boxes[:, 2] > 0) & (boxes[:, 3] > 0)
