"""List the words of an engraved page: the truth that reading words is measured against."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

from omr.engraving.verovio_svg import Group, Primitive
from omr.page import TEXT_KINDS, Text

if TYPE_CHECKING:
    from omr.engraving.engraved_page import EngravedPage

_MEI = "{http://www.music-encoding.org/ns/mei}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"

_KINDS = {
    "tempo": "tempo",
    "dir": "expression",
    "harm": "chord name",
    "reh": "rehearsal mark",
    "mNum": "measure number",
    "label": "part name",
    "labelAbbr": "part name",
    "fing": "fingering",
    "syl": "lyrics",
}
"""Kinds of text, by the element of MEI that holds it."""

_HEADINGS = ("pgHead", "pgFoot")
"""Elements whose lines are kinds of their own."""

_SPACE = 0.25
"""Gap between two letters, in heights of the highest, from which a space lies between them: a space of STIX
General is 0.25 ems wide, a capital 0.66 ems high."""

_MAX_GAP = 1.0
"""Gap between two letters of a line, in heights of the highest, at most: the words of a title are nearer."""

_MAX_RISE = 1.2
"""How much higher or lower the next letter of a line stands, in heights of the highest, at most."""


class TrueSyllable(NamedTuple):
    """A syllable at its note.

    Attributes
    ----------
    measure : int
        Of the page, from 0.
    staff : int
        From 1, counted from the top.
    note : int
        Which note or chord of its staff and measure, from 0.
    verse : int
        From 1.
    text : str
    """

    measure: int
    staff: int
    note: int
    verse: int
    text: str


def true_texts(page: EngravedPage) -> tuple[Text, ...]:
    """List the words that verovio drew on a page.

    Parameters
    ----------
    page : EngravedPage
        From verovio.

    Returns
    -------
    tuple of Text
        In drawing order; the kind is that of the element, or what its id begins with.
    """
    letters: dict[Group, list[Primitive]] = defaultdict(list)
    for primitive in page.primitives:
        if isinstance(primitive, Primitive) and primitive.text and (holder := _holder(primitive.group)):
            letters[holder].append(primitive)
    named = _kinds_of_headings(page.mei)
    found = []
    for group, drawn in letters.items():
        for piece in _pieces(drawn) if group.name in _HEADINGS else [drawn]:
            said = "".join(letter.text for letter in piece)
            kind = named.get(said, "other") if group.name in _HEADINGS else _kind(group)
            found.append(_text(piece, kind))
    return tuple(found)


def _holder(group: Group) -> Group | None:
    """Find the element that holds a letter, if its words have a kind or it is a head or foot."""
    return next((g for g in group.lineage() if _kind(g) or g.name in _HEADINGS), None)


def _kinds_of_headings(mei: str) -> dict[str, str]:
    """Map the letters of the lines of heads and feet to kinds; verovio draws all of them in one group."""
    kinds = {}
    for line in ElementTree.fromstring(mei).iter(f"{_MEI}rend"):
        named = (line.get(_ID) or "").rpartition("-")[0].replace("_", " ")
        if named in TEXT_KINDS:
            kinds["".join("".join(line.itertext()).split())] = named
    return kinds


def _pieces(drawn: list[Primitive]) -> list[list[Primitive]]:
    """Cut the letters of a head or foot into its lines."""
    pieces = [drawn[:1]]
    height = max(letter.box.height for letter in drawn)
    for left, right in pairwise(drawn):
        gap = right.box.x0 - left.box.x1
        risen = abs(right.box.centre[1] - left.box.centre[1])
        if abs(gap) > _MAX_GAP * height or risen > _MAX_RISE * height:
            pieces.append([])
        pieces[-1].append(right)
    return pieces


def _kind(group: Group) -> str:
    """Say what kind the words of an element are."""
    named = group.id.rpartition("-")[0].replace("_", " ")
    return named if named in TEXT_KINDS else _KINDS.get(group.name, "")


def _text(drawn: list[Primitive], kind: str) -> Text:
    """Join the letters of an element."""
    box, said = drawn[0].box, drawn[0].text
    height = max(letter.box.height for letter in drawn)
    for left, right in pairwise(drawn):
        gap = right.box.x0 - left.box.x1
        said += " " * (gap > _SPACE * height) + right.text
        box = box.joined(right.box)
    return Text(said, box, 1.0, kind, int(kind == "lyrics"))


def true_syllables(page: EngravedPage) -> list[TrueSyllable]:
    """List the syllables of a page with their notes.

    Parameters
    ----------
    page : EngravedPage
        From verovio, with its MEI.

    Returns
    -------
    list of TrueSyllable
    """
    root = ElementTree.fromstring(page.mei)
    places = {name: i for i, name in enumerate(page.measures)}
    found = []
    for measure in root.iter(f"{_MEI}measure"):
        place = places.get(measure.get(_ID, ""))
        if place is None:
            continue
        for staff in measure.iterfind(f"{_MEI}staff"):
            notes = [n for n in staff.iter() if n.tag in (f"{_MEI}note", f"{_MEI}chord")]
            for number, note in enumerate(notes):
                for verse in note.iterfind(f"{_MEI}verse"):
                    said = "".join("".join(syl.itertext()) for syl in verse.iterfind(f"{_MEI}syl"))
                    line = int(verse.get("n", "1"))
                    found.append(TrueSyllable(place, int(staff.get("n", "1")), number, line, said))
    return found
