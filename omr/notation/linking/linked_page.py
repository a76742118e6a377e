"""The value of a linked page: everything that says which symbol belongs to which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from omr.notation.layout.measures import MeasureRegion
from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.systems import System
from omr.notation.linking.chords import Chord
from omr.notation.linking.direction_staff import StaffSign
from omr.notation.linking.dynamics import DynamicsWord
from omr.notation.linking.hairpins import Hairpin
from omr.notation.linking.octave_lines import OctaveLine
from omr.notation.linking.pedals import Pedal
from omr.notation.linking.slurs import Slur
from omr.notation.linking.ties import Tie
from omr.notation.linking.tuplets import TupletSign
from omr.notation.linking.volta_signs import VoltaSign


@dataclass(frozen=True, eq=False)
class LinkedPage:
    """A page whose symbols are linked: what the score and the notation graph are made of.

    Attributes
    ----------
    layout : PageLayout
    systems : tuple of System
        From top to bottom.
    measures : tuple of tuple of MeasureRegion
        The measures of each system, from left to right.
    chords : tuple of Chord
        Chords and rests; `Chord.number` is the index.
    groups : tuple of tuple of Chord
        Chords under common beams, each group from left to right.
    accidentals : mapping of PlacedSymbol to PlacedSymbol
        The accidental of each head that has one, from `omr.notation.linking.assign_accidentals`.
    ties : tuple of Tie
    slurs : tuple of Slur
    tuplets : tuple of TupletSign
    dynamics : tuple of DynamicsWord
    hairpins : tuple of Hairpin
    octaves : tuple of OctaveLine
    pedals : tuple of Pedal
    signs : tuple of StaffSign
        Segnos and codas.
    voltas : tuple of VoltaSign
    """

    layout: PageLayout
    systems: tuple[System, ...]
    measures: tuple[tuple[MeasureRegion, ...], ...]
    chords: tuple[Chord, ...]
    groups: tuple[tuple[Chord, ...], ...] = ()
    accidentals: Mapping[PlacedSymbol, PlacedSymbol] = field(default_factory=dict)
    ties: tuple[Tie, ...] = ()
    slurs: tuple[Slur, ...] = ()
    tuplets: tuple[TupletSign, ...] = ()
    dynamics: tuple[DynamicsWord, ...] = ()
    hairpins: tuple[Hairpin, ...] = ()
    octaves: tuple[OctaveLine, ...] = ()
    pedals: tuple[Pedal, ...] = ()
    signs: tuple[StaffSign, ...] = ()
    voltas: tuple[VoltaSign, ...] = ()

    def chords_in(self, measure: MeasureRegion, staff: int) -> tuple[Chord, ...]:
        """Find the chords and rests of one staff of a measure.

        Parameters
        ----------
        measure : MeasureRegion
        staff : int
            Index of the staff within the page.

        Returns
        -------
        tuple of Chord
            From left to right.
        """
        return tuple(c for c in self._by_staff.get(staff, ()) if measure.x0 <= c.x < measure.x1)

    @cached_property
    def _by_staff(self) -> dict[int, list[Chord]]:
        """The chords of each staff, from left to right."""
        found: dict[int, list[Chord]] = {}
        for chord in sorted(self.chords, key=lambda chord: chord.x):
            found.setdefault(chord.staff, []).append(chord)
        return found
