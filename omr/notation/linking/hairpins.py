"""Assign hairpins to a staff and to the chords that they stand at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.systems import System
from omr.notation.limits import DynamicsLimits
from omr.notation.linking.chords import Chord, ChordsByX

HAIRPINS = ("dynamicCrescendoHairpin", "dynamicDiminuendoHairpin")
"""Classes of hairpins."""


@dataclass(frozen=True)
class Hairpin:
    """A hairpin with its staff and the chords that it covers.

    Attributes
    ----------
    symbol : PlacedSymbol
    staff : int
        Index of the staff within the page.
    chords : tuple of Chord
        From left to right; of both staves where it stands between two staves of one part.
    """

    symbol: PlacedSymbol
    staff: int
    chords: tuple[Chord, ...]


def assign_hairpins(
    layout: PageLayout, systems: Sequence[System], chords: Sequence[Chord], limits: DynamicsLimits
) -> tuple[Hairpin, ...]:
    """Assign each hairpin to its staff and to the chords that it covers.

    Outside of a system a hairpin belongs to the nearest staff, and between two staves to the one that plays.
    Where both play and are two parts, it belongs to the upper only if that is much nearer. Where they are one
    part, or a system of two staves, it belongs to the upper unless the lower is much nearer, and it covers
    the chords of both.

    Parameters
    ----------
    layout : PageLayout
    systems : sequence of System
    chords : sequence of Chord
    limits : DynamicsLimits

    Returns
    -------
    tuple of Hairpin
        Crescendos, then diminuendos, each from left to right.
    """
    notes = ChordsByX(chord for chord in chords if chord.heads)
    symbols = [symbol for name in HAIRPINS for symbol in layout.by_name.get(name, ())]
    return tuple(_hairpin(symbol, layout, systems, notes, limits) for symbol in symbols)


def _hairpin(
    symbol: PlacedSymbol,
    layout: PageLayout,
    systems: Sequence[System],
    notes: ChordsByX,
    limits: DynamicsLimits,
) -> Hairpin:
    x0 = symbol.box.x0 - limits.hairpin_left * layout.space
    x1 = symbol.box.x1 + limits.hairpin_right * layout.space
    near = notes.between(x0, x1)
    staff, staves = _staff(symbol, layout, systems, {chord.staff for chord in near}, limits)
    return Hairpin(symbol, staff, tuple(chord for chord in near if chord.staff in staves))


def _staff(
    symbol: PlacedSymbol,
    layout: PageLayout,
    systems: Sequence[System],
    playing: set[int],
    limits: DynamicsLimits,
) -> tuple[int, set[int]]:
    """Find the staff of a hairpin and the staves whose chords it covers; `playing` have notes there."""
    top, bottom = layout.edges(symbol.staff, symbol.x)
    if top <= symbol.y <= bottom:
        return symbol.staff, {symbol.staff}
    upper = symbol.staff - 1 if symbol.y < top else symbol.staff
    both = {upper, upper + 1}
    system = next((s for s in systems if both <= set(s.staves)), None)
    if system is None:
        return symbol.staff, {symbol.staff}
    if len(both & playing) == 1:
        staff = min(both & playing)
        return staff, {staff}
    above, below = layout.edges(upper, symbol.x)[1], layout.edges(upper + 1, symbol.x)[0]
    down = (symbol.y - above) / max(below - above, 1.0)
    if len(system.staves) == 2 or any(both <= set(part) for part in system.parts):
        return upper if down < limits.upper_share_in_part else upper + 1, both
    staff = upper if down < limits.upper_share else upper + 1
    return staff, {staff}
