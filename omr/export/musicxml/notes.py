"""Notes and rests in MusicXML."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from omr.export.musicxml.elements import sub
from omr.export.musicxml.notations import write_notations
from omr.export.musicxml.words import write_lyrics
from omr.score import Event, Note


def write_note(
    node: ET.Element, event: Event, note: Note | None, n: int, *, voice: int, staves: int, duration: int
) -> None:
    """Write one note of a chord, or a rest; the order of elements is the schema's.

    Parameters
    ----------
    node : Element
        The note, still empty.
    event : Event
    note : Note or None
        None for a rest.
    n : int
        Number of the note in its chord, from 0.
    voice : int
        Number of the voice in its part, from 1.
    staves : int
        Staves of the part.
    duration : int
        Of the event, in divisions.
    """
    if event.grace:
        sub(node, "grace", **({"slash": "yes"} if event.grace == "slashed" else {}))
    elif event.small:
        sub(node, "cue")
    if n:
        sub(node, "chord")
    if note is None:
        sub(node, "rest", **({"measure": "yes"} if event.whole_measure else {}))
    else:
        _write_pitch(node, note)
    if not event.grace:
        sub(node, "duration", max(1, duration))
    may_be_tied = event.grace or not event.small  # the schema has no tied cues
    for tie in note.ties if note and may_be_tied else ():
        sub(node, "tie", type=tie)
    sub(node, "voice", voice)
    if not event.whole_measure:
        sub(node, "type", event.value)
    _write_looks(node, event, note)
    if staves > 1:
        sub(node, "staff", event.staff)
    for level, word in enumerate(event.beams if n == 0 and note else (), start=1):
        sub(node, "beam", word, number=str(level))
    write_notations(node, event, note, n)
    if note and n == 0:
        write_lyrics(node, event)


def _write_pitch(node: ET.Element, note: Note) -> None:
    if note.unpitched:
        unpitched = sub(node, "unpitched")
        sub(unpitched, "display-step", note.pitch.step)
        sub(unpitched, "display-octave", note.pitch.octave)
        return
    pitch = sub(node, "pitch")
    sub(pitch, "step", note.pitch.step)
    if note.pitch.alter:
        sub(pitch, "alter", note.pitch.alter)
    sub(pitch, "octave", min(max(note.pitch.octave, 0), 9))


def _write_looks(node: ET.Element, event: Event, note: Note | None) -> None:
    """Dots, accidental, tuplet, stem and head."""
    for _ in range(event.dots):
        sub(node, "dot")
    if note and note.accidental:
        sub(node, "accidental", note.accidental)
    if event.tuplet:
        modification = sub(node, "time-modification")
        sub(modification, "actual-notes", event.tuplet.actual)
        sub(modification, "normal-notes", event.tuplet.normal)
    if note and event.stem:
        sub(node, "stem", event.stem)
    if note and note.head:
        sub(node, "notehead", note.head)
