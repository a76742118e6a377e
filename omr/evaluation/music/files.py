"""Read music files for comparison: the notes of every measure, and its key, clefs and metre, by music21."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from omr.errors import InputError
from omr.evaluation.music.comparison import MeasureNotes, Signs, Sounding
from omr.score import Pitch


@dataclass(frozen=True)
class MusicFile:
    """The music in a file.

    Attributes
    ----------
    notes : list of Counter of Sounding
        By measure, over all staves.
    signs : list of dict
        What key, clef and metre hold at the start of each measure, by staff.
    """

    notes: list[MeasureNotes] = field(default_factory=list)
    signs: list[Signs] = field(default_factory=list)


def read_music(path: str | Path) -> MusicFile:
    """Read MusicXML, MEI, Humdrum, ABC or MIDI.

    The file itself is read always, and not what music21 remembers of an earlier file of that name.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    MusicFile

    Raises
    ------
    InputError
        When the file can't be read or music21 finds no music in it.
    """
    from music21 import converter

    if not Path(path).is_file():
        raise InputError(f"{path}: no such file; give a MusicXML file")
    try:
        score = converter.parse(path, forceSource=True)
        parts = list(getattr(score, "parts", None) or [score])
        music = MusicFile()
        for staff, part in enumerate(parts, start=1):
            _read_staff(part, staff, music)
    except Exception as error:  # music21 raises whatever it stumbles over
        raise InputError(f"{path}: music21 can't read it ({type(error).__name__}: {error})") from error
    if not music.notes:
        raise InputError(f"{path}: no measure of music in it; give a MusicXML file")
    return music


def _read_staff(part: Any, staff: int, music: MusicFile) -> None:
    """Add the notes and signs of one staff to the music, measure by measure."""
    signs: Signs = {(staff, "key"): 0}  # no key signature is the key without any
    for number, measure in enumerate(part.getElementsByClass("Measure")):
        if number == len(music.notes):
            music.notes.append(Counter())
            music.signs.append({})
        for name, sign in _signs(measure):
            signs[staff, name] = sign
        music.signs[number] |= signs
        music.notes[number].update(_notes(measure, staff))
        changes = sorted(
            measure.recurse().getElementsByClass("Clef"), key=lambda c: c.getOffsetInHierarchy(measure)
        )
        for clef in changes:  # one within the measure holds for the next
            signs[staff, "clef"] = _clef(clef)


def _signs(measure: Any) -> Iterator[tuple[str, object]]:
    """Key, clef and metre at the start of a measure."""
    if measure.keySignature is not None:
        yield "key", measure.keySignature.sharps
    if measure.clef is not None:
        yield "clef", _clef(measure.clef)
    if measure.timeSignature is not None:
        yield "time", measure.timeSignature.ratioString


def _clef(clef: Any) -> tuple[str, int, int]:
    return clef.sign, clef.line, clef.octaveChange


def _notes(measure: Any, staff: int) -> Iterator[Sounding]:
    for element in measure.recurse().notes:
        if "ChordSymbol" in element.classes:
            continue
        onset = _exact(element.getOffsetInHierarchy(measure))
        duration = _exact(element.duration.quarterLength)
        for pitch in getattr(element, "pitches", ()) or (element,):
            yield Sounding(staff, onset, duration, _pitch(pitch))


def _pitch(pitch: Any) -> Pitch:
    if hasattr(pitch, "displayStep"):  # without pitch, only where it stands
        return Pitch(pitch.displayStep, pitch.displayOctave)
    return Pitch(pitch.step, pitch.implicitOctave, round(pitch.alter))


def _exact(time: float | Fraction) -> Fraction:
    return Fraction(time).limit_denominator(5000)
