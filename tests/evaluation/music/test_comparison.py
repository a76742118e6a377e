"""Comparing music: what counts, and that a missing measure costs no other."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from omr.evaluation.music.comparison import (
    MeasureNotes,
    Sounding,
    align,
    compare,
    compare_signs,
    signs_by_measure,
)
from omr.score import Clef, ClefChange, KeyChange, Measure, Part, Pitch, Score, TimeSignature


def bar(*steps: str, duration: int = 1) -> MeasureNotes:
    return Counter(
        Sounding(1, Fraction(i), Fraction(duration), Pitch(step, 4)) for i, step in enumerate(steps)
    )


PIECE = [bar("C", "D", "E"), bar("F", "G"), bar("A"), bar("B", "C")]


def test_the_same_music_agrees() -> None:
    same = compare(PIECE, PIECE)
    assert same.rhythm.f1 == same.pitch.f1 == 1 and same.measures.right == 4 and same.rhythm.true == 8


def test_a_missing_measure_costs_only_itself() -> None:
    found = [PIECE[0], *PIECE[2:]]
    assert align(found, PIECE) == [(0, 0), (1, 2), (2, 3)]
    agreement = compare(found, PIECE)
    assert agreement.rhythm.right == 6 and agreement.rhythm.precision == 1 and agreement.measures.right == 3


def test_durations_and_onsets_count_apart() -> None:
    longer = compare([bar("C", "D", duration=2)], [bar("C", "D")])
    assert longer.pitch.f1 == 1 and longer.duration.f1 == 0 and longer.rhythm.f1 == 0
    swapped = compare([bar("D", "C")], [bar("C", "D")])
    assert swapped.pitch.f1 == swapped.duration.f1 == 1 and swapped.rhythm.f1 == 0


def test_nothing_agrees_with_nothing() -> None:
    assert compare([], []).rhythm.f1 == 1 and compare([], PIECE).rhythm.f1 == 0


def test_signs_by_measure_hold_until_they_change() -> None:
    four = Fraction(4)
    opening = Measure(
        1,
        four,
        clefs=(ClefChange(1, Fraction(0), Clef("G", 2)), ClefChange(1, Fraction(2), Clef("F", 4))),
        keys=(KeyChange(2, -3),),
        time=TimeSignature(4, 4, "common"),
    )
    signs = signs_by_measure(Score((Part("Piano", 2, (opening, Measure(2, four))),)))
    assert [s[1, "clef"] for s in signs] == [("G", 2, 0), ("F", 4, 0)]
    assert [(s[1, "key"], s[2, "key"]) for s in signs] == [(0, -3), (0, -3)]
    assert all(s[staff, "time"] == "4/4" for s in signs for staff in (1, 2))


def test_signs_by_measure_number_staves_through_the_parts() -> None:
    measure = Measure(1, Fraction(4), keys=(KeyChange(1, 2),))
    signs = signs_by_measure(Score((Part("Violin", 1, (measure,)), Part("Viola", 1, (measure,)))))
    assert signs == [{(1, "key"): 2, (2, "key"): 2}]


def test_compare_signs_counts_aligned_measures() -> None:
    true = [{(1, "key"): 2}, {(1, "key"): 2}, {(1, "key"): 0}]
    key = compare_signs([{(1, "key"): 2}, {(1, "key"): 2}], true, [(0, 0), (1, 2)])["key"]
    assert (key.found, key.true, key.right) == (2, 3, 1)
