"""A measure of all parts while it is being read."""

from __future__ import annotations

from dataclasses import dataclass, field

from omr.notation.layout.measures import MeasureRegion
from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.linking.tuplets import TupletSign
from omr.notation.semantics.rhythm import QUARTER, Sound, Timing
from omr.notation.semantics.signatures import Signs
from omr.score import TimeSignature


@dataclass
class MeasureDraft:
    """A measure of all parts while it is being read.

    Attributes
    ----------
    reading : LinkedPage
    bar : MeasureRegion
    lines : tuple of int
        The staves of the piece that this system shows.
    staves : tuple of int
        The same staves on the page.
    signs : tuple of Signs
        By staff of the system.
    time : TimeSignature or None
        The one that holds.
    new_time : bool
        Whether it stands here.
    sounds : list of (Chord, Sound)
    tuplets : list of (members, TupletSign)
    filling : list of Chord
        Rests that fill the measure.
    graces : list of Chord
    """

    reading: LinkedPage
    bar: MeasureRegion
    lines: tuple[int, ...]
    staves: tuple[int, ...]
    signs: tuple[Signs, ...]
    time: TimeSignature | None
    new_time: bool
    new_system: bool
    new_page: bool
    sounds: list[tuple[Chord, Sound]] = field(default_factory=list)
    tuplets: list[tuple[list[Chord], TupletSign]] = field(default_factory=list)
    filling: list[Chord] = field(default_factory=list)
    graces: list[Chord] = field(default_factory=list)
    timing: Timing | None = None

    @property
    def wanted(self) -> int | None:
        return int(self.time.length * QUARTER) if self.time else None

    def line_of(self, staff: int) -> int:
        """Which staff of the piece a staff of the page is."""
        return self.lines[self.staves.index(staff)]
