"""Pages as MuNG XML, the Music Notation Graph of MUSCIMA++: symbols as nodes, what owns what as links.

The format is that of MUSCIMA++ 2.0 (Hajic and Pecina, ICDAR 2017; `mung` on PyPI). Nodes have
boxes and no masks, so that the file opens where boxes are enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path
from xml.etree import ElementTree as ET

from omr.export.musicxml import core_page
from omr.notation.assembly import read_relations
from omr.notation.chord import Chord
from omr.notation.marks import find_slurs
from omr.notation.reading import Reading
from omr.page import Page
from omr.vocabulary import BY_NAME


def write(pages: Sequence[Page], path: Path) -> None:
    """Write one page's symbols and their relations."""
    (page,) = pages
    path.write_text(to_mung(page), encoding="utf-8")


def to_mung(page: Page) -> str:
    """A page as the text of a MuNG file; classes that MUSCIMA++ has no name for keep their own."""
    page = core_page(page).only(lambda symbol: all(map(isfinite, symbol.box)))
    document = Path(page.source).stem or "page"
    root = ET.Element("Nodes", dataset="omr", document=document)
    outlinks: dict[int, list[int]] = defaultdict(list)
    inlinks: dict[int, list[int]] = defaultdict(list)
    for source, target in sorted(set(links(read_relations(page)))):
        outlinks[source].append(target)
        inlinks[target].append(source)
    for number, symbol in enumerate(page.symbols):
        node = ET.SubElement(root, "Node")
        known = BY_NAME.get(symbol.name)
        x0, y0, x1, y1 = (round(edge) for edge in symbol.box)
        fields: dict[str, object] = {
            "Id": number,
            "ClassName": known.muscima[0] if known and known.muscima else symbol.name,
            "Top": y0,
            "Left": x0,
            "Width": max(1, x1 - x0),
            "Height": max(1, y1 - y0),
            "Outlinks": " ".join(map(str, outlinks[number])),
            "Inlinks": " ".join(map(str, inlinks[number])),
        }
        for name, value in fields.items():
            if value != "":
                ET.SubElement(node, name).text = str(value)
    ET.indent(root, "  ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def links(reading: Reading) -> Iterator[tuple[int, int]]:
    """Pairs of symbols, by their index on the page, of which the first owns the second."""
    for chord in reading.chords:
        owners = [part.index for part in (*chord.heads, chord.rest) if part]
        for owner in owners:
            for part in _parts(chord):
                yield owner, part
        for head, accidental in chord.accidentals.items():
            yield head.index, accidental.index
    for tie in reading.ties:
        for head in filter(None, (tie.left, tie.right)):
            yield head.index, tie.curve.index
    for arc in find_slurs([reading]):
        for chord in (arc.left, arc.right):
            for head in chord.heads:
                yield from ((head.index, curve.index) for curve in arc.curves)


def _parts(chord: Chord) -> Iterator[int]:
    """What every head of a chord owns."""
    for part in (chord.stem, chord.flag, *chord.beams, *chord.dotted, *chord.marks):
        if part:
            yield part.index
