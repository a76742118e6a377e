"""Split a dataset into the regions that are evaluated one by one: whole pages, or crops of staves."""

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
class Region:
    """A page of a dataset, or a horizontal strip of it.

    Attributes
    ----------
    dataset : Dataset
    index : int
        Index of the page in the dataset, from 0.
    page : Page
        The whole page with its truth.
    strip : Strip or None
        Rows of pixels of the page; None for the whole page.
    number : int
        Number of the region on its page, from 1.
    """

    dataset: Dataset
    index: int
    page: Page
    strip: Strip | None = None
    number: int = 1

    @property
    def truth(self) -> Page:
        """The true symbols of the region, with boxes in its pixels."""
        return self.of(self.page)

    @property
    def space(self) -> float | None:
        """Staff space of the page in pixels; None where it is unknown."""
        return self.dataset.staff_space(self.index)

    def of(self, page: Page) -> Page:
        """Cut the symbols that belong to this region out of a page.

        Parameters
        ----------
        page : Page
            A whole page with true or detected symbols.

        Returns
        -------
        Page
            With boxes in pixels of the region.
        """
        return page if self.strip is None else cut(page, self.strip, self.number)

    def image(self) -> NDArray[np.uint8]:
        """Load the pixels of the region.

        Returns
        -------
        array (height, width) of uint8
            Grey values.
        """
        whole = self.dataset.image(self.index)
        return whole if self.strip is None else whole[self.strip.top : self.strip.bottom]


def regions_of(
    dataset: Dataset, pages: int, staves: int | None = None, *, core: bool = False
) -> Iterator[Region]:
    """Split the first pages of a dataset into regions.

    Parameters
    ----------
    dataset : Dataset
    pages : int
        Number of pages.
    staves : int, optional
        Staves in a crop; whole pages without it. Staves are those of the truth, or, where it has none,
        those detected on the image. A page without staves gives no crops.
    core : bool
        Give the truth core names (`Dataset.core`) in place of the dataset's own.

    Yields
    ------
    Region
    """
    for i in range(pages):
        page = dataset.core(i) if core else dataset[i]
        if staves is None:
            yield Region(dataset, i, page)
            continue
        for number, strip in enumerate(strips(_staves(dataset, i), page.height, staves), start=1):
            yield Region(dataset, i, page, strip, number)


def _staves(dataset: Dataset, i: int) -> list[Box]:
    """Return the boxes of the staves of a page: true ones, or detected ones where the truth has none."""
    known = [s.box for s in dataset[i].symbols if s.name == "staff"]
    return known or [staff.box for staff in find_staves(dataset.image(i))]
