"""Look for the opening line of a system in the ink between two staves.

An opening line joins the ends of the staves of a system (E. Gould, *Behind Bars*, 2011, "Systems"). Detectors
miss it beside a bracket, and find it in the edge of a page. Between two staves nothing else stands where they
begin, so that the ink of the gap tells whether a line runs through it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from omr.images import ink_mask
from omr.notation.layout.placement import PageLayout
from omr.notation.limits import OpeningLineLimits

_LINE_WIDTH = np.ones((1, 3), np.uint8)
"""Pixels of the reduced picture by which a line is widened: it may stand between two columns."""


def opening_ink(
    layout: PageLayout, *, limits: OpeningLineLimits = OpeningLineLimits()
) -> tuple[float | None, ...]:
    """Measure how much of the gap below each staff a line runs through where the staves begin.

    Parameters
    ----------
    layout : PageLayout
    limits : OpeningLineLimits, optional

    Returns
    -------
    tuple of float or None
        For each staff but the last one, the share (0 to 1) of the rows of the gap in which the most inked
        line has ink. None where the picture is not at hand, the gap has no rows or lies in a shadow.
    """
    pairs = range(len(layout.staves) - 1)
    if layout.ink is None:
        return (None,) * len(pairs)
    ink = ink_mask(layout.ink.grey)
    return tuple(_share(layout, ink, upper, limits) for upper in pairs)


def _share(layout: PageLayout, ink: NDArray[np.uint8], upper: int, limits: OpeningLineLimits) -> float | None:
    """Measure the most inked line through the gap between a staff and the next one."""
    assert layout.ink is not None
    scale = layout.ink.scale
    space = scale * layout.space
    above, below = layout.staves[upper], layout.staves[upper + 1]
    starts = np.array([above.xs[0], below.xs[0]]) * scale
    top, bottom = float(above.ys[-1][0]) * scale, float(below.ys[0][0]) * scale
    rows = np.arange(round(top + limits.margin * space), round(bottom - limits.margin * space))
    rows = rows[(rows >= 0) & (rows < len(ink))]
    if not rows.size:
        return None
    reach, shadow = round(limits.reach * space), round(limits.shadow * space)
    columns = np.arange(-shadow, reach + 1)
    way = (rows - top) / (bottom - top)
    best = 0.0
    for lean in np.linspace(-limits.lean, limits.lean, limits.leans) * space:
        middle = np.rint(starts[0] + (starts[1] - starts[0] + lean) * way - lean / 2).astype(int)
        at = middle[:, None] + columns
        inside = (at >= 0) & (at < ink.shape[1])
        strip = np.where(inside, ink[rows[:, None], at.clip(0, ink.shape[1] - 1)], 0).astype(np.uint8)
        if strip[:, : shadow - reach].mean() > limits.max_shadow:
            return None
        line = cv2.dilate(strip[:, shadow - reach :], _LINE_WIDTH)
        best = max(best, float(line.mean(axis=0).max()))
    return best
