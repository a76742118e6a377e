"""Pitches: clefs, key signatures, accidentals through the measure, ties and octave lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from omr.notation.layout.placement import PlacedSymbol
from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.linking.octave_lines import OctaveLine
from omr.notation.semantics.clefs import step_of
from omr.notation.semantics.key_signatures import key_alteration
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.signatures import FIRST_CLEF, Signatures
from omr.score import Clef, Pitch

_PERCUSSION = Clef("percussion", 2)

_ONLY_LINE = 4
"""Position of the line of a staff of one line, in half staff spaces (`omr.notation.layout.placement`)."""

_ALTERATIONS = {"Flat": -1, "Sharp": 1, "Natural": 0, "DoubleSharp": 2, "DoubleFlat": -2}
"""Semitones by which each accidental alters its note."""


class HeadPitch(NamedTuple):
    """What a notehead stands for.

    Attributes
    ----------
    pitch : Pitch
        As it sounds, or the place on the staff of a note without pitch.
    unpitched : bool
    """

    pitch: Pitch
    unpitched: bool = False


Pitches = Mapping[PlacedSymbol, HeadPitch]
"""Pitches by notehead."""


@dataclass(frozen=True)
class StaffState:
    """What holds on a staff between two notes.

    Attributes
    ----------
    clef : Clef
    key : int
        Sharps, or flats if negative.
    alterations : mapping of int to int
        Semitones that each step (above C0) was last altered by, for ties over a system break.
    """

    clef: Clef = FIRST_CLEF
    key: int = 0
    alterations: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))


class PrintedHead(NamedTuple):
    """A notehead and what its pitch depends on.

    Attributes
    ----------
    symbol : PlacedSymbol
    x : float
        Position of its chord in pixels.
    accidental : PlacedSymbol or None
        Printed before it.
    octaves : int
        Shift of the octave line that it stands under.
    tied : bool
        Whether it is the right end of a tie.
    tied_to : PlacedSymbol or None
        The left end of that tie; None where that is on another system.
    """

    symbol: PlacedSymbol
    x: float
    accidental: PlacedSymbol | None = None
    octaves: int = 0
    tied: bool = False
    tied_to: PlacedSymbol | None = None


def find_pitches(drafts: Sequence[MeasureDraft], pages: Sequence[LinkedPage]) -> Pitches:
    """Find the pitch of every notehead of a piece.

    Parameters
    ----------
    drafts : sequence of MeasureDraft
        In the order of the piece, with their signatures.
    pages : sequence of LinkedPage
        The pages of the piece, with accidentals and ties.

    Returns
    -------
    mapping of PlacedSymbol to HeadPitch
        By notehead.
    """
    found: dict[PlacedSymbol, HeadPitch] = {}
    states: dict[int, StaffState] = {}
    ties = [{tie.right: tie.left for tie in page.ties if tie.right} for page in pages]
    accidentals = [printed_accidentals(page) for page in pages]
    for draft in drafts:
        page = pages[draft.page]
        for staff, line, signatures in zip(draft.staves, draft.staff_numbers, draft.signatures, strict=True):
            heads = _printed_heads(draft, staff, page, ties[draft.page], accidentals[draft.page])
            lines = len(page.layout.staves[staff].ys)
            state = states.get(line, StaffState())
            pitches, states[line] = read_pitches(heads, signatures, state, found, lines)
            found |= pitches
    return MappingProxyType(found)


def printed_accidentals(page: LinkedPage) -> dict[tuple[Chord, PlacedSymbol], PlacedSymbol]:
    """Give the accidental of a notehead on two stems to one of its chords, the last.

    Parameters
    ----------
    page : LinkedPage

    Returns
    -------
    dict of (Chord, PlacedSymbol) to PlacedSymbol
        The accidental of each notehead that has one, by chord and notehead.
    """
    owner = {head: chord for chord in page.chords for head in chord.heads}
    return {(owner[head], head): accidental for head, accidental in page.accidentals.items()}


def _printed_heads(
    draft: MeasureDraft,
    staff: int,
    page: LinkedPage,
    ties: Mapping[PlacedSymbol, PlacedSymbol | None],
    accidentals: Mapping[tuple[Chord, PlacedSymbol], PlacedSymbol],
) -> list[PrintedHead]:
    """List the noteheads of one staff of a measure, from left to right."""
    chords = sorted(page.chords_in(draft.region, staff), key=lambda chord: chord.x)
    return [
        PrintedHead(
            head,
            chord.x,
            accidentals.get((chord, head)),
            _octaves_at(page.octaves, head.staff, chord.x),
            head in ties,
            ties.get(head),
        )
        for chord in chords
        for head in chord.heads
    ]


def _octaves_at(lines: Sequence[OctaveLine], staff: int, x: float) -> int:
    """Find the shift of the octave line over a place on a staff."""
    return next((line.octaves for line in lines if line.staff == staff and line.x0 <= x <= line.x1), 0)


def read_pitches(
    heads: Sequence[PrintedHead],
    signatures: Signatures,
    state: StaffState,
    earlier: Pitches = MappingProxyType({}),
    lines: int = 5,
) -> tuple[dict[PlacedSymbol, HeadPitch], StaffState]:
    """Find the pitches of one staff of one measure.

    Parameters
    ----------
    heads : sequence of PrintedHead
        From left to right.
    signatures : Signatures
        Of the staff in this measure.
    state : StaffState
        What holds at the start of the measure.
    earlier : mapping of PlacedSymbol to HeadPitch
        Pitches of the measures before, for ties.
    lines : int
        Number of lines of the staff. Notes on a single line have no pitch, whatever the clef.

    Returns
    -------
    pitches : dict of PlacedSymbol to HeadPitch
        By notehead of the measure.
    state : StaffState
        What holds at the end of the measure.
    """
    key = state.key if signatures.key is None else signatures.key
    clef, clefs = state.clef, list(signatures.clefs)
    last = dict(state.alterations)
    accidentals: dict[int, int] = {}
    found: dict[PlacedSymbol, HeadPitch] = {}
    for head in heads:
        while clefs and clefs[0][0] < head.x:
            clef = clefs.pop(0)[1]
        if clef.sign == "percussion" or lines == 1:
            found[head.symbol] = _unpitched(head, lines)
            continue
        step = step_of(clef, round(head.symbol.position), lines)
        if head.accidental:
            alter = accidentals[step] = _ALTERATIONS[_kind(head.accidental)]
        elif head.tied:
            left = (found.get(head.tied_to) or earlier.get(head.tied_to)) if head.tied_to else None
            alter = left.pitch.alter if left else last.get(step, key_alteration(step, key))
        else:
            alter = accidentals.get(step, key_alteration(step, key))
        last[step] = alter
        found[head.symbol] = HeadPitch(_pitch(step + 7 * head.octaves, alter))
    return found, replace(
        state, clef=clefs[-1][1] if clefs else clef, key=key, alterations=MappingProxyType(last)
    )


def _kind(accidental: PlacedSymbol) -> str:
    """Return the kind of an accidental of any size."""
    return accidental.name.removeprefix("accidental").removesuffix("Small")


def _unpitched(head: PrintedHead, lines: int) -> HeadPitch:
    """Find where a note without pitch stands on its staff."""
    position = round(head.symbol.position) - (_ONLY_LINE if lines == 1 else 0)
    return HeadPitch(_pitch(step_of(_PERCUSSION, position, lines), 0), unpitched=True)


def _pitch(step: int, alter: int) -> Pitch:
    return Pitch("CDEFGAB"[step % 7], step // 7, alter)
