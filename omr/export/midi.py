"""Pages as a MIDI file, repeats played out: what MusicXML says, performed by music21."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from omr.export.musicxml import score_of, to_musicxml
from omr.page import Page


def write(pages: Sequence[Page], path: Path) -> None:
    """Write the music on all pages to one file."""
    from music21 import converter
    from music21.midi.translate import music21ObjectToMidiFile

    score = converter.parseData(to_musicxml(score_of(pages)), format="musicxml")
    path.write_bytes(music21ObjectToMidiFile(score).writestr())
