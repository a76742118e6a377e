"""Collect what tells that two neighbouring staves of a page sound together, staff pair by staff pair.

The evidence is kept apart from the decision (`omr.notation.layout.systems.group_staves`), so that a decision
may weigh the evidence of a whole page, or of all pages of a piece.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from omr.notation.layout.coverage import staff_coverage
from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.limits import LayoutLimits


@dataclass(frozen=True)
class StaffPairEvidence:
    """What tells for and against that a staff and the next one below it are of one system.

    Attributes
    ----------
    upper : int
        Which staff of the page, from 0; the lower one is ``upper + 1``.
    gap : float
        Staff spaces from the lowest point of the upper staff to the highest point of the lower one.
    barline, brace, bracket : bool
        Whether one symbol of that kind runs along both staves.
    opening_barline : bool
        Whether a barline does so at the left end of the lower staff.
    separate_brackets : bool
        Whether one bracket ends at the upper staff and another one begins at the lower staff: two groups of
        one system, or two systems.
    barlines_in_line : int
        Barlines of the upper staff that stand above a barline of the lower staff.
    share_in_line : float
        The same number as a share (0 to 1) of the barlines of the staff that has more of them.
    opened_apart : bool
        Whether one barline opens the upper staff and those above it, and another one the lower staff and
        those below it.
    """

    upper: int
    gap: float
    barline: bool = False
    brace: bool = False
    bracket: bool = False
    opening_barline: bool = False
    separate_brackets: bool = False
    barlines_in_line: int = 0
    share_in_line: float = 0.0
    opened_apart: bool = False


_Coverage = Mapping[PlacedSymbol, Sequence[float]]
"""Uprights from left to right, each with its coverage of every staff of the page."""


def collect_evidence(layout: PageLayout, *, limits: LayoutLimits = LayoutLimits()) -> list[StaffPairEvidence]:
    """Collect the evidence on every two neighbouring staves of a page.

    Parameters
    ----------
    layout : PageLayout
    limits : LayoutLimits, optional

    Returns
    -------
    list of StaffPairEvidence
        From top to bottom: one fewer than there are staves.
    """
    barlines, braces, brackets = (_coverage(layout, name) for name in ("barline", "brace", "bracket"))
    pairs = []
    for upper in range(len(layout.staves) - 1):
        joining = _joining(barlines, upper, limits)
        in_line, share = _in_line(layout, barlines, upper, limits)
        pairs.append(
            StaffPairEvidence(
                upper,
                (layout.staves[upper + 1].box.y0 - layout.staves[upper].box.y1) / layout.space,
                barline=bool(joining),
                brace=bool(_joining(braces, upper, limits)),
                bracket=bool(_joining(brackets, upper, limits)),
                opening_barline=any(opens_staff(layout, line, upper + 1, limits=limits) for line in joining),
                separate_brackets=_separate(brackets, upper, limits),
                barlines_in_line=in_line,
                share_in_line=share,
                opened_apart=_opened_apart(layout, barlines, upper, limits),
            )
        )
    return pairs


def opens_staff(
    layout: PageLayout, barline: PlacedSymbol, staff: int, *, limits: LayoutLimits = LayoutLimits()
) -> bool:
    """Tell whether a barline stands where a staff begins.

    Parameters
    ----------
    layout : PageLayout
    barline : PlacedSymbol
    staff : int
        Which staff of the page, from 0.
    limits : LayoutLimits, optional

    Returns
    -------
    bool
    """
    return abs(barline.x - layout.span(staff)[0]) < limits.opening_distance * layout.space


def _coverage(layout: PageLayout, name: str) -> _Coverage:
    staves = range(len(layout.staves))
    return {
        upright: [staff_coverage(layout, upright, staff) for staff in staves]
        for upright in layout.named(name)
    }


def _joining(uprights: _Coverage, upper: int, limits: LayoutLimits) -> list[PlacedSymbol]:
    """List the uprights that join a staff to the next one."""
    return [
        upright
        for upright, coverage in uprights.items()
        if min(coverage[upper : upper + 2]) >= limits.joining_coverage
    ]


def _separate(brackets: _Coverage, upper: int, limits: LayoutLimits) -> bool:
    """Tell whether two neighbouring staves are under different brackets."""
    over, under = (
        {bracket for bracket, coverage in brackets.items() if coverage[staff] >= limits.joining_coverage}
        for staff in (upper, upper + 1)
    )
    return bool(over and under) and not over & under


def _in_line(layout: PageLayout, barlines: _Coverage, upper: int, limits: LayoutLimits) -> tuple[int, float]:
    """Count the barlines of a staff above one of the next staff, and their share of the barlines there."""
    above, below = (
        [line.x for line, coverage in barlines.items() if coverage[staff] >= limits.crossing_coverage]
        for staff in (upper, upper + 1)
    )
    tolerance = limits.in_line_tolerance * layout.space
    count = sum(any(abs(x - other) < tolerance for other in below) for x in above)
    return count, count / max(len(above), len(below), 1)


def _opened_apart(layout: PageLayout, barlines: _Coverage, upper: int, limits: LayoutLimits) -> bool:
    """Tell whether one barline opens a staff and those above it, and another one the staves below."""
    opening = [
        coverage
        for line, coverage in barlines.items()
        if opens_staff(layout, line, upper + 1, limits=limits)
        and line.box.height > limits.opening_height * layout.space
    ]
    lower, count = upper + 1, limits.min_staves_opened
    above, below = range(lower - count, lower), range(lower, lower + count)
    return _crosses_all(opening, above, limits) and _crosses_all(opening, below, limits)


def _crosses_all(coverages: Collection[Sequence[float]], staves: Sequence[int], limits: LayoutLimits) -> bool:
    """Tell whether one upright, given by its coverage of every staff, crosses all of some staves."""
    return any(
        all(0 <= staff < len(coverage) and coverage[staff] >= limits.crossing_coverage for staff in staves)
        for coverage in coverages
    )
