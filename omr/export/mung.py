"""Pages as MuNG XML, the Music Notation Graph of MUSCIMA++: symbols as nodes, what owns what as links.

The format is that of MUSCIMA++ 2.0 (Hajic and Pecina, ICDAR 2017; `mung` on PyPI). Nodes have
boxes and no masks, so that the file opens where boxes are enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from xml.etree import ElementTree as ET

from omr.formats import PageFormat
from omr.page import Page
from omr.vocabulary import BY_NAME, Names
from omr.vocabulary.translation import core_page


def to_mung(page: Page) -> str:
    """Write the notation graph of a page as the text of a MuNG file.

    Parameters
    ----------
    page : Page
        In any vocabulary.

    Returns
    -------
    str
        Nodes in the names of MUSCIMA++; classes that it has no name for keep their core names. After the
        symbols of the page come its staves with their lines and spaces, then the symbols made of others.
    """
    from omr.notation.graph import notation_graph  # brings OpenCV and scipy

    page = core_page(page).only(lambda symbol: all(map(isfinite, symbol.box)))
    graph = notation_graph(page)
    root = ET.Element("Nodes", dataset="omr", document=Path(page.source).stem or "page")
    outlinks: dict[int, list[int]] = defaultdict(list)
    inlinks: dict[int, list[int]] = defaultdict(list)
    for source, target in sorted(graph.edges):
        outlinks[source].append(target)
        inlinks[target].append(source)
    for number, symbol in enumerate(graph.symbols):
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


def _render(pages: Sequence[Page], names: Names | None = None) -> str:
    """One page in the names of MUSCIMA++, whatever `names`."""
    (page,) = pages
    return to_mung(page)


FORMAT = PageFormat(
    "mung",
    ".xml",
    "MuNG: symbols and what belongs to what, as in MUSCIMA++",
    _render,
    many=False,
    mark=b'dataset="omr"',
)
