"""Composition: the score of a piece from its timed measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from omr.notation.layout.part_collation import PartCollation
from omr.notation.limits import RhythmLimits, SemanticsLimits
from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.semantics.directions import find_directions
from omr.notation.semantics.held_signatures import changed_signatures
from omr.notation.semantics.lyrics import assign_lyrics
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.pitch import Pitches
from omr.notation.semantics.signatures import Signatures
from omr.notation.semantics.slurs import join_slurs
from omr.notation.semantics.sounds import QUARTER
from omr.notation.semantics.spanners import Moment, slur_ends
from omr.notation.semantics.voices import find_voices, links_of
from omr.notation.semantics.volta_brackets import find_barlines
from omr.notation.semantics.words import find_credits, find_part_names
from omr.score import (
    Barline,
    ClefChange,
    KeyChange,
    Mark,
    Measure,
    Part,
    Score,
    Spanner,
    TimeSignature,
    Voice,
)

_NO_METRE_LENGTH = Fraction(4)
"""Quarters that a measure without notes lasts where no metre is known."""


def compose(
    drafts: Sequence[MeasureDraft],
    pages: Sequence[LinkedPage],
    collation: PartCollation,
    pitches: Pitches,
    *,
    limits: SemanticsLimits = SemanticsLimits(),
) -> Score:
    """Write the score of a piece.

    Parameters
    ----------
    drafts : sequence of MeasureDraft
        In the order of the piece, with their timing.
    pages : sequence of LinkedPage
        The pages of the piece.
    collation : PartCollation
    pitches : mapping of PlacedSymbol to HeadPitch
        By notehead.
    limits : SemanticsLimits, optional

    Returns
    -------
    Score
        Parts from top to bottom, with equally many measures.
    """
    lyrics = assign_lyrics(drafts, pages, collation, limits=limits.lyrics)
    slurs = _slurs(drafts, pages, collation, limits.composition.max_number)
    links = links_of(pages, pitches, slurs, lyrics)
    directions = find_directions(drafts, pages, collation, limits=limits.composition)
    barlines = find_barlines(drafts, pages, limits=limits.composition)
    signatures = tuple(changed_signatures(drafts))
    columns: list[list[Measure]] = []
    for index, draft in enumerate(drafts):
        duration = _duration(draft)
        voices = find_voices(draft, collation, links, duration)
        whole = Measure(
            number=index,
            length=duration,
            time=draft.time if draft.new_time else None,
            left=barlines[index][0],
            right=barlines[index][1],
            new_system=draft.new_system,
            new_page=draft.new_page,
            resting=draft.resting or 0,
            problem=find_problem(index, drafts, limits.rhythm),
        )
        columns.append(
            [
                _of_part(
                    whole,
                    draft,
                    _staves_of(part, draft, signatures[index], collation),
                    pages[draft.page].layout.space,
                    voices.get(part, ()),
                    directions.get((index, part), ()),
                )
                for part in range(len(collation.sizes))
            ]
        )
    first = measure_numbers(drafts, limits.rhythm)[0] if drafts else 1
    names = find_part_names(drafts, pages, collation)
    parts = tuple(
        Part(
            names[i].name or f"Part {i + 1}",
            size,
            tuple(_numbered((column[i] for column in columns), first)),
            lines,
            names[i].short,
        )
        for i, (size, lines) in enumerate(
            zip(collation.sizes, _staff_lines(drafts, pages, collation), strict=True)
        )
    )
    return Score(parts, find_credits(pages))


def _staff_lines(
    drafts: Sequence[MeasureDraft], pages: Sequence[LinkedPage], collation: PartCollation
) -> Iterator[tuple[int, ...]]:
    """For each part, the number of lines of each staff; nothing where all have five."""
    lines = {
        collation.part_of(line): len(pages[draft.page].layout.staves[staff].ys)
        for draft in drafts
        for staff, line in zip(draft.staves, draft.staff_numbers, strict=True)
    }
    for part, size in enumerate(collation.sizes):
        here = tuple(lines.get((part, number), 5) for number in range(1, size + 1))
        yield here if set(here) != {5} else ()


# --- slurs --------------------------------------------------------------------------------------------


def _slurs(
    drafts: Sequence[MeasureDraft],
    pages: Sequence[LinkedPage],
    collation: PartCollation,
    max_number: int,
) -> dict[Chord, tuple[Spanner, ...]]:
    """Find the ends of slurs at each chord."""
    moments: dict[Chord, Moment] = {}
    part_of: dict[Chord, int] = {}
    for index, draft in enumerate(drafts):
        timed = tuple(draft.timed_sounds())
        for chord, sound, onset in timed:
            moments[chord], part_of[chord] = (index, onset, chord.x), sound.part
        for chord in draft.graces:
            later = (onset for other, _, onset in timed if other.x > chord.x)
            moments[chord] = index, min(later, default=draft.timing.end), chord.x
            part_of[chord] = collation.part_of(draft.staff_number_of(chord.staff))[0]
    return slur_ends(join_slurs(pages), moments, part_of, max_number)


# --- measures -----------------------------------------------------------------------------------------

_StaffOfPart = tuple[int, int, Signatures]
"""Number of a staff in its part, its number on the page, and the signatures that change there."""


def _staves_of(
    part: int, draft: MeasureDraft, signatures: Sequence[Signatures], collation: PartCollation
) -> list[_StaffOfPart]:
    """List the staves of a part that a measure's system shows."""
    places = [collation.part_of(line) for line in draft.staff_numbers]
    return [
        (number, staff, here)
        for (of, number), staff, here in zip(places, draft.staves, signatures, strict=True)
        if of == part
    ]


