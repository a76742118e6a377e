"""OMR-NED: 0 between a score and itself, more between two, nothing to say about what is no score."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

pytest.importorskip("musicdiff")

from omr.evaluation.music.ned import omr_ned, read_back
from omr.export.musicxml import to_musicxml
from omr.score import (
    Clef,
    ClefChange,
    Event,
    Measure,
    Note,
    Part,
    Pitch,
    Score,
    TimeSignature,
    Voice,
)


def written(path: Path, *steps: str) -> Path:
    """A measure of quarters."""
    events = tuple(
        Event(1, Fraction(i), Fraction(1), "quarter", notes=(Note(Pitch(s, 4)),)) for i, s in enumerate(steps)
    )
    measure = Measure(
        1, Fraction(len(steps)), (Voice(events),), (ClefChange(1, Fraction(0), Clef("G", 2)),),
        time=TimeSignature(len(steps), 4),
    )  # fmt: skip
    path.write_text(to_musicxml(Score((Part("Part 1", 1, (measure,)),))), encoding="utf-8")
    return path


@pytest.mark.slow
def test_the_distance_grows_with_what_is_wrong(tmp_path: Path) -> None:
    truth = written(tmp_path / "truth.musicxml", *"CDEF")
    near = omr_ned(written(tmp_path / "near.musicxml", *"CDEG"), truth)
    far = omr_ned(written(tmp_path / "far.musicxml", *"GGAB"), truth)
    assert omr_ned(truth, truth) == 0 and near is not None and far is not None and 0 < near < far <= 1


def test_truth_converted_and_read_back(tmp_path: Path) -> None:
    truth, again = written(tmp_path / "truth.musicxml", *"CDEF"), tmp_path / "again.musicxml"
    assert read_back(truth, again) and omr_ned(again, truth) == 0


def test_what_is_no_score_can_not_be_compared(tmp_path: Path) -> None:
    truth, odd = written(tmp_path / "truth.musicxml", *"CDEF"), tmp_path / "odd.musicxml"
    odd.write_text("no music")
    assert omr_ned(odd, truth) is None and not read_back(odd, tmp_path / "again.musicxml")


def test_what_takes_too_long_can_not_be_compared(tmp_path: Path) -> None:
    truth = written(tmp_path / "truth.musicxml", *"CDEF")
    assert omr_ned(truth, truth, patience=0) is None
