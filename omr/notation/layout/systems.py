"""Lay out a piece: group the staves of its pages into systems, and the staves of each system into parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import inf

import numpy as np

from omr.notation.decision import Decision
from omr.notation.layout.part_collation import PartCollation
from omr.notation.layout.placement import CLEFS, PageLayout
from omr.notation.layout.structure_search import (
    PageEvidence,
    Solution,
    StaffGroup,
    StaffTraits,
    search,
)
from omr.notation.layout.system_evidence import StaffPairEvidence, collect_evidence
from omr.notation.limits import LayoutLimits, StructureLimits, SystemLimits

_MUSIC = ("notehead", "rest", "measureRepeat")


@dataclass(frozen=True)
class System:
    """Staves that sound together.

    Attributes
    ----------
    staves : tuple of int
        Which staves of the page, from top to bottom.
    parts : tuple of tuple of int
        The same staves by part.
    x0, x1 : float
        Where its first staff begins and its last one ends, in pixels along the level page.
    variants : tuple of int
        Staves of the page that stand in this system and are no part of the text: ossias.
    """

    staves: tuple[int, ...]
    parts: tuple[tuple[int, ...], ...]
    x0: float
    x1: float
    variants: tuple[int, ...] = ()


@dataclass(frozen=True)
class PieceLayout:
    """The systems and parts of a piece.

    Attributes
    ----------
    systems : tuple of tuple of System
        Of each page, from top to bottom. A staff that is in none of them is no part of the text.
    collation : PartCollation
        The parts, and which of their staves each system shows.
    decisions : tuple of Decision
        The structure of the piece, then every system.
    """

    systems: tuple[tuple[System, ...], ...]
    collation: PartCollation
    decisions: tuple[Decision, ...] = ()


def lay_out_piece(pages: Sequence[PageLayout], *, limits: LayoutLimits = LayoutLimits()) -> PieceLayout:
    """Find the systems of all pages of a piece, and its parts.

    Parameters
    ----------
    pages : sequence of PageLayout
        Cleaned, in the order of the piece.
    limits : LayoutLimits, optional

    Returns
    -------
    PieceLayout
        Without systems and parts where there is no staff.
    """
    evidence = [
        PageEvidence(_traits(page, limits.structure), tuple(collect_evidence(page, limits=limits)))
        for page in pages
    ]
    solutions = search(evidence, limits=limits)
    if not solutions:
        return PieceLayout(tuple(() for _ in pages), PartCollation((), {}))
    best = solutions[0]
    groups = [[group for group in page if group.staves] for page in best.pages]
    systems = tuple(
        tuple(_system(page, group, best) for group in here) for page, here in zip(pages, groups, strict=True)
    )
    lines = {(page, row): group.lines for page, here in enumerate(groups) for row, group in enumerate(here)}
    decisions = (_of_piece(solutions), *_of_systems(best, evidence, limits.systems))
    return PieceLayout(systems, PartCollation(best.structure.sizes, lines), decisions)


def _system(layout: PageLayout, group: StaffGroup, solution: Solution) -> System:
    starts, ends = zip(*map(layout.span, group.staves), strict=True)
    parts = solution.structure.parts
    by_part = groupby(zip(group.staves, group.lines, strict=True), key=lambda item: parts[item[1]])
    return System(
        group.staves,
        tuple(tuple(staff for staff, _ in members) for _, members in by_part),
        min(starts),
        max(ends),
        group.variants,
    )


def _traits(layout: PageLayout, limits: StructureLimits) -> tuple[StaffTraits, ...]:
    """Find what the staves of a page are recognised by."""
    clefs = {symbol.staff: symbol.name for symbol in reversed(layout.named(*CLEFS))}
    brackets = layout.named("bracket")
    sounding = {symbol.staff for symbol in layout.named(*_MUSIC)}
    spans = [layout.span(staff) for staff in range(len(layout.staves))]
    lengths = [x1 - x0 for x0, x1 in spans]
    spaces = [staff.space if len(staff.ys) > 1 else layout.space for staff in layout.staves]
    usual = float(np.median(spaces)) if spaces else 1.0
    traits = []
    for staff, (x0, _) in enumerate(spans):
        beside = [lengths[n] for n in (staff - 1, staff + 1) if 0 <= n < len(lengths)]
        y = sum(layout.edges(staff, x0)) / 2
        traits.append(
            StaffTraits(
                clefs.get(staff, ""),
                any(bracket.box.y0 < y < bracket.box.y1 for bracket in brackets),
                lengths[staff] < limits.short_staff_ratio * max(beside, default=0.0),
                spaces[staff] < limits.small_staff_ratio * usual,
                staff not in sounding,
            )
        )
    return tuple(traits)


# --- explanation --------------------------------------------------------------------------------------


def _of_piece(solutions: Sequence[Solution]) -> Decision:
    """Tell which structure won over which."""
    best = solutions[0]
    systems = sum(bool(group.staves) for page in best.pages for group in page)
    evidence = [f"{systems} system{'s' * (systems != 1)}"]
    if variants := sum(len(group.variants) for page in best.pages for group in page):
        evidence.append(f"{variants} staves beside the text")
    if len(solutions) == 1:
        return Decision("piece", best.structure.in_words(), tuple(evidence), inf)
    evidence.append(f"next best: {solutions[1].structure.in_words()}")
    return Decision(
        "piece", best.structure.in_words(), tuple(evidence), max(0.0, solutions[1].cost - best.cost)
    )


def _of_systems(best: Solution, pages: Sequence[PageEvidence], limits: SystemLimits) -> Iterator[Decision]:
    """Tell why each system begins and ends where it does."""
    for number, (page, groups) in enumerate(zip(pages, best.pages, strict=True), start=1):
        for row, group in enumerate(groups, start=1):
            every = sorted((*group.staves, *group.variants))
            pairs = [pair for pair in page.pairs if every[0] - 1 <= pair.upper <= every[-1]]
            chosen = f"staves {every[0] + 1} to {every[-1] + 1}" if every[1:] else f"staff {every[0] + 1}"
            if group.variants:
                beside = ", ".join(str(staff + 1) for staff in group.variants)
                chosen += f", beside the text: {beside}"
            yield Decision(
                f"page {number}, system {row}",
                chosen,
                tuple(_in_words(pair, limits) for pair in pairs),
                group.margin,
            )


def _in_words(pair: StaffPairEvidence, limits: SystemLimits) -> str:
    weights = pair.weights(limits)
    named = ", ".join(f"{name} {weight:+.1f}" for name, weight in weights.items())
    return f"staves {pair.upper + 1} and {pair.upper + 2} {sum(weights.values()):+.1f} ({named})"
