"""Group the staves of a page into systems, and the staves of a system into parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from omr.notation.layout.coverage import crossed_staves
from omr.notation.layout.placement import PageLayout
from omr.notation.layout.system_evidence import StaffPairEvidence, collect_evidence
from omr.notation.limits import LayoutLimits


@dataclass(frozen=True)
class System:
    """Staves that sound together.

    Attributes
    ----------
    staves : tuple of int
        Which staves of the page, from top to bottom.
    parts : tuple of tuple of int
        The same staves by part: staves under one brace are one part.
    x0, x1 : float
        Where its first staff begins and its last one ends, in pixels along the level page.
    """

    staves: tuple[int, ...]
    parts: tuple[tuple[int, ...], ...]
    x0: float
    x1: float


def find_systems(layout: PageLayout, *, limits: LayoutLimits = LayoutLimits()) -> list[System]:
    """Find the systems of a page.

    Parameters
    ----------
    layout : PageLayout
        Cleaned.
    limits : LayoutLimits, optional

    Returns
    -------
    list of System
        From top to bottom; every staff is in one of them.
    """
    if not layout.staves:
        return []
    systems = []
    for staves in group_staves(collect_evidence(layout, limits=limits), limits=limits):
        starts, ends = zip(*map(layout.span, staves), strict=True)
        systems.append(System(staves, _parts(layout, staves, limits), min(starts), max(ends)))
    return systems


def group_staves(
    evidence: Sequence[StaffPairEvidence], *, limits: LayoutLimits = LayoutLimits()
) -> list[tuple[int, ...]]:
    """Decide from the evidence on a page's neighbouring staves which of them form a system.

    Two staves are of one system where a barline, a brace or a bracket joins them; between two brackets, only
    a barline that opens the system counts. Where nothing joins them, barlines in line do, if one of the two
    staves is joined to no other or if they are as near to each other as staves that are joined.

    Parameters
    ----------
    evidence : sequence of StaffPairEvidence
        On every two neighbouring staves, from top to bottom.
    limits : LayoutLimits, optional

    Returns
    -------
    list of tuple of int
        The staves of each system, from top to bottom; one system of one staff if there is no evidence.
    """
    joined = {pair.upper for pair in evidence if _is_joined(pair)}
    grouped = joined | {upper + 1 for upper in joined}
    widest = max((pair.gap for pair in evidence if pair.upper in joined), default=0.0)
    for pair in evidence:
        is_near = pair.gap <= limits.near_gap_ratio * widest
        is_free = not grouped.issuperset((pair.upper, pair.upper + 1))
        if (is_near or is_free) and not pair.opened_apart and _is_in_line(pair, is_near, limits):
            joined.add(pair.upper)
    groups = [[0]]
    for staff in range(1, len(evidence) + 1):
        if staff - 1 in joined:
            groups[-1].append(staff)
        else:
            groups.append([staff])
    return list(map(tuple, groups))


def _is_joined(pair: StaffPairEvidence) -> bool:
    """Tell whether a symbol joins two staves."""
    barline = pair.opening_barline if pair.separate_brackets else pair.barline
    return barline or pair.brace or pair.bracket


def _is_in_line(pair: StaffPairEvidence, is_near: bool, limits: LayoutLimits) -> bool:
    """Tell whether the barlines of two staves are in line as those of one system are."""
    min_count = limits.min_barlines_in_line_near if is_near else limits.min_barlines_in_line
    return (
        pair.gap < limits.max_gap_in_line
        and pair.barlines_in_line >= min_count
        and pair.share_in_line >= limits.min_share_in_line
    )


def _parts(layout: PageLayout, staves: Sequence[int], limits: LayoutLimits) -> tuple[tuple[int, ...], ...]:
    """Divide a system into parts wherever no brace joins a staff to the next one."""
    braced = [crossed_staves(layout, brace, limits.joining_coverage) for brace in layout.named("brace")]
    parts = [[staves[0]]]
    for upper, lower in pairwise(staves):
        if any(upper in brace and lower in brace for brace in braced):
            parts[-1].append(lower)
        else:
            parts.append([lower])
    return tuple(map(tuple, parts))
