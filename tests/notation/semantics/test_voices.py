"""Voices: their order, and what becomes of notes, rests, grace notes and tuplets."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from omr.notation.layout.part_collation import PartCollation
from omr.notation.linking.chords import Chord
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.pitch import HeadPitch
from omr.notation.semantics.sounds import QUARTER, Timing, TupletRatio, ValueReading, triplet_key
from omr.notation.semantics.voices import Links, find_voices
from omr.score import Event, Pitch, Spanner, Tuplet, Voice
from tests.builders.drafts import Pair, draft, note, placed, rest, tuplet

PIANO = PartCollation((2,), {(0, 0): (0, 1)})
FOUR_QUARTERS = Fraction(4)
MIDDLE_C = Pitch("C", 4)


def timed(pairs: list[Pair], voices: list[int], ratios: dict[int, TupletRatio] | None = None) -> Timing:
    """Let the sounds of each voice follow each other as printed."""
    ends: dict[int, int] = {}
    onsets, durations = [], []
    for (_, sound), voice in zip(pairs, voices, strict=True):
        onsets.append(ends.get(voice, 0))
        durations.append(ValueReading(sound.value, sound.dots).ticks)
        ends[voice] = onsets[-1] + durations[-1]
    readings = tuple(ValueReading(sound.value, sound.dots) for _, sound in pairs)
    return Timing(tuple(onsets), tuple(durations), tuple(voices), readings, ratios or {})


def links(measure: MeasureDraft, **links: Any) -> Links:
    """Give every head middle C, and what else is said."""
    chords = [*(chord for chord, _ in measure.sounds), *measure.graces]
    pitches = {head: HeadPitch(MIDDLE_C) for chord in chords for head in chord.heads}
    plain = Links(pitches, {}, {}, {}, frozenset(), frozenset())
    return replace(plain, **links)


def voices(pairs: list[Pair], numbers: list[int] | None = None, **more: Any) -> tuple[Voice, ...]:
    """Find the voices of a measure of a piano piece whose sounds have these voices."""
    measure = draft(pairs, timing=timed(pairs, numbers or [0] * len(pairs)), **more)
    return find_voices(measure, PIANO, links(measure), FOUR_QUARTERS).get(0, ())


def single(pair: Pair, **more: Any) -> Event:
    """Find the only event of a measure with these links."""
    measure = draft([pair], timing=timed([pair], [0]))
    [[voice]] = find_voices(measure, PIANO, links(measure, **more), FOUR_QUARTERS).values()
    [event] = voice.events
    return event


# --- order ---


def test_find_voices_orders_by_staff_then_by_stems() -> None:
    pairs = [
        note(0, "half", staff=2), note(0, "half", direction="down"), note(0, "half", direction="up"),
    ]  # fmt: skip
    found = voices(pairs, [0, 1, 2])
    assert [(v.events[0].staff, v.events[0].stem) for v in found] == [(1, "up"), (1, "down"), (2, "")]


def test_find_voices_puts_events_in_the_order_of_their_onsets() -> None:
    pairs = [note(0, "quarter"), note(20, "half"), note(10, "quarter")]
    timing = replace(timed(pairs, [0, 0, 0]), onsets=(0, 2 * QUARTER, QUARTER))
    measure = draft(pairs, timing=timing)
    [voice] = find_voices(measure, PIANO, links(measure), FOUR_QUARTERS)[0]
    assert [(e.onset, e.duration, e.value) for e in voice.events] == [
        (0, 1, "quarter"), (1, 1, "quarter"), (2, 2, "half"),
    ]  # fmt: skip


def test_find_voices_of_an_empty_measure_are_none() -> None:
    assert voices([]) == ()


# --- notes ---


def test_note_has_its_printed_accidental_and_the_ends_of_its_ties() -> None:
    chord, sound = note(0)
    [head] = chord.heads
    event = single(
        (chord, sound),
        accidentals={(chord, head): placed("accidentalDoubleFlat")},
        tie_starts=frozenset({head}),
        tie_stops=frozenset({head}),
    )
    [written] = event.notes
    assert (written.accidental, written.ties, written.pitch) == ("flat-flat", ("stop", "start"), MIDDLE_C)


def test_note_with_a_small_accidental_has_the_same_word() -> None:
    chord, sound = note(0)
    event = single((chord, sound), accidentals={(chord, chord.heads[0]): placed("accidentalSharpSmall")})
    assert event.notes[0].accidental == "sharp"


def test_crossed_head_without_pitch_is_told() -> None:
    chord, sound = note(0, head="noteheadX")
    event = single((chord, sound), pitches={chord.heads[0]: HeadPitch(MIDDLE_C, unpitched=True)})
    assert (event.notes[0].head, event.notes[0].unpitched) == ("x", True)


def test_event_has_its_beams_slurs_and_each_mark_once() -> None:
    chord, sound = note(0, marks=("articStaccato", "articStaccato", "articAccent"))
    slur = Spanner("start", 1)
    event = single((chord, sound), beams={chord: ("begin",)}, slurs={chord: (slur,)})
    assert (event.beams, event.slurs, event.marks) == (("begin",), (slur,), ("staccato", "accent"))


def test_rest_is_an_event_without_notes() -> None:
    event = single(rest(0, "quarter"))
    assert (event.notes, event.value, event.duration) == ((), "quarter", 1)


# --- tuplets ---


@pytest.mark.parametrize(("signed", "ends"), [(True, [("start",), (), ("stop",)]), (False, [(), (), ()])])
def test_tuplet_starts_and_stops_where_its_number_is_printed(
    signed: bool, ends: list[tuple[str, ...]]
) -> None:
    pairs = [note(x, tuplet=0) for x in range(3)]
    group = tuplet(3, pairs, TupletRatio(3, 2), signed=signed)
    measure = draft(pairs, group, timing=timed(pairs, [0, 0, 0], {0: TupletRatio(3, 2)}))
    [voice] = find_voices(measure, PIANO, links(measure), FOUR_QUARTERS)[0]
    assert [event.tuplet for event in voice.events] == [Tuplet(3, 2)] * 3
    assert [event.tuplet_ends for event in voice.events] == ends


def test_beamed_triplet_without_a_number_has_a_ratio_and_no_ends() -> None:
    pairs = [*(note(x, beam=4) for x in range(3)), note(3, "quarter")]
    measure = draft(pairs, timing=timed(pairs, [0] * 4, {triplet_key(4): TupletRatio(3, 2)}))
    [voice] = find_voices(measure, PIANO, links(measure), FOUR_QUARTERS)[0]
    assert [event.tuplet for event in voice.events] == [Tuplet(3, 2)] * 3 + [None]
    assert not any(event.tuplet_ends for event in voice.events)


# --- grace notes, rests of the whole measure ---


def grace(x: float, staff: int = 1, slashed: bool = False) -> Chord:
    strokes = (placed("graceNoteAcciaccatura", x),) if slashed else ()
    head = placed("noteheadBlackSmall", x, staff=staff - 1)
    return Chord(99, (head,), staff - 1, x, strokes=strokes)


def test_grace_note_goes_before_the_next_note_of_its_staff() -> None:
    pairs = [note(0, "half"), note(10, "half"), note(6, "half", staff=2)]
    found = voices(pairs, [0, 0, 1], graces=(grace(5, slashed=True),))
    written = [(event.onset, event.duration, event.grace) for event in found[0].events]
    assert written == [(0, 2, ""), (2, 0, "slashed"), (2, 2, "")]
    assert len(found[1].events) == 1


def test_grace_note_after_the_last_note_ends_the_measure() -> None:
    [voice] = voices([note(0, "half"), note(10, "half")], graces=(grace(20),))
    assert [(event.onset, event.grace) for event in voice.events] == [(0, ""), (2, ""), (4, "plain")]


def test_grace_note_of_an_empty_measure_has_a_voice_of_its_own() -> None:
    [voice] = voices([], graces=(grace(5, staff=2),))
    assert [(event.onset, event.staff, event.small) for event in voice.events] == [(4, 2, True)]


def test_rest_that_fills_the_measure_lasts_as_long_as_the_measure() -> None:
    filling, _ = rest(50, "Whole", staff=2)
    upper, lower = voices([note(0, "half")], filling=(filling,))
    [event] = lower.events
    assert event.whole_measure
    assert (event.staff, event.onset, event.duration) == (2, 0, FOUR_QUARTERS)
    assert not upper.events[0].whole_measure
