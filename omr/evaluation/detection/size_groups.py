"""Group symbols by their size in staff spaces, as COCO groups objects by their area in pixels.

COCO separates small, medium and large at areas of 32 x 32 and 96 x 96 pixels. The pixels of a score depend
on the resolution of the scan, so the size of a symbol is the square root of its box's area in staff spaces
here. Thin symbols are a group of their own, whatever their size: a stem is an eighth of a staff space
wide, and a shift of a sixteenth of a staff space halves the IoU of its box.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from omr.page import Box

THIN = 8.0
"""Long side over short side of a box from which on a symbol is thin. Release 0.1.0."""

LEAST_SIDE = 1e-9
"""Pixels that a side of a box counts at least, so that ratios stay finite."""


@dataclass(frozen=True)
class SizeGroup:
    """A range of symbol sizes.

    Attributes
    ----------
    name : str
    about : str
        Which symbols belong to it, for the reader of a table.
    below : float
        Upper bound of the size in staff spaces; the lower bound is that of the group before.
    """

    name: str
    about: str
    below: float


THIN_GROUP = SizeGroup("thin", f"at least {THIN:.0f} times as long as wide, whatever its size", 0.0)
"""The group of thin symbols, which comes before all sizes."""

SIZES = (
    SizeGroup("tiny", "below 0.75 staff spaces", 0.75),
    SizeGroup("small", "below 1.5", 1.5),
    SizeGroup("medium", "below 2.5", 2.5),
    SizeGroup("large", "the others", np.inf),
)
"""Size groups of symbols that are not thin. Bounds in staff spaces. Release 0.1.0."""

GROUPS = (THIN_GROUP, *SIZES)
"""All groups, in the order of the tables."""

NONE = -1
"""In place of a group, for symbols that are not thin on pages of unknown staff space."""


def groups_of(boxes: NDArray[np.float64], space: float | None) -> NDArray[np.int64]:
    """Assign boxes to size groups.

    Parameters
    ----------
    boxes : array (n, 4)
        x0, y0, x1, y1 in pixels.
    space : float or None
        Staff space of the page in pixels; None where it is unknown.

    Returns
    -------
    array (n,) of int
        Indices into `GROUPS`, or `NONE`.
    """
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], LEAST_SIDE)
    if space:
        sizes = np.sqrt(sides.prod(1)) / space
        groups = 1 + np.searchsorted([group.below for group in SIZES], sizes, side="right")
    else:
        groups = np.full(len(boxes), NONE)
    thin = sides.max(1) >= THIN * sides.min(1)
    return np.where(thin, 0, groups)


def is_thin(box: Box) -> bool:
    """Tell whether a box belongs to the thin group.

    Parameters
    ----------
    box : Box

    Returns
    -------
    bool
    """
    return int(groups_of(np.array([box], np.float64), None)[0]) == 0
