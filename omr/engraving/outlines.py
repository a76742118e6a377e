"""Outlines: SVG path data and strokes as filled skia paths, with exact bounds."""

from __future__ import annotations

import re
from functools import lru_cache

import skia

from omr.page import Box

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
    """The path that the `d` attribute of an SVG path describes, in its own units.

    Raises
    ------
    ValueError
        On arcs and on anything that is not path data.
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


def stroked(
    path: skia.Path, width: float, *, cap: str = "butt", dash: tuple[float, ...] = (), fill: bool = False
) -> skia.Path:
    """The filled outline of `path` drawn with a pen of `width` (same units as the path)."""
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
    """A copy of `path` under `matrix`."""
    copy = skia.Path()
    path.transform(matrix, copy)
    return copy


def bounds(path: skia.Path) -> Box:
    """The exact bounds of the filled `path`."""
    rect = path.computeTightBounds()
    return Box(rect.left(), rect.top(), rect.right(), rect.bottom())
