"""Assign ties to the two heads of one height that they join."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import TieLimits
from omr.notation.linking.chords import Chord

_Costs = list[tuple[float, PlacedSymbol]]
"""Heads near one end of a tie, with what their distance costs."""


@dataclass(frozen=True)
class Tie:
    """A tie and its two heads.

    Attributes
    ----------
    curve : PlacedSymbol
    left, right : PlacedSymbol or None
        None where the tie comes from another system, or goes on to another.
    """

    curve: PlacedSymbol
    left: PlacedSymbol | None
    right: PlacedSymbol | None


def assign_ties(layout: PageLayout, chords: Sequence[Chord], limits: TieLimits) -> tuple[Tie, ...]:
    """Assign each tie to two heads of one height, or to one head where a system break cuts the tie.

    Parameters
    ----------
    layout : PageLayout
    chords : sequence of Chord
    limits : TieLimits

    Returns
    -------
    tuple of Tie
        From left to right; ties without a head are left out.
    """
    row = SymbolsByX(dict.fromkeys(head for chord in chords for head in chord.heads))
    outside, inside = limits.outside * layout.space, limits.inside * layout.space
    found = []
    for curve in layout.by_name.get("tie", ()):
        x0, x1 = curve.box.x0, curve.box.x1
        lefts = _near_end(row.between(x0 - outside, x0 + inside), curve, x0, layout.space, limits)
        rights = _near_end(row.between(x1 - inside, x1 + outside), curve, x1, layout.space, limits)
        found.append(_closed(curve, lefts, rights, limits) or _open(layout, curve, lefts, rights, limits))
    return tuple(tie for tie in found if tie)


def _closed(curve: PlacedSymbol, lefts: _Costs, rights: _Costs, limits: TieLimits) -> Tie | None:
    """Make a tie of the cheapest two heads of one height on one staff."""
    pairs = [
        (a + b, left, right)
        for a, left in lefts
        for b, right in rights
        if left.staff == right.staff and left is not right
        if abs(left.position - right.position) < limits.position
    ]
    cheapest = min(pairs, key=lambda pair: pair[0], default=None)
    return Tie(curve, *cheapest[1:]) if cheapest else None


def _open(
    layout: PageLayout, curve: PlacedSymbol, lefts: _Costs, rights: _Costs, limits: TieLimits
) -> Tie | None:
    """Make a tie of one head only, where the curve reaches to the end or from the start of its staff."""
    start, end = layout.span(curve.staff)
    if lefts and curve.box.x1 > end - limits.staff_end * layout.space:
        return Tie(curve, min(lefts, key=lambda pair: pair[0])[1], None)
    if rights and curve.box.x0 < start + limits.staff_start * layout.space:
        return Tie(curve, None, min(rights, key=lambda pair: pair[0])[1])
    return None


def _near_end(
    heads: Iterable[PlacedSymbol], curve: PlacedSymbol, x: float, space: float, limits: TieLimits
) -> _Costs:
    """List the heads near the end of a curve at `x`, with what their distance costs."""
    found = []
    for head in heads:
        off = min(abs(head.y - curve.box.y0), abs(head.y - curve.box.y1)) / space
        if off < limits.off:
            found.append((abs(head.x - x) / space + limits.height_weight * off, head))
    return found
