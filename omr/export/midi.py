"""Scores as MIDI files, repeats played out: MusicXML performed by music21."""

from __future__ import annotations

from omr.export.musicxml import to_musicxml
from omr.formats import ScoreFormat
from omr.score import Score


def to_midi(score: Score) -> bytes:
    """Write a score as the content of a MIDI file.

    Parameters
    ----------
    score : Score

    Returns
    -------
    bytes
    """
    from music21 import converter
    from music21.midi.translate import music21ObjectToMidiFile

    parsed = converter.parseData(to_musicxml(score), format="musicxml")
    return bytes(music21ObjectToMidiFile(parsed).writestr())


FORMAT = ScoreFormat("midi", ".mid", "MIDI: the music played", to_midi)
