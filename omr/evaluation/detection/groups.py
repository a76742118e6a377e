"""Symbols by size, in staff spaces: what COCO's areas in pixels are to photographs.

COCO's small, medium and large are areas of 32 x 32 and 96 x 96 pixels. A page
of music has no such scale: the same page at two resolutions would fall into
other groups. Here the size of a symbol is the square root of its box's area,
in staff spaces. Thin things are a group of their own whatever their size: a
stem is an eighth of a staff space wide, so that its box loses half of its IoU
where it is a sixteenth of a staff space off, and no other symbol does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from omr.page import Box

THIN = 8.0
"""A box at least this many times longer than wide is thin."""


@dataclass(frozen=True)
class Group:
    """Symbols of one size.

    Attributes
    ----------
    name : str
    about : str
        What belongs to it, for the reader of a table.
    below : float
        Size in staff spaces below which a symbol that no earlier group took belongs here.
    """

    name: str
    about: str
    below: float


THINGS = Group("thin", f"at least {THIN:.0f} times as long as wide, whatever its size", 0.0)
SIZES = (
    Group("tiny", "below 0.75 staff spaces", 0.75),
    Group("small", "below 1.5", 1.5),
    Group("medium", "below 2.5", 2.5),
    Group("large", "the others", np.inf),
)
GROUPS = (THINGS, *SIZES)

NONE = -1
"""The group of a symbol whose page's staff space is unknown, unless it is thin."""


def groups_of(boxes: NDArray[np.float64], space: float | None) -> NDArray[np.int64]:
    """The group of each box, as an index into `GROUPS`.

    Parameters
    ----------
    boxes : array (n, 4)
        x0, y0, x1, y1 in pixels.
    space : float or None
        Staff space of the page, in pixels.

    Returns
    -------
    array (n,)
    """
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 1e-9)
    if space:
        sizes = np.sqrt(sides.prod(1)) / space
        groups = 1 + np.searchsorted([group.below for group in SIZES], sizes, side="right")
    else:
        groups = np.full(len(boxes), NONE)
    thin = sides.max(1) >= THIN * sides.min(1)
    return np.where(thin, 0, groups)


def is_thin(box: Box) -> bool:
    return int(groups_of(np.array([box], np.float64), None)[0]) == 0
