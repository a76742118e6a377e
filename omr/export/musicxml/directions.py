"""Directions in MusicXML: dynamics, hairpins, octave lines, pedals, words, warnings."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from omr.export.musicxml.elements import sub
from omr.export.musicxml.words import WORD_MARKS, write_word_mark
from omr.score import Mark


def write_direction(node: ET.Element, mark: Mark, staves: int) -> None:
    """Write a mark of a measure: dynamics, a hairpin, an octave line, a pedal mark, words.

    Parameters
    ----------
    node : Element
        The measure.
    mark : Mark
    staves : int
        Of the part.
    """
    if mark.kind in WORD_MARKS:
        write_word_mark(node, mark, staves)
        return
    direction = sub(node, "direction", **({"placement": mark.placement} if mark.placement else {}))
    kind = sub(direction, "direction-type")
    number = str(mark.number)
    if mark.kind == "dynamics":
        sub(sub(kind, "dynamics"), mark.text)
    elif mark.kind in ("crescendo", "diminuendo"):
        sub(kind, "wedge", type=mark.kind if mark.end == "start" else "stop", number=number)
    elif mark.kind == "octave":
        way = {"up": "down", "down": "up"}[mark.text] if mark.end == "start" else "stop"
        sub(kind, "octave-shift", type=way, size="8", number=number)
    elif mark.kind == "pedal":
        sub(kind, "pedal", type=mark.end, line="no", sign="yes")
    else:
        sub(kind, mark.kind)
    if staves > 1:
        sub(direction, "staff", mark.staff)


def write_warning(node: ET.Element, problem: str) -> None:
    """Mark a measure that doesn't add up, where people and programs see it.

    Parameters
    ----------
    node : Element
        The measure.
    problem : str
    """
    direction = sub(node, "direction", placement="above")
    sub(sub(direction, "direction-type"), "words", f"? {problem}", color="#C00000")
