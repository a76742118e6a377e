"""Collect what tells that two neighbouring staves of a page sound together, staff pair by staff pair.

The evidence is kept apart from the decision (`omr.notation.layout.structure_search`), which weighs the
evidence of all pages of a piece.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from omr.notation.layout.coverage import staff_coverage
from omr.notation.layout.opening_line import opening_ink
from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.limits import LayoutLimits, SystemLimits


@dataclass(frozen=True)
class StaffPairEvidence:
    """What tells for and against that a staff and the next one below it are of one system.

    A barline column is a barline of either staff, strokes side by side counted once; columns where the
    staves begin are left out, for every line of every page has one there.

    Attributes
    ----------
    upper : int
        Which staff of the page, from 0; the lower one is ``upper + 1``.
    gap : float
        Staff spaces from the lowest point of the upper staff to the highest point of the lower one.
    gap_ratio : float
        The gap as a multiple of the page's typical one (`typical_gap`).
    brace, bracket : bool
        Whether one symbol of that kind runs along both staves.
    opening_line : bool or None
        Whether a line joins the staves where they begin: a barline that runs along both, or a line in the ink
        of the gap. None where neither tells: no such barline, and no picture or a doubtful one.
    separate_braces, separate_brackets : bool
        Whether one symbol of that kind ends at the upper staff and another one begins at the lower staff:
        two groups of one system, or two systems.
    opened_apart : int
        Number of staves that one barline opens down to the upper staff and another one from the lower
        staff on: the smaller of the two numbers, 0 where there are no two such barlines.
    columns : int
        Number of barline columns.
    through : int
        How many of them run through the gap.
    in_line, out_of_line : int
        How many columns within both staves, their ends left out, stand on both staves and on one only.
    unevenness : float
        Coefficient of variation of the distances between those that stand on both: barlines at equal
        distances are in line on unrelated staves, too.
    joined_by_hand : bool or None
        What a person said; None where nobody did.
    """

    upper: int
    gap: float
    gap_ratio: float = 1.0
    brace: bool = False
    bracket: bool = False
    opening_line: bool | None = None
    separate_braces: bool = False
    separate_brackets: bool = False
    opened_apart: int = 0
    columns: int = 0
    through: int = 0
    in_line: int = 0
    out_of_line: int = 0
    unevenness: float = 0.0
    joined_by_hand: bool | None = None

    @property
    def in_one_family(self) -> bool:
        """Whether a bracket or most barlines run along both staves, as in a family of an orchestra."""
        return self.bracket or 2 * self.through > self.columns

    def weights(self, limits: SystemLimits = SystemLimits()) -> dict[str, float]:
        """Weigh the evidence.

        Parameters
        ----------
        limits : SystemLimits, optional

        Returns
        -------
        dict of str to float
            By its name in words, logarithms of odds: above 0 what tells that the staves are of one system.
        """
        if self.joined_by_hand is not None:
            return {"by hand": limits.by_hand if self.joined_by_hand else -limits.by_hand}
        opening = {
            True: ("opening line", limits.opening),
            False: ("no opening line", limits.no_opening),
            None: ("no opening line found", limits.no_opening_found),
        }[self.opening_line]
        joined = self.bracket or self.opening_line
        share = self.through / max(self.columns, 1)
        uneven = self.unevenness / limits.uneven if limits.uneven else 1.0
        evenness = min(1.0, max(limits.even_weight, uneven))
        line = limits.in_line * evenness * self.in_line - limits.out_of_line * self.out_of_line
        gap = -limits.gap * float(np.log(max(self.gap_ratio, limits.min_gap_ratio)))
        found = {
            "brace": limits.brace * self.brace,
            "bracket": limits.bracket * self.bracket,
            opening[0]: opening[1],
            "separate braces": limits.separate_braces * (self.separate_braces and not joined),
            "separate brackets": limits.separate_brackets * self.separate_brackets,
            "opened apart": limits.opened_apart * max(0, self.opened_apart - 1),
            f"{self.through} of {self.columns} barlines through the gap": (
                (limits.through * share + limits.not_through)
                * min(1.0, self.columns / max(limits.columns_that_tell, 1))
            ),
            f"{self.in_line} barlines in line, {self.out_of_line} not": float(
                np.clip(line, -limits.max_line, limits.max_line)
            ),
            f"gap {self.gap:.1f}": float(np.clip(gap, -limits.max_gap, limits.max_gap)),
        }
        return {name: weight for name, weight in found.items() if weight}


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
    gaps = [max(lower.box.y0 - upper.box.y1, 0.0) / layout.space for upper, lower in pairwise(layout.staves)]
    typical, ink = typical_gap(gaps), opening_ink(layout, limits=limits.opening_line)
    pairs = []
    for upper, gap in enumerate(gaps):
        joining = _joining(barlines, upper, limits)
        columns, through = _columns_through(layout, barlines, joining, upper, limits)
        in_line, out_of_line, unevenness = _in_line(layout, barlines, upper, limits)
        pairs.append(
            StaffPairEvidence(
                upper,
                gap,
                gap / typical if typical > 0 else 1.0,
                brace=bool(_joining(braces, upper, limits)),
                bracket=bool(_joining(brackets, upper, limits)),
                opening_line=_opening_line(layout, joining, upper, ink[upper], limits),
                separate_braces=_separate(braces, upper, limits),
                separate_brackets=_separate(brackets, upper, limits),
                opened_apart=_opened_apart(layout, barlines, upper, limits),
                columns=columns,
                through=through,
                in_line=in_line,
                out_of_line=out_of_line,
                unevenness=unevenness,
                joined_by_hand=_by_hand(layout, upper),
            )
        )
    return pairs


def _by_hand(layout: PageLayout, upper: int) -> bool | None:
    """Find what a person said about a staff and the next one below it."""
    top, bottom = (float(layout.staves[staff].ys.mean()) for staff in (upper, upper + 1))
    said = [join.joined for join in layout.page.staff_joins if top < join.y < bottom]
    return said[-1] if said else None


def typical_gap(gaps: Sequence[float]) -> float:
    """Find the gap that parts the narrow gaps of a page from the wide ones.

    Parameters
    ----------
    gaps : sequence of float
        Between neighbouring staves, from top to bottom.

    Returns
    -------
    float
        The geometric mean of the 10th and the 90th percentile; 0 where there is no gap.

    Examples
    --------
    >>> typical_gap([4.0, 9.0, 4.0, 9.0, 4.0])
    6.0
    """
    if not gaps:
        return 0.0
    low, high = np.percentile(gaps, (10, 90))
    return float(np.sqrt(low * high))


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


def _opening_line(
    layout: PageLayout,
    joining: Iterable[PlacedSymbol],
    upper: int,
    ink: float | None,
    limits: LayoutLimits,
) -> bool | None:
    """Tell whether a line joins two staves where they begin; None where nothing tells."""
    if any(_opens_both(layout, line, upper, limits) for line in joining):
        return True
    if ink is None or limits.opening_line.no_line <= ink < limits.opening_line.line:
        return None
    return ink >= limits.opening_line.line


def _opens_both(layout: PageLayout, barline: PlacedSymbol, upper: int, limits: LayoutLimits) -> bool:
    """Tell whether a barline stands where the part begins that two staves share."""
    later = max((upper, upper + 1), key=lambda staff: layout.span(staff)[0])
    return opens_staff(layout, barline, later, limits=limits)


def _separate(uprights: _Coverage, upper: int, limits: LayoutLimits) -> bool:
    """Tell whether two neighbouring staves are under different braces or brackets."""
    over, under = (
        {upright for upright, coverage in uprights.items() if coverage[staff] >= limits.joining_coverage}
        for staff in (upper, upper + 1)
    )
    return bool(over and under) and not over & under


# --- barlines -----------------------------------------------------------------------------------------


def _columns_through(
    layout: PageLayout,
    barlines: _Coverage,
    joining: Iterable[PlacedSymbol],
    upper: int,
    limits: LayoutLimits,
) -> tuple[int, int]:
    """Count the barline columns of two staves, and those of them that run through the gap."""
    margin = limits.end_tolerance * layout.space
    left = max(layout.span(staff)[0] for staff in (upper, upper + 1)) + margin
    above, below = (_xs(layout, barlines, staff, limits) for staff in (upper, upper + 1))
    joined = _merged([line.x for line in joining if line.x > left], limits.max_stroke_gap * layout.space)
    every = [x for x in (*above, *below, *joined) if x > left]
    return len(_merged(every, limits.max_stroke_gap * layout.space)), len(joined)


def _in_line(
    layout: PageLayout, barlines: _Coverage, upper: int, limits: LayoutLimits
) -> tuple[int, int, float]:
    """Count the inner barlines of two staves in line and out of line, and measure their unevenness."""
    margin, tolerance = limits.end_tolerance * layout.space, limits.in_line_tolerance * layout.space
    (x0, x1), (other_x0, other_x1) = layout.span(upper), layout.span(upper + 1)
    left, right = max(x0, other_x0) + margin, min(x1, other_x1) - margin
    above, below = (
        [x for x in _xs(layout, barlines, staff, limits) if left < x < right] for staff in (upper, upper + 1)
    )
    both = [x for x in above if any(abs(x - other) < tolerance for other in below)]
    widths = np.diff([left - margin, *both, right + margin])
    unevenness = float(widths.std() / widths.mean()) if both and widths.mean() > 0 else 0.0
    return len(both), max(0, len(above) - len(both)) + max(0, len(below) - len(both)), unevenness


def _xs(layout: PageLayout, barlines: _Coverage, staff: int, limits: LayoutLimits) -> list[float]:
    """List the x of the barlines of a staff, strokes side by side once."""
    xs = [line.x for line, coverage in barlines.items() if coverage[staff] >= limits.crossing_coverage]
    return _merged(xs, limits.max_stroke_gap * layout.space)


def _merged(xs: Iterable[float], distance: float) -> list[float]:
    """List the first of every run of numbers that are less than a distance apart."""
    found: list[float] = []
    last = -np.inf
    for x in sorted(xs):
        if x - last >= distance:
            found.append(x)
        last = x
    return found


def _opened_apart(layout: PageLayout, barlines: _Coverage, upper: int, limits: LayoutLimits) -> int:
    """Count the staves that two barlines open apart: one those above, another one those below."""
    opening = [
        coverage
        for line, coverage in barlines.items()
        if opens_staff(layout, line, upper + 1, limits=limits)
        and line.box.height > limits.opening_height * layout.space
    ]
    apart = [coverage for coverage in opening if min(coverage[upper : upper + 2]) < limits.joining_coverage]
    if len(apart) < len(opening):
        return 0
    above = _longest_run(apart, range(upper, -1, -1), limits)
    below = _longest_run(apart, range(upper + 1, len(layout.staves)), limits)
    return min(above, below)


def _longest_run(coverages: Collection[Sequence[float]], staves: Sequence[int], limits: LayoutLimits) -> int:
    """Count the staves, from the first on, that one upright crosses: the upright that crosses most."""
    longest = 0
    for coverage in coverages:
        run = 0
        while run < len(staves) and coverage[staves[run]] >= limits.crossing_coverage:
            run += 1
        longest = max(longest, run)
    return longest
