"""Music as one sequence of notes: the longest common subsequence, and what is compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from omr.evaluation.music.comparison import MeasureNotes, Sounding
from omr.evaluation.music.sequence import (
    common_length,
    common_subsequence,
    compare_sequences,
    note_sequence,
)
from omr.score import Pitch


def bar(*steps: str, staff: int = 1, duration: int = 1) -> MeasureNotes:
    return Counter(
        Sounding(staff, Fraction(i), Fraction(duration), Pitch(step, 4)) for i, step in enumerate(steps)
    )


def length_by_table(a: Sequence[int], b: Sequence[int]) -> int:
    """The textbook's table, cell by cell."""
    table = np.zeros((len(a) + 1, len(b) + 1), int)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            table[i + 1, j + 1] = table[i, j] + 1 if x == y else max(table[i, j + 1], table[i + 1, j])
    return int(table[-1, -1])


@pytest.mark.parametrize("seed", range(20))
def test_common_subsequence_of_random_sequences_is_as_long_as_the_table_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = (rng.integers(0, 4, rng.integers(0, 90)).tolist() for _ in range(2))
    pairs = common_subsequence(a, b)
    assert len(pairs) == common_length(a, b) == length_by_table(a, b)
    assert all(a[i] == b[j] for i, j in pairs)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(pairs))


def test_common_subsequence_of_nothing_is_empty() -> None:
    assert common_subsequence([], [1]) == common_subsequence([1], []) == [] and common_length([], []) == 0


def test_note_sequence_goes_by_measure_onset_and_pitch_over_all_staves() -> None:
    measures = [bar("D", "C") + bar("C", staff=2), bar("A")]
    assert [note.pitch.step for note in note_sequence(measures)] == ["C", "D", "C", "A"]


def test_note_sequence_leaves_grace_notes_out() -> None:
    assert note_sequence([bar("C", duration=0) + bar("D")]) == list(bar("D"))


def test_compare_sequences_of_swapped_measures_differ_in_order_only() -> None:
    piece = [bar("C", "D"), bar("E", "F", "G")]
    agreement = compare_sequences(piece[::-1], piece)
    assert agreement.bag.f1 == 1 and agreement.pitch.right == agreement.duration.right == 3


def test_compare_sequences_with_wrong_durations_agree_in_pitch_only() -> None:
    agreement = compare_sequences([bar("C", "D", duration=2)], [bar("C", "D")])
    assert agreement.pitch.f1 == 1 and agreement.duration.f1 == agreement.bag.f1 == 0


def test_compare_sequences_a_missed_barline_costs_nothing() -> None:
    first, second = bar("C", "D"), bar("E", "F")
    later = Counter(note._replace(onset=note.onset + 2) for note in second)
    assert compare_sequences([first + later], [first, second]).duration.f1 == 1
