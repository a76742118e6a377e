"""Assign slurs to the chords at their ends and to the chords between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.systems import System
from omr.notation.limits import SlurLimits
from omr.notation.linking.chords import Chord, ChordsByX

_Costs = list[tuple[float, Chord | None]]
"""Chords at one end of a slur, or None for no chord, with what each costs."""


@dataclass(frozen=True)
class Slur:
    """A slur and the chords that it binds.

    Attributes
    ----------
    curve : PlacedSymbol
    left, right : Chord or None
        At its ends; None where no chord is near. At least one is there.
    between : tuple of Chord
        The other chords under it, from left to right.
    above : bool
        Whether it stands above its chords.
    cut : "start", "end" or ""
        Where a system break cuts it: at "start" it comes from the system before and has no left chord, at
        "end" it goes on in the next system and has no right chord.
    """

    curve: PlacedSymbol
    left: Chord | None
    right: Chord | None
    between: tuple[Chord, ...] = ()
    above: bool = True
    cut: Literal["start", "end", ""] = ""

    @property
    def chords(self) -> tuple[Chord, ...]:
        """All chords under the slur, from left to right, those at its ends included."""
        ends = (self.left, *self.between, self.right)
        return tuple(dict.fromkeys(chord for chord in ends if chord))


def assign_slurs(
    layout: PageLayout, systems: Sequence[System], chords: Sequence[Chord], limits: SlurLimits
) -> tuple[Slur, ...]:
    """Assign each slur to the chords that it binds: those at its ends, and between the others of their voice.

    Parameters
    ----------
    layout : PageLayout
    systems : sequence of System
    chords : sequence of Chord
    limits : SlurLimits

    Returns
    -------
    tuple of Slur
        From left to right; slurs without any chord are left out.
    """
    notes = ChordsByX(chord for chord in chords if chord.heads)
    found = (_slur(curve, notes, layout, systems, limits) for curve in layout.by_name.get("slur", ()))
    return tuple(slur for slur in found if slur)


def _slur(
    curve: PlacedSymbol, notes: ChordsByX, layout: PageLayout, systems: Sequence[System], limits: SlurLimits
) -> Slur | None:
    left, right = _ends(curve, notes, layout.space, limits)
    some = left or right
    if some is None:
        return None
    if left is right:
        right = None if _nearer_start(curve, some) else some
        left = some if right is None else None
    between = _between(curve, left, right, notes)
    above = curve.y < sum(some.box_y) / 2
    cut: Literal["start", "end", ""] = ""
    if left is None or right is None:
        cut = _cut(curve, left, systems, layout.space, limits)
    return Slur(curve, left, right, between, above, cut)


def _ends(
    curve: PlacedSymbol, notes: ChordsByX, space: float, limits: SlurLimits
) -> tuple[Chord | None, Chord | None]:
    """Find the chords at both ends of a curve that cost least together."""
    reach = limits.reach * space
    candidates: list[_Costs] = []
    for x in (curve.box.x0, curve.box.x1):
        near = notes.between(x - reach, x + reach)
        costs: _Costs = [(_end_cost(curve, x, chord, space, limits), chord) for chord in near]
        candidates.append([pair for pair in costs if pair[0] < limits.max_end_cost] or [(0.0, None)])
    pairs = [
        (a + b + _mismatch(curve, left, right, limits), left, right)
        for a, left in candidates[0]
        for b, right in candidates[1]
    ]
    _, left, right = min(pairs, key=lambda pair: pair[0])
    return left, right


def _end_cost(curve: PlacedSymbol, x: float, chord: Chord, space: float, limits: SlurLimits) -> float:
    """How far the end of a curve at `x` is from a chord: from its heads or the tip of its stem."""
    ys = [chord.heads[0].y, chord.heads[-1].y]
    aside = abs(chord.x - x)
    if chord.stem:
        ys.append(chord.tip)
        aside = min(aside, abs(chord.stem_x - x))
    away = min(abs(y - edge) for y in ys for edge in (curve.box.y0, curve.box.y1))
    return (aside + limits.height_weight * max(0.0, away - limits.free_height * space)) / space


def _mismatch(curve: PlacedSymbol, left: Chord | None, right: Chord | None, limits: SlurLimits) -> float:
    """Compute the cost of slur ends at one chord, on two sides of the slur, or on two staves."""
    if left is None or right is None:
        return 0.0
    sides = {curve.y < sum(chord.box_y) / 2 for chord in (left, right)}
    return (
        limits.one_chord_cost * (left is right)
        + limits.two_sides_cost * (len(sides) > 1)
        + limits.two_staves_cost * (left.staff != right.staff)
    )


def _nearer_start(curve: PlacedSymbol, chord: Chord) -> bool:
    """Whether a chord is nearer to the start of a curve than to its end."""
    return chord.x < curve.x


def _between(
    curve: PlacedSymbol, left: Chord | None, right: Chord | None, notes: ChordsByX
) -> tuple[Chord, ...]:
    """Find the chords between the ends of a slur whose stem direction and staff are those of an end."""
    ends = [chord for chord in (left, right) if chord]
    x0, x1 = left.x if left else curve.box.x0, right.x if right else curve.box.x1
    staves, directions = {chord.staff for chord in ends}, {chord.direction for chord in ends}
    return tuple(
        chord
        for chord in notes.between(x0, x1)
        if chord.staff in staves and chord.direction in directions and x0 < chord.x < x1
    )


def _cut(
    curve: PlacedSymbol, left: Chord | None, systems: Sequence[System], space: float, limits: SlurLimits
) -> Literal["start", "end", ""]:
    """Tell at which end a system break cuts a slur with one chord."""
    system = next((system for system in systems if curve.staff in system.staves), None)
    if system is None:
        return ""
    if left:
        return "end" if curve.box.x1 > system.x1 - limits.system_end * space else ""
    return "start" if curve.box.x0 < system.x0 + limits.system_start * space else ""
