"""Scores as MusicXML: whatever the corpus has, and excerpts of it that fill a page or two.

LilyPond lays out a whole score before it draws one page, so a page of a long
movement costs as much as the movement. An excerpt looks the same and is quick.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from lxml import etree

from omr.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What a measure inherits from those before it; clefs, keys and metres are one a staff where numbered.
_LASTING = (
    "divisions",
    "key",
    "time",
    "staves",
    "part-symbol",
    "instruments",
    "clef",
    "staff-details",
    "transpose",
)
#: What ties an encoding to somebody's page: sizes, fonts, breaks.
_LAYOUT = ("defaults", "print", "credit")


def to_musicxml(score: str) -> str:
    """Convert Humdrum or ABC to MusicXML by music21; MusicXML stays as it is.

    Parameters
    ----------
    score : str
        MusicXML, Humdrum or ABC.

    Returns
    -------
    str
        MusicXML.

    Raises
    ------
    InputError
        When music21 can't read it.
    """
    if score.lstrip("\ufeff \n").startswith("<"):
        return score
    from music21 import converter
    from music21.musicxml.m21ToXml import GeneralObjectExporter

    kind = "abc" if score.lstrip().startswith("X:") else "humdrum"
    try:
        # parseData reads the text alone; `parse` may take it for a path and unpickle a cached score
        parsed = converter.parseData(score, format=kind)
        return str(GeneralObjectExporter(parsed).parse(), "utf-8")
    except Exception as error:  # music21 has no base class for what its parsers raise
        raise InputError(f"music21 can't read this {kind} score ({type(error).__name__}: {error})") from error


class Score:
    """A MusicXML score that excerpts are cut from.

    Parameters
    ----------
    text : str
        MusicXML, partwise.

    Raises
    ------
    InputError
        When it is no partwise MusicXML or has no measures.
    """

    def __init__(self, text: str) -> None:
        # the text is decoded already, so an encoding that the declaration names would only mislead
        parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=False)
        try:
            self._root = etree.fromstring(text.encode(), parser)
        except etree.XMLSyntaxError as error:
            raise InputError(f"not well-formed MusicXML: {error}") from None
        parts = self._root.findall("part")
        if self._root.tag != "score-partwise" or not parts or not parts[0].findall("measure"):
            raise InputError(f"<{self._root.tag}> without measures; give partwise MusicXML")
        self.measures = min(len(part.findall("measure")) for part in parts)

    @property
    def staves(self) -> int:
        """How many staves a system has."""
        counts = [part.findtext(".//attributes/staves", "1") for part in self._root.iterfind("part")]
        return sum(int(count) for count in counts)

    def widths(self) -> list[float]:
        """Estimate the width of each measure from the voice with the most notes.

        Returns
        -------
        list of float
            In staff spaces.
        """
        widths = []
        for n in range(self.measures):
            busiest = 1
            for part in self._root.iterfind("part"):
                voices: dict[str, int] = {}
                for note in part.findall("measure")[n].iterfind("note"):
                    if note.find("chord") is None:
                        voice = note.findtext("voice", "1")
                        voices[voice] = voices.get(voice, 0) + 1
                busiest = max(busiest, *voices.values(), 1)
            widths.append(3.0 + 2.6 * busiest)
        return widths

    def excerpt(self, first: int, end: int) -> str:
        """Cut out measures, with the clefs, keys and metres in force at their start and without layout.

        Parameters
        ----------
        first, end : int
            The first measure and the one after the last, counted from 0.

        Returns
        -------
        str
            MusicXML.
        """
        root = copy.deepcopy(self._root)
        for part in root.iterfind("part"):
            measures = part.findall("measure")
            inherited = _in_force(measures[:first])
            _begin_with(measures[first], inherited)
            for measure in measures[:first] + measures[end:]:
                part.remove(measure)
        _close_spans(root)
        etree.strip_elements(root, *_LAYOUT, with_tail=False)
        return str(etree.tostring(root, encoding="unicode"))


def _key(element: etree._Element) -> tuple[str, str]:
    return str(element.tag), element.get("number", "1")


def _in_force(measures: Sequence[etree._Element]) -> dict[tuple[str, str], etree._Element]:
    """Find the last value of each lasting attribute in the measures."""
    found: dict[tuple[str, str], etree._Element] = {}
    for measure in measures:
        for attributes in measure.iterfind("attributes"):
            for element in attributes:
                if element.tag in _LASTING:
                    if element.tag in ("key", "time") and element.get("number") is None:
                        found = {key: value for key, value in found.items() if key[0] != element.tag}
                    found[_key(element)] = element
    return found


def _begin_with(measure: etree._Element, inherited: dict[tuple[str, str], etree._Element]) -> None:
    """Put what is in force at the head of a measure, but for what it sets itself before its first note."""
    own = {}
    for element in measure:
        if element.tag in ("note", "backup", "forward"):
            break
        if element.tag == "attributes":
            own.update({_key(child): child for child in element})
            measure.remove(element)
    merged = {**inherited, **own}
    head = etree.Element("attributes")
    for child in sorted(merged.values(), key=lambda child: _order(str(child.tag))):
        head.append(copy.deepcopy(child))
    if len(head):
        measure.insert(0, head)


def _order(tag: str) -> int:
    return _LASTING.index(tag) if tag in _LASTING else len(_LASTING)


_SPANS = ("slur", "tuplet", "wedge", "octave-shift", "pedal", "glissando", "slide", "wavy-line")
_BEGIN = ("start", "crescendo", "diminuendo", "up", "down")


def _close_spans(root: etree._Element) -> None:
    """Take out the halves of slurs, hairpins and the like whose other half is not in the excerpt.

    Ties may stay: they find their partner by its pitch.
    """
    for part in root.iterfind("part"):
        begun: dict[tuple[str, ...], etree._Element] = {}
        for element in list(part.iter(*_SPANS)):
            kind, key = element.get("type"), _span(element)
            if kind in _BEGIN:
                if element.tag == "tuplet" and key in begun:  # never ended, and musicxml2ly would fail
                    _remove(begun[key])
                begun[key] = element
            elif kind == "stop" and begun.pop(key, None) is None:
                _remove(element)
        for element in begun.values():
            _remove(element)


def _span(element: etree._Element) -> tuple[str, ...]:
    """Make the key that the two ends of a span have in common."""
    key = (*_key(element),)
    if element.tag != "tuplet":
        return key
    note = next(element.iterancestors("note"))
    return (*key, note.findtext("voice", "1"))


def _remove(element: etree._Element) -> None:
    """Take an element out, and the ``<direction>`` around it if nothing else is in it."""
    parent = element.getparent()
    if parent is None:
        return
    parent.remove(element)
    if parent.tag == "direction-type" and not len(parent):
        direction = parent.getparent()
        direction.remove(parent)
        if direction.find("direction-type") is None and direction.getparent() is not None:
            direction.getparent().remove(direction)
