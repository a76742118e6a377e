"""Training crops: random cuts of pages at the canonical staff space, varied and degraded on the fly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from omr.datasets import Dataset
from omr.datasets.degrade import degrade
from omr.errors import InputError
from omr.images import resize
from omr.vocabulary import to_core


class Crops:
    """An endless, seekable supply of crops: crop `k` is a function of the seed and `k` alone.

    Half of the crops are centred near a symbol of a class drawn evenly from all
    classes, so that rare symbols are seen often; others near any symbol, and a
    tenth anywhere on the page, where titles and stamps are that are no music.

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
        Height and width of the crops, in pixels.
    seed : int
    scale : (float, float)
        Crops are this much smaller or larger than the canonical staff space.
    strength : float
        Of the degradation; 0 for clean crops.

    Raises
    ------
    InputError
        When the datasets hold no symbol of `classes`.
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
    ) -> None:
        self.pages = [(dataset, i) for dataset in datasets for i in range(len(dataset))]
        self.space, self.size, self.seed, self.scale, self.strength = space, size, seed, scale, strength
        number = {name: i for i, name in enumerate(classes)}
        self.boxes: list[NDArray[np.float32]] = []
        self.labels: list[NDArray[np.int64]] = []
        for dataset, i in self.pages:
            known = [
                (number[core], s.box)
                for s in dataset[i].symbols
                if (core := to_core(s.name, dataset.names)) in number
            ]
            self.boxes.append(np.array([box for _, box in known], np.float32).reshape(-1, 4))
            self.labels.append(np.array([label for label, _ in known], np.int64))
        self.places = _places(self.labels)
        if not self.places:
            raise InputError(f"{datasets[0].path}: no symbol of a known class; is this the right dataset?")
        self._images: dict[int, NDArray[np.uint8]] = {}

    def crop(self, k: int) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.int64]]:
        """Crop number `k`: grey image (size, size), boxes (n, 4) in its pixels, labels (n,)."""
        rng = np.random.default_rng([self.seed, k])
        page, centre = self._choose(rng)
        dataset, i = self.pages[page]
        space = dataset.staff_space(i) or self.space
        jitter = np.exp(rng.uniform(*np.log(self.scale)))
        span = round(self.size * space / (self.space * jitter))
        corner = np.round(centre - rng.uniform(0.1, 0.9, 2) * span).astype(int)
        image = self._cut(page, corner, span)
        boxes = ((self.boxes[page].reshape(-1, 2, 2) - corner) * (self.size / span)).reshape(-1, 4)
        seen = _visible(boxes, self.size)
        boxes, labels = boxes[seen].astype(np.float32), self.labels[page][seen]
        if self.strength > 0:
            image, boxes = degrade(image, boxes, rng, self.strength)
        return image, boxes.astype(np.float32), labels

    def _choose(self, rng: np.random.Generator) -> tuple[int, NDArray[np.float64]]:
        """A page, and the point on it that the crop must show."""
        kind = rng.random()
        if kind < 0.5:
            places = self.places[rng.choice(list(self.places))]
            page, symbol = places[rng.integers(len(places))]
        else:
            page = int(rng.integers(len(self.pages)))
            symbol = int(rng.integers(max(1, len(self.boxes[page]))))
        if kind > 0.9 or not len(self.boxes[page]):
            height, width = self._image(page).shape
            return page, rng.uniform(0, (width, height))
        box = self.boxes[page][symbol].astype(np.float64)
        return page, rng.uniform(box[:2], np.maximum(box[2:], box[:2] + 1e-3))

    def _cut(self, page: int, corner: NDArray[np.int64], span: int) -> NDArray[np.uint8]:
        """The square of `span` pixels of the page from `corner` (x, y), as a crop; white beyond the page."""
        image = self._image(page)
        (left, top), (right, bottom) = corner, corner + span
        inside = image[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
        part = np.full((span, span), 255, np.uint8)
        y, x = max(0, -top), max(0, -left)
        part[y : y + inside.shape[0], x : x + inside.shape[1]] = inside
        return resize(part, (self.size, self.size))

    def _image(self, page: int) -> NDArray[np.uint8]:
        if page not in self._images:
            dataset, i = self.pages[page]
            self._images[page] = dataset.image(i)
        return self._images[page]


def _places(labels: list[NDArray[np.int64]]) -> dict[int, list[tuple[int, int]]]:
    """Where each class is: (page, symbol) pairs by label."""
    places: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for page, of_page in enumerate(labels):
        for symbol, label in enumerate(of_page.tolist()):
            places[label].append((page, symbol))
    return dict(sorted(places.items()))


def _visible(boxes: NDArray[np.float32], size: int) -> NDArray[np.bool_]:
    """Symbols that the crop shows any part of."""
    return (boxes[:, 0] < size) & (boxes[:, 1] < size) & (boxes[:, 2] > 0) & (boxes[:, 3] > 0)
