"""Assign hairpins to a staff and to the chords that they stand at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.systems import System
from omr.notation.limits import DynamicsLimits
from omr.notation.linking.chords import Chord, ChordsByX
from omr.notation.linking.direction_staff import direction_staff

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
        From left to right.
    """

    symbol: PlacedSymbol
    staff: int
    chords: tuple[Chord, ...]


def assign_hairpins(
    layout: PageLayout, systems: Sequence[System], chords: Sequence[Chord], limits: DynamicsLimits
) -> tuple[Hairpin, ...]:
    """Assign each hairpin to its staff and to the chords of that staff that it covers.

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
    margin = limits.hairpin_margin * layout.space
    found = []
    for name in HAIRPINS:
        for symbol in layout.by_name.get(name, ()):
            staff = direction_staff(symbol, layout, systems, limits)
            under = notes.between(symbol.box.x0 - margin, symbol.box.x1 + margin)
            above = {symbol.staff - 1, symbol.staff}
            over = symbol.y < layout.edges(symbol.staff, symbol.x)[0]
            joined = any(above <= set(system.staves) for system in systems)
            at = symbol.staff - 1 if over and joined else symbol.staff
            found.append(Hairpin(symbol, staff, tuple(chord for chord in under if chord.staff == at)))
    return tuple(found)
