"""Measure how much of an upright stroke's way is inked on the reduced picture of a page."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from omr.notation.layout.placement import PageLayout

_MIN_HALF_WIDTH = 1.0
"""Pixels of the reduced picture on either side of a stroke's middle that are looked at, at least."""


def inked_share(
    layout: PageLayout, ink: NDArray[np.uint8], x: float, y0: float, y1: float, width: float
) -> float:
    """Measure the share of rows with ink in a column.

    Parameters
    ----------
    layout : PageLayout
        With its reduced picture.
    ink : array (height, width) of uint8
        1 where that picture has ink, as `omr.images.ink_mask` gives it.
    x : float
        Middle of the column, in pixels of the level page.
    y0, y1 : float
        Top and bottom of the column, in pixels of the page.
    width : float
        Of the column, in pixels of the page.

    Returns
    -------
    float
        From 0 to 1; 0 for a column outside of the page.
    """
    scale = layout.ink.scale if layout.ink else 1.0
    middle = scale * layout.on_image(x, (y0 + y1) / 2)
    half = max(_MIN_HALF_WIDTH, scale * width / 2)
    left, top = max(0, round(middle - half)), max(0, round(scale * y0))
    rows = ink[top : max(round(scale * y1), top), left : max(round(middle + half), left + 1)]
    return float(rows.any(axis=1).mean()) if rows.size else 0.0
