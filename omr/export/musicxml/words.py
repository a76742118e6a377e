"""Words of a score in MusicXML 4.0: credits, part names, directions, names of chords, lyrics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from omr.score import Credit, Event, Mark, Part
from omr.text.chord_names import ChordName, parse_chord_name
from omr.text.instruments import find_instrument

WORD_MARKS = ("tempo", "rehearsal", "harmony", "words")
"""Kinds of `omr.score.Mark` that are words."""

_CREATORS = ("composer", "lyricist", "arranger")

_METRONOME = re.compile(
    r"^(?P<words>.*?)[(\[]?\s*(?P<unit>\S{1,2})\s*=\s*(?:c(?:irc)?a?\.?\s*)?(?P<number>\d{2,3})\s*"
    r"(?:env\.?|ca?\.?)?\s*[)\]]?\s*$"
)
_UNITS = {"𝅝": "whole", "𝅗𝅥": "half", "♩": "quarter", "𝅘𝅥": "quarter", "♪": "eighth", "𝅘𝅥𝅮": "eighth"}
"""MusicXML's note values, by sign; a sign that is read as another letter is taken for a quarter."""


def write_titles(root: ET.Element, credits: Sequence[Credit]) -> None:
    """Write the title of a score as that of a work.

    Parameters
    ----------
    root : Element
        Of the score, before its identification.
    credits : sequence of Credit
    """
    title = next((credit.text for credit in credits if credit.kind == "title"), "")
    if title:
        ET.SubElement(ET.SubElement(root, "work"), "work-title").text = title


def write_creators(identification: ET.Element, credits: Sequence[Credit]) -> None:
    """Write who made the piece and who has its rights.

    Parameters
    ----------
    identification : Element
        Without children yet.
    credits : sequence of Credit
    """
    for credit in credits:
        if credit.kind in _CREATORS:
            ET.SubElement(identification, "creator", type=credit.kind).text = credit.text
    for credit in credits:
        if credit.kind == "copyright":
            ET.SubElement(identification, "rights").text = credit.text


def write_credits(root: ET.Element, credits: Sequence[Credit]) -> None:
    """Write the credits as they stand on the first page.

    Parameters
    ----------
    root : Element
        Of the score, before its list of parts.
    credits : sequence of Credit
    """
    for credit in credits:
        node = ET.SubElement(root, "credit", page="1")
        ET.SubElement(node, "credit-type").text = "rights" if credit.kind == "copyright" else credit.kind
        ET.SubElement(node, "credit-words").text = credit.text


def write_part_names(node: ET.Element, part: Part, number: str) -> None:
    """Write the names of a part and, where its instrument is known, the programme that plays it.

    Parameters
    ----------
    node : Element
        The `score-part`.
    part : Part
    number : str
        Id of the part.
    """
    ET.SubElement(node, "part-name").text = part.name
    if part.abbreviation:
        ET.SubElement(node, "part-abbreviation").text = part.abbreviation
    instrument = find_instrument(part.name)
    if instrument is not None:
        sounds = ET.SubElement(node, "score-instrument", id=f"{number}-I1")
        ET.SubElement(sounds, "instrument-name").text = part.name
        midi = ET.SubElement(node, "midi-instrument", id=f"{number}-I1")
        ET.SubElement(midi, "midi-program").text = str(instrument.program)


def write_transposition(attributes: ET.Element, part: Part) -> None:
    """Write how the instrument of a part transposes.

    Parameters
    ----------
    attributes : Element
        Of the first measure.
    part : Part
    """
    instrument = find_instrument(part.name)
    if instrument is not None and instrument.transposition is not None:
        node = ET.SubElement(attributes, "transpose")
        ET.SubElement(node, "diatonic").text = str(instrument.transposition.steps)
        ET.SubElement(node, "chromatic").text = str(instrument.transposition.semitones)


def write_word_mark(node: ET.Element, mark: Mark, staves: int) -> None:
    """Write a direction in words, or the name of a chord.

    Parameters
    ----------
    node : Element
        The measure.
    mark : Mark
        Of one of `WORD_MARKS`.
    staves : int
        Of the part.
    """
    chord = parse_chord_name(mark.text) if mark.kind == "harmony" else None
    if chord is not None:
        harmony = _harmony(node, chord)
        if staves > 1:
            ET.SubElement(harmony, "staff").text = str(mark.staff)
        return
    direction = ET.SubElement(node, "direction", {"placement": mark.placement} if mark.placement else {})
    metronome = _METRONOME.match(mark.text) if mark.kind == "tempo" else None
    words = metronome["words"].strip() if metronome else mark.text
    if words:
        kind = ET.SubElement(direction, "direction-type")
        tag = "rehearsal" if mark.kind == "rehearsal" else "words"
        bold = {"font-weight": "bold"} if mark.kind == "tempo" else {}
        ET.SubElement(kind, tag, bold).text = words
    if metronome:
        beat = ET.SubElement(ET.SubElement(direction, "direction-type"), "metronome")
        ET.SubElement(beat, "beat-unit").text = _UNITS.get(metronome["unit"][0], "quarter")
        if metronome["unit"].endswith("."):
            ET.SubElement(beat, "beat-unit-dot")
        ET.SubElement(beat, "per-minute").text = metronome["number"]
    if staves > 1:
        ET.SubElement(direction, "staff").text = str(mark.staff)


def _harmony(node: ET.Element, chord: ChordName) -> ET.Element:
    """Write the name of a chord; the order of elements is the schema's."""
    harmony = ET.SubElement(node, "harmony")
    root = ET.SubElement(harmony, "root")
    ET.SubElement(root, "root-step").text = chord.root
    if chord.root_alter:
        ET.SubElement(root, "root-alter").text = str(chord.root_alter)
    ET.SubElement(harmony, "kind", {"text": chord.text} if chord.text else {}).text = chord.kind
    if chord.bass:
        bass = ET.SubElement(harmony, "bass")
        ET.SubElement(bass, "bass-step").text = chord.bass
        if chord.bass_alter:
            ET.SubElement(bass, "bass-alter").text = str(chord.bass_alter)
    for kind, value, alter in chord.degrees:
        degree = ET.SubElement(harmony, "degree")
        ET.SubElement(degree, "degree-value").text = str(value)
        ET.SubElement(degree, "degree-alter").text = str(alter)
        ET.SubElement(degree, "degree-type").text = kind
    return harmony


def write_lyrics(node: ET.Element, event: Event) -> None:
    """Write the syllables of a note.

    Parameters
    ----------
    node : Element
        The first note of the event.
    event : Event
    """
    for lyric in event.lyrics:
        element = ET.SubElement(node, "lyric", number=str(lyric.verse))
        ET.SubElement(element, "syllabic").text = lyric.syllabic
        ET.SubElement(element, "text").text = lyric.text
        if lyric.extend:
            ET.SubElement(element, "extend")
