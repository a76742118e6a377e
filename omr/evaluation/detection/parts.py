"""What is measured at a time: a whole page of a dataset, or a crop of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from omr.datasets import Dataset
from omr.evaluation.detection.crops import Strip, cut, strips
from omr.page import Box, Page
from omr.staves import find_staves


@dataclass(frozen=True)
class Part:
    """A page of a dataset, or a strip of it.

    Attributes
    ----------
    dataset : Dataset
    index : int
        The page's number in the dataset.
    page : Page
        The whole page with its truth.
    strip : Strip or None
        The rows of its pixels; None is the whole page.
    number : int
        Which part of its page, from 1.
    """

    dataset: Dataset
    index: int
    page: Page
    strip: Strip | None = None
    number: int = 1

    @property
    def truth(self) -> Page:
        return self.of(self.page)

    @property
    def space(self) -> float | None:
        """Staff space, in pixels, where it can be told."""
        return self.dataset.staff_space(self.index)

    def of(self, page: Page) -> Page:
        """What belongs to this part of all that is on the page."""
        return page if self.strip is None else cut(page, self.strip, self.number)

    def image(self) -> NDArray[np.uint8]:
        """The grey image (height, width)."""
        whole = self.dataset.image(self.index)
        return whole if self.strip is None else whole[self.strip.top : self.strip.bottom]


def parts_of(
    dataset: Dataset, pages: int, staves: int | None = None, *, core: bool = False
) -> Iterator[Part]:
    """The first `pages` of a dataset: whole, or as crops of `staves` neighbouring staves each.

    With `core` the truth has core names, told also by what only the dataset
    knows (`Dataset.core`): else it has the dataset's own.

    Staves are where the truth has them, else where they are seen on the image;
    a page without any has no crops.
    """
    for i in range(pages):
        page = dataset.core(i) if core else dataset[i]
        if staves is None:
            yield Part(dataset, i, page)
            continue
        for number, strip in enumerate(strips(_staves(dataset, i), page.height, staves), start=1):
            yield Part(dataset, i, page, strip, number)


def _staves(dataset: Dataset, i: int) -> list[Box]:
    known = [s.box for s in dataset[i].symbols if s.name == "staff"]
    return known or [staff.box for staff in find_staves(dataset.image(i))]
