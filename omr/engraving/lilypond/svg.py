"""A LilyPond page in SVG (with ``tags.ily``), taken apart into filled outlines in page pixels."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

import skia
from lxml import etree

from omr.engraving.lilypond.fonts import outline
from omr.engraving.outlines import Point, bounds, matrix_of, placed, shape_of, stroked
from omr.page import Box

if TYPE_CHECKING:
    from omr.engraving.lilypond.fonts import LilyPondFont

_EM = 4.0  # staff spaces an em of a music font


@dataclass(frozen=True, eq=False, slots=True)
class Grob:
    """One thing that LilyPond places as a whole; two grobs are the same only if they are one element.

    Attributes
    ----------
    name : str
        LilyPond's, such as "NoteHead"; "" for titles and what else is no grob.
    id : int
        Of this grob on all its pages; 0 for none.
    staff, stem : int
        The ids of the StaffSymbol it refers to and of the Stem it belongs to; 0 for none.
    position : float
        Half staff spaces above the middle of its staff, for what stands somewhere on it.
    direction : int
        1 up or above, -1 down or below, 0 neither.
    growth : int
        1 for a crescendo, -1 for a diminuendo.
    """

    name: str = ""
    id: int = 0
    staff: int = 0
    stem: int = 0
    position: float = 0.0
    direction: int = 0
    growth: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Ink:
    """One thing drawn.

    Attributes
    ----------
    path : skia.Path
        The filled outline, page pixels.
    box : Box
        The outline's exact bounds, page pixels.
    grob : Grob
    glyph : str
        Name of the glyph, for glyphs.
    font : str
        Stem of the file the glyph is from.
    scale : float
        Pixels a staff space of the glyph's font, else 0.
    points : tuple of (x, y)
        Through which a stroke goes, page pixels.
    stroke : float
        Width of the pen in pixels; 0 for what is filled only.
    dash : float
        Longest gap in pixels of a dashed stroke, else 0.
    """

    path: skia.Path
    box: Box
    grob: Grob
    glyph: str = ""
    font: str = ""
    scale: float = 0.0
    points: tuple[Point, ...] = ()
    stroke: float = 0.0
    dash: float = 0.0


def parse(svg: str, space: float, font: LilyPondFont) -> list[Ink]:
    """Take a LilyPond page apart.

    Parameters
    ----------
    svg : str
        A page that LilyPond wrote with ``tags.ily`` included.
    space : float
        Page pixels a staff space.
    font : LilyPondFont
        The one it was engraved in.

    Returns
    -------
    list of Ink
        In drawing order.

    Raises
    ------
    ValueError
        When something is drawn in a way this parser doesn't know.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    reader = _Reader(font)
    reader.walk(etree.fromstring(svg.encode(), parser), Grob(), skia.Matrix.Scale(space, space))
    return reader.ink


@dataclass
class _Reader:
    font: LilyPondFont
    ink: list[Ink] = field(default_factory=list)

    def walk(self, parent: etree._Element, grob: Grob, matrix: skia.Matrix) -> None:
        for element in parent.iterchildren(tag=etree.Element):
            element.tag = etree.QName(element).localname
            if element.tag == "g":
                moved = skia.Matrix.Concat(matrix, matrix_of(element.get("transform", "")))
                self.walk(element, _grob(element) if "class" in element.attrib else grob, moved)
            elif element.tag == "use":
                self.glyph(element, grob, matrix)
            elif element.tag not in ("style", "a"):  # a link's rectangle has no ink
                self.shape(element, grob, matrix)

    def glyph(self, element: etree._Element, grob: Grob, matrix: skia.Matrix) -> None:
        file, _, name = element.get("href", "").rpartition("#")
        x, y, size = (float(element.get(key, 0)) for key in ("x", "y", "width"))
        matrix = skia.Matrix.Concat(matrix, skia.Matrix.Translate(x, y))
        matrix = skia.Matrix.Concat(matrix, skia.Matrix.Scale(size, size))
        path = placed(outline(self.font.file(file), name), matrix)
        if not path.isEmpty():  # a blank
            scale = matrix.mapRadius(1.0) / _EM
            self.ink.append(Ink(path, bounds(path), grob, name, PurePath(file).stem, scale))

    def shape(self, element: etree._Element, grob: Grob, matrix: skia.Matrix) -> None:
        path, points = shape_of(element)
        filled = element.get("fill", "none" if element.tag == "line" else "black") != "none"
        width = float(element.get("stroke-width", 0)) if element.get("stroke", "none") != "none" else 0.0
        dash = tuple(map(float, element.get("stroke-dasharray", "").replace(",", " ").split()))
        if width:
            cap = element.get("stroke-linecap", "butt")
            path = stroked(path, width, cap=cap, dash=dash, fill=filled)
        elif not filled:
            return
        path = placed(path, matrix)
        box = bounds(path)
        if not (box.width and box.height):  # such as a ledger line for a notehead that the font lacks
            return
        mapped = tuple((p.x(), p.y()) for p in matrix.mapPoints([skia.Point(*p) for p in points]))
        scale = matrix.mapRadius(1.0)
        gap = dash[1] * scale if dash else 0.0
        self.ink.append(Ink(path, box, grob, points=mapped, stroke=width * scale, dash=gap))


def _grob(element: etree._Element) -> Grob:
    def number(name: str) -> float:
        return float(element.get(name, 0))

    return Grob(
        name=element.get("class", ""),
        id=int(number("id")),
        staff=int(number("staff")),
        stem=int(number("stem")),
        position=number("position"),
        direction=int(number("direction")),
        growth=int(number("growth")),
    )
