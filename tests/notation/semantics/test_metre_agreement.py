from __future__ import annotations

from dataclasses import replace

import pytest

from omr.notation.layout.measures import MeasureRegion
from omr.notation.linking.chords import Chord
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.metre_agreement import agree_metres
from omr.notation.semantics.sounds import QUARTER, SILENCE, Sound
from omr.score import Barline, TimeSignature

COMMON, WALTZ, MARCH = TimeSignature(4, 4), TimeSignature(3, 4), TimeSignature(2, 4)
NOTE = (Chord(0, (), 0, 0.0), Sound(0.0, 0, 1, "quarter"))


def measures(lengths: list[float], time: TimeSignature | None) -> list[MeasureDraft]:
    """Measures that last so many quarters, the first of them with the time signature."""
    region = MeasureRegion(0.0, 100.0, Barline(), Barline())
    return [
        MeasureDraft(
            0, 0, region, (0,), (0,), time=time, new_time=time is not None and n == 0, sounds=(NOTE,),
            timing=replace(SILENCE, end=round(length * QUARTER)),
        )
        for n, length in enumerate(lengths)
    ]  # fmt: skip


def times(drafts: list[MeasureDraft]) -> list[TimeSignature | None]:
    return [draft.time for draft in drafts]


def test_agree_metres_keeps_what_the_measures_last() -> None:
    drafts = measures([3, 3, 2.5, 3, 3], WALTZ)
    assert agree_metres(drafts) is drafts


def test_agree_metres_drops_a_time_signature_that_its_measures_contradict() -> None:
    drafts = [*measures([2] * 6, MARCH), *measures([2, 2, 2.5, 2, 2], COMMON)]
    found = agree_metres(drafts)
    assert times(found) == [MARCH] * 11
    assert [draft.new_time for draft in found] == [True] + [False] * 10


@pytest.mark.parametrize(("misread", "length", "meant"), [((2, 1), 2, (2, 4)), ((6, 4), 3, (6, 8))])
def test_agree_metres_reads_the_unit_that_fits(
    misread: tuple[int, int], length: float, meant: tuple[int, int]
) -> None:
    found = agree_metres(measures([length] * 6, TimeSignature(*misread)))
    assert times(found) == [TimeSignature(*meant)] * 6


def test_agree_metres_finds_a_metre_that_nothing_shows() -> None:
    found = agree_metres(measures([4, 4, 4, 3.5, 4, 4], None))
    assert times(found) == [COMMON] * 6
    assert found[0].new_time


def test_agree_metres_changes_nothing_on_little_evidence() -> None:
    for drafts in (measures([2, 2], COMMON), measures([2, 3, 4.5, 5, 1, 7], COMMON)):
        assert agree_metres(drafts) is drafts
