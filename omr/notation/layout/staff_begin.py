"""Let a staff begin left of its first clef, where its lines were found from the right of the clef on.

Thin or faded lines are lost under a clef, and the staff then seems to begin at the first bare stretch of its
lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from omr.notation.limits import StaffBeginLimits
from omr.page import Box, Staff


def begin_before_clefs(
    staves: Sequence[Staff],
    clefs: Iterable[Box],
    slope: float,
    space: float,
    *,
    limits: StaffBeginLimits = StaffBeginLimits(),
) -> tuple[Staff, ...]:
    """Extend every staff to the left of the clefs that stand before its measured beginning.

    Parameters
    ----------
    staves : sequence of Staff
    clefs : iterable of Box
        In the pixels of the staves.
    slope : float
        Pixels that the staves fall for each pixel to the right.
    space : float
        Staff space of the page, in pixels.
    limits : StaffBeginLimits, optional

    Returns
    -------
    tuple of Staff
        The same staves, in the same order.
    """
    begins = [float(staff.xs[0]) for staff in staves]
    reach, shortest = limits.max_distance * space, limits.min_length * space
    for clef in clefs:
        if (staff := _staff_after(staves, clef, reach, shortest)) is not None:
            begins[staff] = min(begins[staff], max(clef.x0 - limits.before_clef * space, 0.0))
    return tuple(
        _extended(staff, x, slope) if x < staff.xs[0] else staff
        for staff, x in zip(staves, begins, strict=True)
    )


def _staff_after(staves: Sequence[Staff], clef: Box, reach: float, shortest: float) -> int | None:
    """Find the first staff right of a clef at its height; none where the clef stands on a staff."""
    x, y = clef.centre
    level = [n for n, staff in enumerate(staves) if staff.lines_at(x)[0] <= y <= staff.lines_at(x)[-1]]
    if any(staves[n].xs[0] <= x <= staves[n].xs[-1] for n in level):
        return None
    later = [n for n in level if x < staves[n].xs[0] < x + reach and staves[n].box.width > shortest]
    return min(later, key=lambda n: float(staves[n].xs[0]), default=None)


def _extended(staff: Staff, x: float, slope: float) -> Staff:
    """Continue the lines of a staff to the left."""
    ys = staff.ys[:, :1] + slope * (x - staff.xs[0])
    return replace(staff, xs=np.r_[x, staff.xs], ys=np.hstack([ys, staff.ys]))
