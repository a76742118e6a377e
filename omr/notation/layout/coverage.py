"""Measure how much of a staff an upright symbol runs along: the one definition of "crosses a staff"."""

from __future__ import annotations

from collections.abc import Iterable

from omr.notation.layout.placement import PageLayout, PlacedSymbol


def staff_coverage(layout: PageLayout, upright: PlacedSymbol, staff: int) -> float:
    """Measure the share of a staff's height that an upright symbol runs along.

    Parameters
    ----------
    layout : PageLayout
    upright : PlacedSymbol
        A barline, brace, bracket or the like; where it stands along the staff does not matter.
    staff : int
        Which staff of the page, from 0.

    Returns
    -------
    float
        From 0 to 1. A staff of one line has no height: it is covered wholly or not at all.
    """
    top, bottom = layout.edges(staff, upright.x)
    shared = min(bottom, upright.box.y1) - max(top, upright.box.y0)
    if shared < 0:
        return 0.0
    return shared / (bottom - top) if bottom > top else 1.0


def crossed_staves(
    layout: PageLayout, upright: PlacedSymbol, min_coverage: float, staves: Iterable[int] | None = None
) -> list[int]:
    """List the staves that an upright symbol crosses.

    Parameters
    ----------
    layout : PageLayout
    upright : PlacedSymbol
    min_coverage : float
        Minimum coverage (0 to 1) of a staff that is crossed, one of the limits named after it.
    staves : iterable of int, optional
        Staves to look at, in the order of the answer; all staves of the page by default.

    Returns
    -------
    list of int
        Numbers of the staves on the page.
    """
    candidates = range(len(layout.staves)) if staves is None else staves
    return [staff for staff in candidates if staff_coverage(layout, upright, staff) >= min_coverage]
