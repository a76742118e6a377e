"""Why notes are wrong: every cause by an example, and that the notes of all causes are the notes lost."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

from omr.evaluation.music.causes import Difference, find_differences
from omr.evaluation.music.comparison import MeasureNotes, Sounding
from omr.evaluation.music.sequence import compare_sequences
from omr.score import Pitch

Notes = list[Sounding]


def note(name: str, onset: Fraction | int = 0, duration: Fraction | int = 1, staff: int = 1) -> Sounding:
    """A note such as "C4" or "B3-1", a flat."""
    pitch = Pitch(name[0], int(name[1]), int(name[2:] or 0))
    return Sounding(staff, Fraction(onset), Fraction(duration), pitch)


LINE = [note(name, i) for i, name in enumerate(("C4", "E4", "G4", "B4"))]
"""One measure of quarters."""

NEXT = [note(name, i) for i, name in enumerate(("A4", "F4", "D4", "C4"))]
"""Another one."""


def differences(found: list[Notes], true: list[Notes]) -> list[Difference]:
    return find_differences(*([Counter(measure) for measure in piece] for piece in (found, true)))


def causes(found: list[Notes], true: list[Notes]) -> Counter[str]:
    """The notes of each cause."""
    counts: Counter[str] = Counter()
    for difference in differences(found, true):
        counts[difference.cause] += difference.notes
    return counts


def test_find_differences_of_the_same_music_are_none() -> None:
    assert not differences([LINE, NEXT], [LINE, NEXT]) and not differences([], [])


@pytest.mark.parametrize(
    ("found", "cause"),
    [("G4-1", "semitone"), ("A4", "step"), ("F4", "step"), ("G5", "octave"), ("G3", "octave")],
)
def test_find_differences_name_a_wrong_pitch(found: str, cause: str) -> None:
    wrong = [note(found, 2) if n.onset == 2 else n for n in LINE]
    assert causes([wrong, NEXT], [LINE, NEXT]) == {cause: 2}


def test_find_differences_name_a_wrong_clef() -> None:
    low = [note(name, i) for i, name in enumerate(("E2", "G2", "B2", "D3"))]
    assert causes([low, NEXT], [LINE, NEXT]) == {"clef": 8}


def test_find_differences_a_single_note_far_off_is_another_note() -> None:
    wrong = [note("C5", 2) if n.onset == 2 else n for n in LINE]
    assert causes([wrong, NEXT], [LINE, NEXT]) == {"extra": 1, "missing": 1}


@pytest.mark.parametrize(
    ("found", "true", "cause"),
    [
        (Fraction(1, 2), 1, "halved"),
        (2, 1, "doubled"),
        (Fraction(2, 3), 1, "triplet for plain"),
        (Fraction(1, 2), Fraction(1, 3), "plain for triplet"),
        (1, Fraction(3, 2), "dot"),
        (Fraction(3, 2), 1, "dot"),
        (4, 1, "other duration"),
    ],
)
def test_find_differences_name_a_wrong_duration(
    found: Fraction | int, true: Fraction | int, cause: str
) -> None:
    piece = [[*LINE, note("F5", 0, length)] for length in (found, true)]
    assert causes([piece[0], NEXT], [piece[1], NEXT]) == {cause: 2}


def test_find_differences_name_missing_and_extra_notes() -> None:
    assert causes([LINE[:3], NEXT], [LINE, NEXT]) == {"missing": 1}
    assert causes([[*LINE, note("A5", 1, 2)], NEXT], [LINE, NEXT]) == {"extra": 1}


def test_find_differences_name_a_wrong_order() -> None:
    swapped = [note("E4", 0), note("C4", 1), *LINE[2:]]
    assert causes([swapped, NEXT], [LINE, NEXT]) == {"order": 2}


def test_find_differences_of_a_lost_measure_are_structure() -> None:
    found = differences([LINE], [LINE, NEXT])
    assert {d.cause for d in found} == {"structure"} and {d.true_measure for d in found} == {1}


def test_find_differences_a_missed_barline_costs_nothing() -> None:
    later = [n._replace(onset=n.onset + 4) for n in NEXT]
    assert not differences([[*LINE, *later]], [LINE, NEXT])


def test_find_differences_on_staves_that_are_not_there_are_structure() -> None:
    below = [note("D3", 0, 4, staff=3)]
    assert causes([[*LINE, *below], NEXT], [LINE, NEXT]) == {"structure": 1}


def test_find_differences_do_not_mind_the_staff() -> None:
    assert not differences([[n._replace(staff=2) for n in LINE], NEXT], [LINE, NEXT])


def test_find_differences_cost_the_notes_that_the_sequence_lacks() -> None:
    found = [[note("C4", 0, 2), note("E5", 1), *LINE[2:]], NEXT[:3]]
    true = [LINE, NEXT]
    pieces: list[list[MeasureNotes]] = [[Counter(measure) for measure in piece] for piece in (found, true)]
    agreement = compare_sequences(*pieces).duration
    lost = agreement.found + agreement.true - 2 * agreement.right
    assert sum(d.notes for d in find_differences(*pieces)) == lost
