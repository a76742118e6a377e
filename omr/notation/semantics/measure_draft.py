"""A measure of all parts on its way to the score; every stage returns a new one that says more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from omr.notation.layout.measures import MeasureRegion
from omr.notation.layout.part_collation import PartCollation
from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.linking.tuplets import TupletSign
from omr.notation.semantics.signatures import Signatures
from omr.notation.semantics.sounds import QUARTER, SILENCE, Sound, Timing, TupletRatio
from omr.score import TimeSignature


@dataclass(frozen=True)
class TupletGroup:
    """The members of one tuplet.

    Attributes
    ----------
    members : tuple of Chord
        Notes and rests of one staff, from left to right.
    ratios : tuple of TupletRatio
        How it may be read.
    sign : TupletSign or None
        Its number and bracket; None where no number is printed.
    """

    members: tuple[Chord, ...]
    ratios: tuple[TupletRatio, ...]
    sign: TupletSign | None = None


@dataclass(frozen=True)
class MeasureDraft:
    """One measure of all parts.

    Attributes
    ----------
    page, system : int
        Page of the piece and system of the page, from 0.
    region : MeasureRegion
        The measure's place on the page.
    staves : tuple of int
        Staves of the page that the measure's system has.
    staff_numbers : tuple of int
        The same staves, numbered through the piece.
    opens_system : bool
        Whether the measure is the first of its system.
    signatures : tuple of Signatures
        Clefs, key and metre that each staff shows.
    time : TimeSignature or None
        The metre that holds.
    new_time : bool
        Whether the metre is printed here.
    sounds : tuple of (Chord, Sound)
        The notes, chords and rests that take time.
    tuplets : tuple of TupletGroup
    filling : tuple of Chord
        Rests that fill the measure whatever its metre.
    graces : tuple of Chord
        Grace notes.
    resting : int or None
        Measures of a multi-measure rest of all staves, this one the first; 0 where its number couldn't be
        read, None where no such rest stands.
    timing : Timing
        The rhythm of `sounds`.
    """

    page: int
    system: int
    region: MeasureRegion
    staves: tuple[int, ...]
    staff_numbers: tuple[int, ...]
    opens_system: bool = False
    signatures: tuple[Signatures, ...] = ()
    time: TimeSignature | None = None
    new_time: bool = False
    sounds: tuple[tuple[Chord, Sound], ...] = ()
    tuplets: tuple[TupletGroup, ...] = ()
    filling: tuple[Chord, ...] = ()
    graces: tuple[Chord, ...] = ()
    resting: int | None = None
    timing: Timing = SILENCE

    @property
    def new_page(self) -> bool:
        """Whether a page other than the first starts here."""
        return self.opens_system and self.system == 0 and self.page > 0

    @property
    def new_system(self) -> bool:
        """Whether a system other than the first of the piece starts here."""
        return self.opens_system and (self.page, self.system) != (0, 0)

    @property
    def wanted(self) -> int | None:
        """Duration of the metre that holds, in ticks; None where no metre is known."""
        return int(self.time.length * QUARTER) if self.time else None

    def staff_number_of(self, staff: int) -> int:
        """Find the staff of the piece that a staff of the page is.

        Parameters
        ----------
        staff : int
            One of `staves`.

        Returns
        -------
        int
            The one of `staff_numbers` in its place.
        """
        return self.staff_numbers[self.staves.index(staff)]

    def timed_sounds(self) -> Iterator[tuple[Chord, Sound, int]]:
        """Go through the sounds with their onsets.

        Yields
        ------
        Chord, Sound, int
            A sound and its onset in ticks, in the order of `sounds`.
        """
        for (chord, sound), onset in zip(self.sounds, self.timing.onsets, strict=True):
            yield chord, sound, onset


def draft_measures(pages: Sequence[LinkedPage], collation: PartCollation) -> tuple[MeasureDraft, ...]:
    """Start a draft for every measure of a piece.

    Parameters
    ----------
    pages : sequence of LinkedPage
        The pages of the piece in order.
    collation : PartCollation

    Returns
    -------
    tuple of MeasureDraft
        In the order of the piece, without signatures or sounds.
    """
    return tuple(
        MeasureDraft(
            number,
            row,
            region,
            system.staves,
            collation.staves[number, row],
            opens_system=region is regions[0],
        )
        for number, page in enumerate(pages)
        for row, (system, regions) in enumerate(zip(page.systems, page.measures, strict=True))
        for region in regions
    )
