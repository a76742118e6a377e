"""Comparing music: what counts, and that a missing measure costs no other."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from omr.evaluation.music.comparison import MeasureNotes, Sounding, align, compare
from omr.score import Pitch


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
