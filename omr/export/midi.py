"""Scores as MIDI files, repeats played out: MusicXML performed by music21."""

from __future__ import annotations

from dataclasses import replace

from omr.errors import InputError
from omr.export.musicxml import to_musicxml
from omr.extras import needing
from omr.formats import ScoreFormat
from omr.score import Measure, Score

MARK = b"\x00\xff\x01\x0eWritten by omr"
"""A text event at the start, with its length of 14 bytes."""

JUMPS = ("segno", "coda")
"""Kinds of `omr.score.Mark` that change the order in which measures are played."""


def to_midi(score: Score) -> bytes:
    """Write a score as the content of a MIDI file.

    Where repeats do not pair, as on an excerpt that ends before the closing one, every measure is played
    once.

    Parameters
    ----------
    score : Score

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        When music21 can't play the score, or isn't installed.
    """
    with needing("midi"):
        import music21  # noqa: F401 (a missing extra is no fault of the score)
    try:
        return _played(score)
    except Exception:  # music21 has no base class for what its repeat expander raises
        try:
            return _played(_without_repeats(score))
        except Exception as error:
            raise InputError(
                f"music21 can't play this music ({type(error).__name__}: {error}); save MusicXML"
            ) from error


def _played(score: Score) -> bytes:
    from music21 import converter
    from music21.midi.translate import music21ObjectToMidiFile

    parsed = converter.parseData(to_musicxml(score), format="musicxml")
    return _marked(bytes(music21ObjectToMidiFile(parsed).writestr()))


def _without_repeats(score: Score) -> Score:
    parts = (replace(part, measures=tuple(map(_played_once, part.measures))) for part in score.parts)
    return replace(score, parts=tuple(parts))


def _played_once(measure: Measure) -> Measure:
    left, right = (replace(side, repeat="", ending=()) for side in (measure.left, measure.right))
    marks = tuple(mark for mark in measure.marks if mark.kind not in JUMPS)
    return replace(measure, left=left, right=right, marks=marks)


def _marked(midi: bytes) -> bytes:
    """Add a text event to the first track, by which the file is known as one of this program."""
    at = midi.index(b"MTrk") + 4
    size = int.from_bytes(midi[at : at + 4], "big") + len(MARK)
    return midi[:at] + size.to_bytes(4, "big") + MARK + midi[at + 4 :]


FORMAT = ScoreFormat("midi", ".mid", "MIDI: the music played", to_midi, MARK)
