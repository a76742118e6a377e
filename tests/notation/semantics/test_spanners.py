"""Numbers of slurs that overlap, and the slurs that are left out."""

from __future__ import annotations

from omr.notation.linking.chords import Chord
from omr.notation.semantics.slurs import Arc
from omr.notation.semantics.spanners import Moment, number_spans, slur_ends
from omr.score import Spanner


def at(*starts_and_ends: tuple[float, float]) -> list[tuple[Moment, Moment]]:
    return [((start,), (end,)) for start, end in starts_and_ends]


def test_spans_that_do_not_overlap_share_the_first_number() -> None:
    assert number_spans(at((0, 1), (2, 3), (4, 5))) == [1, 1, 1]


def test_spans_that_overlap_or_touch_have_different_numbers_whatever_their_order() -> None:
    assert number_spans(at((3, 5), (0, 4), (1, 2))) == [2, 1, 2]
    assert number_spans(at((0, 2), (2, 4))) == [1, 2]


CHORDS = [Chord(i, (), 0, 10.0 * i) for i in range(4)]
MOMENTS: dict[Chord, Moment] = {chord: (chord.number,) for chord in CHORDS}
ONE_PART = dict.fromkeys(CHORDS, 0)


def test_slur_ends_tell_start_stop_and_side() -> None:
    first, second, third, _ = CHORDS
    ends = slur_ends([Arc(first, third, True), Arc(second, third, False)], MOMENTS, ONE_PART, 6)
    assert ends == {
        first: (Spanner("start", 1, "above"),),
        second: (Spanner("start", 2, "below"),),
        third: (Spanner("stop", 1), Spanner("stop", 2)),
    }


def test_slur_ends_leave_out_what_runs_backwards_or_between_parts_or_to_silent_chords() -> None:
    first, second, third, fourth = CHORDS
    parts = ONE_PART | {third: 1}
    moments = {chord: moment for chord, moment in MOMENTS.items() if chord is not fourth}
    arcs = [Arc(second, first, True), Arc(first, third, True), Arc(first, fourth, True)]
    assert slur_ends(arcs, moments, parts, 6) == {}


def test_slur_ends_leave_out_slurs_beyond_the_highest_number() -> None:
    first, second, third, fourth = CHORDS
    ends = slur_ends([Arc(first, fourth, True), Arc(second, third, True)], MOMENTS, ONE_PART, 1)
    assert set(ends) == {first, fourth}
