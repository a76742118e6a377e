"""Notations in MusicXML: ties, slurs, tuplets, ornaments, fingering, articulations, fermatas."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from omr.export.musicxml.elements import sub
from omr.score import Event, Note

_ARTICULATIONS = {
    "accent", "strong-accent", "staccato", "tenuto", "staccatissimo", "breath-mark", "caesura",
}  # fmt: skip
_TECHNICAL = {"up-bow", "down-bow", "fingering"}
_ORNAMENTS = {"trill-mark", "turn", "inverted-turn", "mordent", "inverted-mordent"}


def write_notations(node: ET.Element, event: Event, note: Note | None, n: int) -> None:
    """Write what stands at a note: ties, slurs, the ends of tuplets, ornaments, articulations, fermatas.

    Parameters
    ----------
    node : Element
        The note.
    event : Event
    note : Note or None
        None for a rest.
    n : int
        Number of the note in its chord, from 0; the first has what belongs to the chord.
    """
    notations = ET.Element("notations")
    for tie in note.ties if note else ():
        sub(notations, "tied", type=tie)
    if n == 0:
        for slur in event.slurs:
            placement = {"placement": slur.placement} if slur.placement else {}
            sub(notations, "slur", type=slur.end, number=str(slur.number), **placement)
        for end in event.tuplet_ends if event.tuplet else ():
            sub(notations, "tuplet", type=end)
        _write_marks(notations, event)
    if "arpeggiate" in event.marks:
        sub(notations, "arpeggiate")
    if len(notations):
        node.append(notations)


def _write_marks(notations: ET.Element, event: Event) -> None:
    """Ornaments, fingering and bowing, articulations, fermatas, each kind in its own element."""
    ornaments = [mark for mark in event.marks if mark in _ORNAMENTS]
    if ornaments or event.tremolo:
        group = sub(notations, "ornaments")
        for mark in ornaments:
            sub(group, mark)
        if event.tremolo:
            sub(group, "tremolo", event.tremolo, type="single")
    technical = [mark for mark in event.marks if mark.rpartition("-")[0] == "fingering" or mark in _TECHNICAL]
    if technical:
        group = sub(notations, "technical")
        for mark in technical:
            name, _, finger = mark.rpartition("-")
            if name == "fingering":
                sub(group, "fingering", finger)
            else:
                sub(group, mark)
    articulations = [mark for mark in event.marks if mark.removesuffix("-below") in _ARTICULATIONS]
    if articulations:
        group = sub(notations, "articulations")
        for mark in articulations:
            way = {"type": "down" if mark.endswith("-below") else "up"} if "strong" in mark else {}
            sub(group, mark.removesuffix("-below"), **way)
    for mark in event.marks:
        if mark.startswith("fermata"):
            sub(notations, "fermata", type="inverted" if mark.endswith("below") else "upright")
