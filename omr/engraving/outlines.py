"""Turn SVG path data, shapes and strokes into filled skia paths, with exact bounds."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import skia

from omr.page import Box

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NUMBER = re.compile(r"-?[\d.]+(?:[eE][-+]?\d+)?")
_TRANSFORM = re.compile(r"(\w+)\(([^)]*)\)")
_TOKEN = re.compile(r"([MmLlHhVvCcSsQqTtZz])|(-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_LINE = re.compile(r"M(-?\d+) (-?\d+) L(-?\d+) (-?\d+)")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "Z": 0}
_CAPS = {
    "butt": skia.Paint.kButt_Cap,
    "round": skia.Paint.kRound_Cap,
    "square": skia.Paint.kSquare_Cap,
}

Point = tuple[float, float]


@lru_cache(maxsize=4096)
def path_of(data: str) -> skia.Path:
    """Parse the `d` attribute of an SVG path.

    Parameters
    ----------
    data : str
        Path data.

    Returns
    -------
    skia.Path
        In the units of the data.

    Raises
    ------
    ValueError
        If the data has arcs or is not path data.
    """
    path = skia.Path()
    if line := _LINE.fullmatch(data):  # nearly all paths of a page are one straight line
        x0, y0, x1, y1 = map(float, line.groups())
        return path.moveTo(x0, y0).lineTo(x1, y1)
    start = here = control = (0.0, 0.0)
    last = ""
    for command, numbers in _commands(data):
        letter, relative = command.upper(), command.islower()
        x0, y0 = here if relative else (0.0, 0.0)
        if letter == "Z":
            path.close()
            here = start
        elif letter in "HV":
            here = (x0 + numbers[0], here[1]) if letter == "H" else (here[0], y0 + numbers[0])
            path.lineTo(*here)
        else:
            points = [(x0 + x, y0 + y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
            if letter in "ST":
                smooth = last in ("CS" if letter == "S" else "QT")
                points.insert(0, (2 * here[0] - control[0], 2 * here[1] - control[1]) if smooth else here)
            _draw(path, letter, points)
            here = points[-1]
            control = points[-2] if len(points) > 1 else here
            start = here if letter == "M" else start
        last = letter
    return path


def _commands(data: str) -> list[tuple[str, list[float]]]:
    """Split path data into single commands, repeating a letter over its extra arguments."""
    commands: list[tuple[str, list[float]]] = []
    letter, numbers = "", list[float]()
    if _TOKEN.sub("", data).strip(" ,\n\t"):
        raise ValueError(f"not understood as path data: {data[:60]!r}")
    for name, number in _TOKEN.findall(data):
        if name:
            letter, numbers = name, []
            if letter in "Zz":
                commands.append((letter, []))
            continue
        numbers.append(float(number))
        if len(numbers) == _ARGUMENTS[letter.upper()]:
            commands.append((letter, numbers))
            letter = {"M": "L", "m": "l"}.get(letter, letter)
            numbers = []
    return commands


def _draw(path: skia.Path, letter: str, points: list[Point]) -> None:
    flat = [value for point in points for value in point]
    {
        "M": path.moveTo,
        "L": path.lineTo,
        "C": path.cubicTo,
        "S": path.cubicTo,
        "Q": path.quadTo,
        "T": path.quadTo,
    }[letter](*flat)


def matrix_of(transform: str) -> skia.Matrix:
    """Parse the `transform` attribute of an SVG element.

    Parameters
    ----------
    transform : str
        Translations, scalings and rotations, applied from right to left.

    Returns
    -------
    skia.Matrix

    Raises
    ------
    ValueError
        If there is another kind of transformation.
    """
    matrix = skia.Matrix()
    for name, arguments in _TRANSFORM.findall(transform):
        values = [float(number) for number in _NUMBER.findall(arguments)]
        if name == "translate":
            step = skia.Matrix.Translate(values[0], values[1] if len(values) > 1 else 0.0)
        elif name == "scale":
            step = skia.Matrix.Scale(values[0], values[-1])
        elif name == "rotate":
            step = skia.Matrix()
            step.setRotate(values[0], *(values[1:] or (0.0, 0.0)))
        else:
            raise ValueError(f"unknown transform {name!r}")
        matrix = skia.Matrix.Concat(matrix, step)
    return matrix


def shape_of(element: Element) -> tuple[skia.Path, list[Point]]:
    """Read a basic SVG shape; the width of its stroke is left out.

    Parameters
    ----------
    element : Element
        A path, polygon, polyline, rect, line, ellipse or circle, without a namespace.

    Returns
    -------
    path : skia.Path
        The outline.
    points : list of (float, float)
        The points that define the shape.

    Raises
    ------
    ValueError
        If the element is no such shape.
    """
    tag = element.tag
    path = skia.Path()
    if tag == "path":
        data = path_of(element.get("d", ""))
        return data, [(p.x(), p.y()) for p in data.getPoints(data.countPoints())]
    if tag in ("polygon", "polyline"):
        numbers = [float(number) for number in _NUMBER.findall(element.get("points", ""))]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        path.addPoly([skia.Point(*point) for point in points], tag == "polygon")
        return path, points

    def numbers_of(*names: str) -> list[float]:
        return [float(element.get(name, 0)) for name in names]

    if tag == "rect":
        x, y, width, height, round_x, round_y = numbers_of("x", "y", "width", "height", "rx", "ry")
        corner = max(round_x, round_y)  # SVG takes the one for the other where only one is given
        path.addRoundRect(skia.Rect.MakeXYWH(x, y, width, height), corner, corner)
        return path, [(x, y), (x + width, y + height)]
    if tag == "line":
        x0, y0, x1, y1 = numbers_of("x1", "y1", "x2", "y2")
        path.moveTo(x0, y0).lineTo(x1, y1)
        return path, [(x0, y0), (x1, y1)]
    if tag in ("ellipse", "circle"):
        cx, cy, rx, ry, r = numbers_of("cx", "cy", "rx", "ry", "r")
        rx, ry = (r, r) if tag == "circle" else (rx, ry)
        path.addOval(skia.Rect.MakeLTRB(cx - rx, cy - ry, cx + rx, cy + ry))
        return path, [(cx, cy)]
    raise ValueError(f"unknown SVG element <{tag}>")


def stroked(
    path: skia.Path, width: float, *, cap: str = "butt", dash: tuple[float, ...] = (), fill: bool = False
) -> skia.Path:
    """Trace the outline of a stroke.

    Parameters
    ----------
    path : skia.Path
        Course of the pen.
    width : float
        Of the pen, in the units of the path.
    cap : {"butt", "round", "square"}
        Form of the ends.
    dash : tuple of float
        Lengths of dashes and gaps in turn, in the units of the path; empty for a solid stroke.
    fill : bool
        Whether the area inside the path is filled, too.

    Returns
    -------
    skia.Path
        The filled outline.
    """
    style = skia.Paint.kStrokeAndFill_Style if fill else skia.Paint.kStroke_Style
    paint = skia.Paint(Style=style, StrokeWidth=width, StrokeCap=_CAPS[cap])
    if fill:
        paint.setStrokeJoin(skia.Paint.kRound_Join)
    if dash:
        paint.setPathEffect(skia.DashPathEffect.Make(list(dash), 0.0))
    outline = skia.Path()
    paint.getFillPath(path, outline, None, 4.0)
    return outline


def placed(path: skia.Path, matrix: skia.Matrix) -> skia.Path:
    """Transform a path.

    Parameters
    ----------
    path : skia.Path
        Stays as it is.
    matrix : skia.Matrix

    Returns
    -------
    skia.Path
    """
    copy = skia.Path()
    path.transform(matrix, copy)
    return copy


def bounds(path: skia.Path) -> Box:
    """Measure a path.

    Parameters
    ----------
    path : skia.Path

    Returns
    -------
    Box
        The exact bounds of the filled path, in its units.
    """
    rect = path.computeTightBounds()
    return Box(rect.left(), rect.top(), rect.right(), rect.bottom())
