"""MIDI files: the notes played, repeats played out."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import Literal

import pytest

from omr.export.midi import to_midi
from omr.score import Barline, Event, Measure, Note, Part, Pitch, Score, Voice

Repeat = Literal["", "forward", "backward"]


def measure(number: int, left: Repeat = "", right: Repeat = "") -> Measure:
    """A whole note in a measure with repeats at its sides."""
    event = Event(1, Fraction(0), Fraction(4), "whole", notes=(Note(Pitch("C", 4)),))
    return Measure(
        number, Fraction(4), (Voice((event,)),), left=Barline(repeat=left), right=Barline(repeat=right)
    )


def notes_played(score: Score) -> int:
    from music21 import midi

    file = midi.MidiFile()
    file.openFileLike(BytesIO(to_midi(score)))
    file.read()
    return sum(event.isNoteOn() for track in file.tracks for event in track.events)


@pytest.mark.parametrize(
    ("measures", "played"),
    [
        pytest.param((measure(1), measure(2)), 2, id="without repeats"),
        pytest.param((measure(1, left="forward"), measure(2, right="backward")), 4, id="repeated"),
        pytest.param((measure(1, left="forward"), measure(2)), 2, id="never closed"),
        pytest.param((measure(1), measure(2, left="forward"), measure(3, left="forward")), 3, id="two open"),
    ],
)
def test_repeats_are_played_out_where_they_pair(measures: tuple[Measure, ...], played: int) -> None:
    assert notes_played(Score((Part("Piano", 1, measures),))) == played