def _of_part(
    whole: Measure,
    draft: MeasureDraft,
    staves: Sequence[_StaffOfPart],
    space: float,
    voices: tuple[Voice, ...],
    marks: tuple[Mark, ...],
) -> Measure:
    """Give a measure of all parts the music of one part."""
    return replace(
        whole,
        voices=voices,
        clefs=tuple(_clefs(draft, staves, whole.length, space)),
        marks=marks,
        keys=tuple(KeyChange(number, here.key) for number, _, here in staves if here.key is not None),
        repeats_previous=tuple(number for number, staff, _ in staves if _repeats(draft, staff)),
    )


def _clefs(
    draft: MeasureDraft, staves: Sequence[_StaffOfPart], duration: Fraction, space: float
) -> Iterator[ClefChange]:
    """Clefs with the onset of the next note on their right."""
    timed = [(sound.x * space, onset) for _, sound, onset in draft.timed_sounds()]
    for number, _, signatures in staves:
        for x, clef in signatures.clefs:
            later = [onset for at, onset in timed if at > x]
            earlier = any(at < x for at, _ in timed)
            onset = Fraction(min(later), QUARTER) if later else duration if earlier else Fraction(0)
            yield ClefChange(number, onset, clef)


def _repeats(draft: MeasureDraft, staff: int) -> bool:
    """Tell whether a staff shows nothing but the sign to repeat the measure before."""
    symbols = draft.region.symbols[draft.staves.index(staff)]
    signs = any(symbol.name == "measureRepeat" for symbol in symbols)
    return signs and not any(symbol.name.startswith("notehead") for symbol in symbols)


def measure_numbers(drafts: Sequence[MeasureDraft], limits: RhythmLimits) -> list[int]:
    """Count the measures of a piece.

    Parameters
    ----------
    drafts : sequence of MeasureDraft
        All measures of the piece, with their timing.
    limits : RhythmLimits

    Returns
    -------
    list of int
        From 0 where the piece begins with a pickup, else from 1; a rest of several measures counts as many.
    """
    numbers, number = [], 0 if drafts and _is_pickup(drafts[0], limits) else 1
    for draft in drafts:
        numbers.append(number)
        number += max(1, draft.resting or 0)
    return numbers


def _numbered(measures: Iterable[Measure], first: int) -> Iterator[Measure]:
    """Count the measures of a part and write rests of several measures out."""
    number = first
    for measure in measures:
        count = max(1, measure.resting)
        yield replace(measure, number=number, right=measure.right if count == 1 else Barline())
        for further in range(1, count):
            right = measure.right if further == count - 1 else Barline()
            yield Measure(number + further, measure.length, right=right)
        number += count


# --- durations of measures ----------------------------------------------------------------------------


def _duration(draft: MeasureDraft) -> Fraction:
    """Quarters that a measure lasts: until its last note ends, or as its metre says."""
    ticks = draft.timing.end or draft.wanted
    return Fraction(ticks, QUARTER) if ticks else _NO_METRE_LENGTH


def _is_pickup(draft: MeasureDraft, limits: RhythmLimits) -> bool:
    """Tell whether the first measure of a piece is shorter than its metre by as much as is left out."""
    if draft.wanted is None or not draft.timing.end or draft.resting is not None:
        return False
    missing = draft.wanted - draft.timing.end
    return missing >= limits.min_missing * QUARTER and draft.timing.adds_up(limits.max_cost_adding_up)


def find_problem(index: int, drafts: Sequence[MeasureDraft], limits: RhythmLimits) -> str:
    """Say why the rhythm of a measure can't be right.

    Parameters
    ----------
    index : int
        Of the measure among `drafts`.
    drafts : sequence of MeasureDraft
        All measures of the piece, with their timing.
    limits : RhythmLimits

    Returns
    -------
    str
        In words; "" where it adds up.
    """
    draft = drafts[index]
    if not (draft.timing.adds_up(limits.max_cost_adding_up) and _is_complete(index, drafts, limits)):
        return _wrong_length(_duration(draft), draft.time)
    return "a rest of several measures; their number wasn't read" if draft.resting == 0 else ""


def _wrong_length(duration: Fraction, time: TimeSignature | None) -> str:
    if time is None or time.length == duration:
        return "the rhythm is doubtful"
    return f"lasts {duration.limit_denominator(999)} quarters, not {time.beats}/{time.unit}"


def _is_complete(index: int, drafts: Sequence[MeasureDraft], limits: RhythmLimits) -> bool:
    """Tell whether a measure has its length, or is a pickup, completes one, or is cut by a repeat."""
    draft = drafts[index]
    lasts, wanted = _ticks(draft), draft.wanted
    if wanted is None or lasts >= wanted:
        return True
    if index == 0 and wanted - lasts >= limits.min_missing * QUARTER:
        return True
    neighbours = [i for i in (index - 1, index + 1) if 0 <= i < len(drafts)]
    if index == len(drafts) - 1 or draft.region.right.repeat:
        neighbours.append(0)
    return any(_ticks(drafts[i]) + lasts == wanted for i in neighbours)


def _ticks(draft: MeasureDraft) -> int:
    """Ticks that a measure lasts; one without a note is as long as its metre says."""
    return draft.timing.end or draft.wanted or 0
