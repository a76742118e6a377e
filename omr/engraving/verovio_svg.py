"""A verovio page in SVG, taken apart into filled outlines in page pixels.

Everything drawn (glyph, stroke, polygon, letter) becomes one `Primitive` that
knows its outline, its exact bounds and the groups it stands in. One parse thus
serves the boxes, the masks and the page image alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import skia

from omr.engraving.glyphs import MusicFont
from omr.engraving.lettering import letter
from omr.engraving.outlines import Point, bounds, matrix_of, path_of, placed, shape_of, stroked
from omr.page import Box

if TYPE_CHECKING:
    from collections.abc import Iterator

_HREF = "{http://www.w3.org/1999/xlink}href"
_BOLD = {"ending", "voltaBracket", "fing", "reh", "tempo"}
_ITALIC = {"dir", "dynam", "mNum"}
SMUFL = range(0xE000, 0xF900)
_FINGERING = {ord("0") + digit: 0xED10 + digit for digit in range(6)}


@dataclass(frozen=True, eq=False, slots=True)
class Group:
    """A ``<g>`` element of the SVG, compared by identity.

    Attributes
    ----------
    name : str
        Its main class, verovio's name of an element of MEI.
    classes : frozenset of str
        Its other classes.
    id : str
    parent : Group or None
        None for the root.
    """

    name: str
    classes: frozenset[str] = frozenset()
    id: str = ""
    parent: Group | None = None

    def lineage(self) -> Iterator[Group]:
        """Walk up to the root.

        Yields
        ------
        Group
            This group, its parent, and so on.
        """
        group: Group | None = self
        while group:
            yield group
            group = group.parent

    def inside(self, name: str) -> Group | None:
        """Find the nearest enclosing group of a name.

        Parameters
        ----------
        name : str

        Returns
        -------
        Group or None
            Possibly this group; None if there is none.
        """
        return next((group for group in self.lineage() if group.name == name), None)


@dataclass(frozen=True, eq=False, slots=True)
class Primitive:
    """One thing drawn.

    Attributes
    ----------
    path : skia.Path
        The filled outline, page pixels.
    box : Box
        The outline's exact bounds, page pixels.
    group : Group
        The innermost group that holds it.
    code : int
        The SMuFL code point of a music glyph, else 0.
    scale : float
        Pixels an em of a music glyph (4 staff spaces at normal size), else 0.
    points : tuple of (x, y)
        Where a glyph's origin stands or through which points a stroke goes, page pixels.
    stroke : float
        Width of the pen in pixels; 0 for what is filled.
    dash : float
        Longest gap in pixels of a dashed stroke, else 0.
    text : str
        The character, for letters.
    """

    path: skia.Path
    box: Box
    group: Group
    code: int = 0
    scale: float = 0.0
    points: tuple[Point, ...] = ()
    stroke: float = 0.0
    dash: float = 0.0
    text: str = ""


def parse(svg: str, zoom: float, font: MusicFont) -> list[Primitive]:
    """Take a verovio page apart.

    Parameters
    ----------
    svg : str
        What verovio's ``renderToSVG`` returns (with ``smuflTextFont`` "none").
    zoom : float
        Page pixels a pixel of the SVG.
    font : MusicFont
        The one it was engraved in; it has the glyphs that the SVG only names as characters of a text.

    Returns
    -------
    list of Primitive
        In drawing order, placeholders left out.

    Raises
    ------
    ValueError
        When something is drawn in a way this parser doesn't know.
    """
    root = ElementTree.fromstring(svg.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1))
    reader = _Reader(font)
    for glyph in root.iterfind("defs/g"):
        reader.define(glyph)
    page = root.find("svg")
    if page is None:
        raise ValueError("no page in this SVG")
    width = float(root.get("width", "0").removesuffix("px"))
    scale = zoom * width / float(page.get("viewBox", "").split()[2])
    reader.walk(page, Group("page"), skia.Matrix.Scale(scale, scale))
    return reader.primitives


@dataclass
class _Reader:
    font: MusicFont
    glyphs: dict[str, list[tuple[int, skia.Path, Box]]] = field(default_factory=dict)
    primitives: list[Primitive] = field(default_factory=list)

    def define(self, element: ElementTree.Element) -> None:
        """Remember a glyph of `<defs>`; its code point is the start of its id."""
        name = element.get("id", "")
        path = skia.Path()
        for part in element.iterfind("path"):
            outline = path_of(part.get("d", ""))
            path.addPath(placed(outline, matrix_of(part.get("transform", ""))))
        parts = self.font.split(int(name.partition("-")[0], 16), path)
        self.glyphs["#" + name] = [(code, outline, bounds(outline)) for code, outline in parts]

    def walk(self, parent: ElementTree.Element, group: Group, matrix: skia.Matrix) -> None:
        for element in parent:
            if element.tag == "g":
                self.enter(element, group, matrix)
            elif element.tag == "use":
                self.use(element, group, matrix)
            elif element.tag == "text":
                self.primitives += _Text(group, matrix, self.font).read(element)
            elif element.tag not in ("title", "desc"):
                self.shape(element, group, matrix)

    def enter(self, element: ElementTree.Element, group: Group, matrix: skia.Matrix) -> None:
        classes = element.get("class", "").split()
        if "placeholder" in classes:
            return
        if transform := element.get("transform"):
            matrix = skia.Matrix.Concat(matrix, matrix_of(transform))
        name = classes[0] if classes else group.name
        self.walk(element, Group(name, frozenset(classes), element.get("id", ""), group), matrix)

    def use(self, element: ElementTree.Element, group: Group, matrix: skia.Matrix) -> None:
        matrix = skia.Matrix.Concat(matrix, matrix_of(element.get("transform", "")))
        for code, path, box in self.glyphs[element.get("href") or element.get(_HREF) or ""]:
            self.primitives.append(glyph_primitive(path, matrix, group, code, box))

    def shape(self, element: ElementTree.Element, group: Group, matrix: skia.Matrix) -> None:
        path, points = shape_of(element)
        width = float(element.get("stroke-width", 0))
        filled = element.get("fill") != "none" and path.countVerbs() > 2
        dash = tuple(map(float, element.get("stroke-dasharray", "").split()))
        if width:
            cap = element.get("stroke-linecap", "butt")
            path = stroked(path, width, cap=cap, dash=dash, fill=filled)
        if path.isEmpty():  # a stroke of no length
            return
        path = placed(path, matrix)
        scale = matrix.mapRadius(1.0)
        mapped = tuple((p.x(), p.y()) for p in matrix.mapPoints([skia.Point(*p) for p in points]))
        self.primitives.append(
            Primitive(
                path,
                bounds(path),
                group,
                points=mapped,
                stroke=width * scale,
                dash=dash[1] * scale if dash else 0.0,
            )
        )


def glyph_primitive(
    path: skia.Path, matrix: skia.Matrix, group: Group, code: int, box: Box | None = None
) -> Primitive:
    """Place a glyph on the page.

    Parameters
    ----------
    path : skia.Path
        Outline in font units, y downwards.
    matrix : skia.Matrix
        From font units to page pixels.
    group : Group
        The element that the glyph belongs to.
    code : int
        SMuFL code point.
    box : Box, optional
        Bounds of the outline in font units, where they are known.

    Returns
    -------
    Primitive
    """
    outline = placed(path, matrix)
    if box is not None and matrix.isScaleTranslate():
        sx, sy, tx, ty = (
            matrix.getScaleX(),
            matrix.getScaleY(),
            matrix.getTranslateX(),
            matrix.getTranslateY(),
        )
        xs, ys = sorted((box.x0 * sx + tx, box.x1 * sx + tx)), sorted((box.y0 * sy + ty, box.y1 * sy + ty))
        exact = Box(xs[0], ys[0], xs[1], ys[1])
    else:
        exact = bounds(outline)
    origin = (matrix.getTranslateX(), matrix.getTranslateY())
    return Primitive(outline, exact, group, code, matrix.mapRadius(1000.0), (origin,))


@dataclass
class _Text:
    """Lays one `<text>` out: runs of letters after one another, aligned where a run says where it stands."""

    group: Group
    matrix: skia.Matrix
    font: MusicFont
    #: character, outline, font size, music glyph?, x within the line
    line: list[tuple[str, skia.Path, float, float]] = field(default_factory=list)
    pen: float = 0.0
    anchor: str = "start"
    at: Point = (0.0, 0.0)
    primitives: list[Primitive] = field(default_factory=list)

    def read(self, element: ElementTree.Element) -> list[Primitive]:
        names = {group.name for group in self.group.lineage()}
        style = {
            "font-size": "0px",
            "font-weight": "bold" if names & _BOLD else "normal",
            "font-style": "italic" if names & _ITALIC else "normal",
        }
        self.run(element, style)
        self.end_line()
        return self.primitives

    def run(self, element: ElementTree.Element, style: dict[str, str]) -> None:
        if "x" in element.attrib or "text-anchor" in element.attrib:
            self.end_line()
            self.at = float(element.get("x", self.at[0])), float(element.get("y", self.at[1]))
            self.anchor = element.get("text-anchor", self.anchor)
        style = style | {key: value for key, value in element.attrib.items() if key.startswith("font")}
        self.letters(element.text or "", style, float(element.get("letter-spacing", "0").removesuffix("px")))
        for child in element:
            self.run(child, style)

    def letters(self, text: str, style: dict[str, str], spacing: float) -> None:
        size = float(style["font-size"].removesuffix("px"))
        if not size:
            return
        if self.group.name == "fing":
            text = text.translate(_FINGERING)
        for character in text.replace("\n", " "):
            if ord(character) in SMUFL:
                path, advance = self.font(ord(character))
            else:
                bold, italic = style["font-weight"] == "bold", style["font-style"] == "italic"
                path, advance = letter(character, bold, italic)
            self.line.append((character, path, size, self.pen))
            self.pen += advance * size / 1000 + spacing

    def end_line(self) -> None:
        shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * self.pen
        for character, path, size, x in self.line:
            place = skia.Matrix.Translate(self.at[0] + x - shift, self.at[1])
            place = skia.Matrix.Concat(place, skia.Matrix.Scale(size / 1000, size / 1000))
            place = skia.Matrix.Concat(self.matrix, place)
            code = ord(character) if ord(character) in SMUFL else 0
            if not path.isEmpty():
                primitive = glyph_primitive(path, place, self.group, code)
                self.primitives.append(primitive if code else _as_letter(primitive, character))
        self.line, self.pen = [], 0.0


def _as_letter(primitive: Primitive, character: str) -> Primitive:
    return Primitive(primitive.path, primitive.box, primitive.group, text=character, points=primitive.points)
