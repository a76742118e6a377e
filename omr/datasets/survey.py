"""What is in a dataset: classes, sizes, staff spaces, and entries that are broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from omr.datasets.base import Dataset
from omr.errors import InputError
from omr.page import Page
from omr.vocabulary.translation import classes_of

TOLERANCE = 1.0
"""Pixels by which a box may reach beyond its page: published boxes are rounded."""


@dataclass
class Survey:
    """Count what is in a dataset.

    Attributes
    ----------
    pages : int
    classes : Counter of str
        Symbols by class, as published.
    sizes : Counter of (int, int)
        Pages by width and height, in pixels.
    spaces : list of float
        Staff spaces, in pixels, of the pages whose images were opened.
    broken : list of str
        A line for each fault.
    """

    pages: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    sizes: Counter[tuple[int, int]] = field(default_factory=Counter)
    spaces: list[float] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def survey(dataset: Dataset, measured: int = 10) -> Survey:
    """Survey every page of a dataset, and some images.

    Parameters
    ----------
    dataset : Dataset
    measured : int
        Pages, evenly spread, whose images are opened: their size must be the annotated one, and
        their staff space is measured where the dataset does not tell it.

    Returns
    -------
    Survey
    """
    found = Survey(pages=len(dataset))
    opened = set(np.linspace(0, len(dataset) - 1, min(measured, len(dataset))).astype(int).tolist())
    for i in range(len(dataset)):
        try:
            page = dataset[i]
            found.sizes[page.width, page.height] += 1
            found.classes.update(symbol.name for symbol in page.symbols)
            found.broken += _broken(page, dataset)
            dataset.image_file(i)
            if i in opened:
                found.broken += _misfit(dataset, i, page)
                if space := dataset.staff_space(i):
                    found.spaces.append(space)
        except InputError as error:
            found.broken.append(str(error))
    return found


def _broken(page: Page, dataset: Dataset) -> Iterator[str]:
    """Describe each symbol that is empty, beyond the page or of an unknown class."""
    known = set(classes_of(dataset.names)) | set(classes_of("core")) | dataset.categories
    for name, (x0, y0, x1, y1) in ((symbol.name, symbol.box) for symbol in page.symbols):
        where = f"{page.source}: {name} at {x0:.0f}, {y0:.0f}"
        if not (x1 > x0 and y1 > y0):
            yield f"{where} is empty"
        elif min(x0, y0) < -TOLERANCE or x1 > page.width + TOLERANCE or y1 > page.height + TOLERANCE:
            yield f"{where} reaches beyond the page"
        if name not in known:
            yield f"{where} is of an unknown class"


def _misfit(dataset: Dataset, i: int, page: Page) -> Iterator[str]:
    """Describe an image whose size is not the annotated one."""
    height, width = dataset.image(i).shape
    if (width, height) != (page.width, page.height):
        yield f"{page.source}: the image is {width} x {height}, annotated as {page.width} x {page.height}"
