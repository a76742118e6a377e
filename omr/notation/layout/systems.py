"""Staves into systems, and the staves of a system into parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from omr.notation.layout.placement import PageLayout, PlacedSymbol

_JOINING = ("barline", "brace", "bracket")

_IN_LINE = 0.75
"""How many of two staves' barlines must stand above each other, if that is all that joins them."""


_AS_NEAR = 1.1
"""How much further apart two staves may be than those that are joined, and still be as near."""

_BRACED = 0.2
"""How much of a staff a brace must reach: detectors cut its ends off."""

_JOINED = 0.25
"""The same of what joins two staves: nothing begins or ends in the middle of a staff."""


@dataclass(frozen=True)
class System:
    """Staves that sound together.

    Attributes
    ----------
    staves : tuple of int
        Which of the page, from top to bottom.
    parts : tuple of tuple of int
        The same, one tuple a player: staves under one brace belong together.
    x0, x1 : float
        Where it begins and ends, level.
    """

    staves: tuple[int, ...]
    parts: tuple[tuple[int, ...], ...]
    x0: float
    x1: float


def find_systems(layout: PageLayout) -> list[System]:
    """The systems of a page from top to bottom.

    Two neighbouring staves are one system where a barline, a brace or a
    bracket joins them, or where their barlines stand in line: if one of the two
    is joined to no other, or they are as near as staves that are joined.
    """
    pairs = list(pairwise(range(len(layout.staves))))
    together = {pair for pair in pairs if _joined(layout, *pair)}
    grouped = {staff for pair in together for staff in pair}
    near = max((_gap(layout, *pair) for pair in together), default=0.0)
    together |= {
        pair
        for pair in pairs
        for is_near in [_gap(layout, *pair) <= _AS_NEAR * near]
        if _in_line(layout, *pair, 2 if is_near else 3)
        and (not grouped.issuperset(pair) or is_near)
        and not _both_opened(layout, *pair)
    }
    joined: list[list[int]] = []
    for staff in range(len(layout.staves)):
        if (staff - 1, staff) in together:
            joined[-1].append(staff)
        else:
            joined.append([staff])
    return [_system(layout, tuple(staves)) for staves in joined]


def _gap(layout: PageLayout, upper: int, lower: int) -> float:
    return layout.staves[lower].box.y0 - layout.staves[upper].box.y1


def _joined(layout: PageLayout, upper: int, lower: int) -> bool:
    uprights = layout.named(*_JOINING)
    if _under_two_brackets(layout, upper, lower):  # then only the line that opens a system joins them
        left = layout.span(lower)[0]
        uprights = [u for u in uprights if u.name != "barline" or abs(u.x - left) < layout.space]
    return any(all(spans(layout, upright, n, _JOINED) for n in (upper, lower)) for upright in uprights)


def _under_two_brackets(layout: PageLayout, upper: int, lower: int) -> bool:
    """Whether one bracket ends at the upper staff and another begins at the lower."""
    over, under = (
        {bracket for bracket in layout.named("bracket") if spans(layout, bracket, staff, _JOINED)}
        for staff in (upper, lower)
    )
    return bool(over and under) and not over & under


def spans(layout: PageLayout, upright: PlacedSymbol, staff: int, share: float = 0.5) -> bool:
    """Whether an upright runs along such a share of a staff or more."""
    top, bottom = layout.edges(staff, upright.x)
    return min(bottom, upright.box.y1) - max(top, upright.box.y0) >= share * (bottom - top)


def _in_line(layout: PageLayout, upper: int, lower: int, least: int) -> bool:
    """Whether two staves have so many barlines above each other, and few others."""
    if _gap(layout, upper, lower) >= 12 * layout.space:
        return False
    barlines = layout.named("barline")
    above, below = ([b.x for b in barlines if spans(layout, b, staff)] for staff in (upper, lower))
    shared = sum(any(abs(x - other) < 0.4 * layout.space for other in below) for x in above)
    return shared >= max(least, _IN_LINE * max(len(above), len(below)))


def _both_opened(layout: PageLayout, upper: int, lower: int) -> bool:
    """Whether a line that opens a system ends at the upper staff, and another begins at the lower."""
    opening = [
        b
        for b in layout.named("barline")
        if abs(b.x - layout.span(lower)[0]) < layout.space and b.box.height > 6 * layout.space
    ]
    return _ends_at(layout, opening, upper, -1) and _ends_at(layout, opening, lower, 1)


def _ends_at(layout: PageLayout, lines: Sequence[PlacedSymbol], staff: int, way: int) -> bool:
    """Whether a line joins three staves or more, of which this one is the first or last."""
    return any(
        all(
            0 <= n < len(layout.staves) and spans(layout, line, n)
            for n in (staff, staff + way, staff + 2 * way)
        )
        for line in lines
    )


def _system(layout: PageLayout, staves: tuple[int, ...]) -> System:
    starts, ends = zip(*map(layout.span, staves), strict=True)
    return System(staves, tuple(_parts(layout, staves)), min(starts), max(ends))


def _parts(layout: PageLayout, staves: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Cut a system into parts wherever no brace runs on from one staff to the next."""
    braces = layout.named("brace")
    part = [staves[0]]
    for upper, lower in pairwise(staves):
        if any(all(spans(layout, brace, staff, _BRACED) for staff in (upper, lower)) for brace in braces):
            part.append(lower)
        else:
            yield tuple(part)
            part = [lower]
    yield tuple(part)
