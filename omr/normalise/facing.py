"""Facing pages: two pages of an open book on one image, told apart by the gutter between their staves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from omr.normalise.limits import FACING, FacingLimits
from omr.page import Staff
from omr.staves import median_space


def find_gutter(
    staves: Sequence[Staff], width: int, height: int, *, limits: FacingLimits = FACING
) -> int | None:
    """Find the gutter between two facing pages.

    Parameters
    ----------
    staves : sequence of Staff
        Of the whole picture, which is level.
    width, height : int
        Of the picture, in pixels.
    limits : FacingLimits, optional

    Returns
    -------
    int or None
        The x of the middle of the gutter, in pixels; None where the picture shows one page. Systems side by
        side, as before a coda, are on one page: other staves run across the gap between them.
    """
    space = median_space(staves)
    if space is None or width < limits.least_aspect * height:
        return None
    ends = np.array(sorted((float(staff.xs[0]), float(staff.xs[-1])) for staff in staves))
    reached = np.maximum.accumulate(ends[:, 1])
    gaps = ends[1:, 0] - reached[:-1]
    for k in np.argsort(-gaps):
        middle = ends[k + 1, 0] - gaps[k] / 2
        central = abs(middle / width - 0.5) <= limits.off_middle
        enough = min(k + 1, len(ends) - k - 1) >= limits.least_staves
        if gaps[k] >= limits.gutter * space and central and enough:
            return round(float(middle))
    return None
