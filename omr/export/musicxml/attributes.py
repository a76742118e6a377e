"""Attributes of measures in MusicXML: divisions, keys, metres, staves, clefs, transposition."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from omr.export.musicxml.elements import sub
from omr.export.musicxml.words import write_transposition
from omr.score import ClefChange, KeyChange, Measure, Part, TimeSignature


def write_attributes(node: ET.Element, measure: Measure, part: Part, divisions: int) -> None:
    """Write what changes at the beginning of a measure; all of it at the beginning of the part.

    Parameters
    ----------
    node : Element
        The measure.
    measure : Measure
    part : Part
        That the measure belongs to.
    divisions : int
        Of a quarter.
    """
    opening = measure.number == part.measures[0].number
    clefs = [change for change in measure.clefs if change.onset == 0]
    if not (opening or clefs or measure.keys or measure.time or measure.resting > 1):
        return
    attributes = sub(node, "attributes")
    if opening:
        sub(attributes, "divisions", divisions)
    _write_keys(attributes, measure.keys, part.staves)
    if measure.time:
        _write_time(attributes, measure.time)
    if opening and part.staves > 1:
        sub(attributes, "staves", part.staves)
    last = {change.staff: change for change in clefs}
    for staff in sorted(last):
        write_clef(attributes, last[staff], part.staves)
    if opening:
        _write_staff_lines(attributes, part)
        write_transposition(attributes, part)
    if measure.resting > 1:
        sub(sub(attributes, "measure-style"), "multiple-rest", measure.resting)


def _write_keys(attributes: ET.Element, keys: Sequence[KeyChange], staves: int) -> None:
    """Write one key for all staves where they agree."""
    shared = len({change.fifths for change in keys}) == 1 and len(keys) == staves
    for staff, fifths in [KeyChange(0, keys[0].fifths)] if shared else sorted(keys):
        key = sub(attributes, "key", **({"number": str(staff)} if staff and staves > 1 else {}))
        sub(key, "fifths", fifths)


def _write_staff_lines(attributes: ET.Element, part: Part) -> None:
    """Write the number of lines of staves that don't have five."""
    for staff, lines in enumerate(part.staff_lines, start=1):
        if lines != 5:
            number = {"number": str(staff)} if part.staves > 1 else {}
            sub(sub(attributes, "staff-details", **number), "staff-lines", lines)


def write_clef(attributes: ET.Element, change: ClefChange, staves: int) -> None:
    """Write a clef.

    Parameters
    ----------
    attributes : Element
    change : ClefChange
    staves : int
        Of the part.
    """
    number = {"number": str(change.staff)} if staves > 1 else {}
    clef = sub(attributes, "clef", **number)
    sub(clef, "sign", change.clef.sign)
    if change.clef.sign != "percussion":
        sub(clef, "line", change.clef.line)
    if change.clef.octaves:
        sub(clef, "clef-octave-change", change.clef.octaves)


def _write_time(attributes: ET.Element, time: TimeSignature) -> None:
    """Write a time signature."""
    node = sub(attributes, "time", **({"symbol": time.symbol} if time.symbol else {}))
    sub(node, "beats", time.beats)
    sub(node, "beat-type", time.unit)
