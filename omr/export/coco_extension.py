"""What a COCO file says about a page beyond COCO: the field `omr` of an image.

Programs that read COCO ignore the field. With it, the music on a page can be read from the stored
detections as it was from the image (`docs/reference/coco-extension.md` describes it for other programs).
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from omr.errors import InputError
from omr.page import (
    PIXEL_DIGITS,
    SCORE_DIGITS,
    TEXT_KINDS,
    Box,
    Ink,
    Page,
    ReadingQuality,
    Staff,
    Symbol,
    Text,
)
from omr.view import View
from omr.vocabulary import BY_NAME, NAMES

FIELD = "omr"
"""Name of the field in each entry of a COCO file's `images`."""

VERSION = 1
"""Version of the content of a page without a view."""

VIEW_VERSION = 2
"""Version of the content of a page with a view: readers of version 1 would misplace its staves and ink."""

SIDES = ("width", "height")
"""Names of the sizes of images and views."""

MAX_SYMBOLS = 20_000
"""Symbols of a page at most: the densest page of DeepScoresV2 has 5,500. Reading the music of a page takes
time that grows with the square of their number."""

MAX_COORDINATE = 1e6
"""Largest coordinate and size in pixels, by absolute value: beyond every page, and where products of two
are exact."""

MAX_LINES = 100
"""Lines of a staff at most: tablature has six."""

SMALLEST_CELL = 1e-3
"""Smallest area of a cell of a view's mesh, in square pixels of the original image: a flatter one can't be
inverted."""

_PALETTE = 16
"""Colours that a PNG of 4 bits a pixel has."""

Value = TypeVar("Value")


def to_extension(page: Page) -> dict[str, Any]:
    """Write what COCO has no field for.

    Parameters
    ----------
    page : Page
        In the vocabulary of the file.

    Returns
    -------
    dict
        The content of the field `omr`, for JSON.
    """
    content: dict[str, Any] = {
        "version": VERSION if page.view is None else VIEW_VERSION,
        "vocabulary": page.vocabulary,
        "staves": list(map(_staff_entry, page.staves)),
        "low_confidence": [symbol_entry(symbol) for symbol in page.low_confidence],
    }
    if page.ink is not None:
        content["ink"] = {"scale": page.ink.scale, "png": _png(page.ink.grey)}
    if page.detected is not None:
        content["detected"] = [symbol_entry(symbol) for symbol in page.detected]
    if page.view is not None:
        content["view"] = _view_entry(page.view)
    if page.quality is not None:
        content["quality"] = _quality_entry(page.quality)
    if page.texts is not None:
        content["texts"] = list(map(_text_entry, page.texts))
    return content


def with_extension(page: Page, content: Any, where: str) -> Page:
    """Add to a page what the field `omr` of its image says.

    Parameters
    ----------
    page : Page
        With the symbols of the annotations.
    content : object
        The content of the field, as parsed from JSON.
    where : str
        File and field, for messages, such as "x.json: images[0].omr".

    Returns
    -------
    Page

    Raises
    ------
    InputError
        When the content is not as documented; the message names the file and the field.
    """
    fields = _expect(content, dict, where, "an object")
    version = fields.get("version")
    if version not in (VERSION, VIEW_VERSION):
        raise InputError(
            f"{where}.version: is {version!r}, this program reads {VERSION} and {VIEW_VERSION}; update it"
        )
    vocabulary = fields.get("vocabulary")
    if vocabulary not in NAMES:
        raise InputError(f"{where}.vocabulary: is {vocabulary!r}; it must be one of {', '.join(NAMES)}")
    low_confidence = fields.get("low_confidence", [])
    ink, detected, view, quality, texts = (
        fields.get(name) for name in ("ink", "detected", "view", "quality", "texts")
    )
    return replace(
        page,
        vocabulary=vocabulary,
        staves=read_staves(fields.get("staves"), f"{where}.staves"),
        low_confidence=_core_symbols(low_confidence, f"{where}.low_confidence"),
        ink=None if ink is None else _read_ink(ink, f"{where}.ink"),
        detected=None if detected is None else _core_symbols(detected, f"{where}.detected"),
        view=None if view is None else _read_view(view, f"{where}.view"),
        quality=None if quality is None else _read_quality(quality, f"{where}.quality"),
        texts=None if texts is None else tuple(_each(texts, f"{where}.texts", _read_text)),
    )


# --- symbols ----------------------------------------------------------------------------------------


def symbol_entry(symbol: Symbol) -> dict[str, Any]:
    """Write a symbol as the name, bbox and score of a COCO annotation.

    Parameters
    ----------
    symbol : Symbol

    Returns
    -------
    dict
        ``name``, ``bbox`` (x, y, width, height in pixels) and ``score`` (0 to 1), rounded.
    """
    return {"name": symbol.name, "bbox": _bbox(symbol.box), "score": round(symbol.score, SCORE_DIGITS)}


def _bbox(box: Box) -> list[float]:
    x0, y0, x1, y1 = (round(edge, PIXEL_DIGITS) for edge in box)
    return [x0, y0, round(x1 - x0, PIXEL_DIGITS), round(y1 - y0, PIXEL_DIGITS)]


def read_box(bbox: Any, where: str, *, rounded: bool) -> Box:
    """Read a COCO bbox.

    Parameters
    ----------
    bbox : object
        x, y, width, height in pixels.
    where : str
        File and field, for messages.
    rounded : bool
        Whether the file is ours: its edges have `PIXEL_DIGITS` decimals, and so has their sum.

    Returns
    -------
    Box

    Raises
    ------
    InputError
        When it is not four numbers of a place on a page.
    """
    x, y, width, height = (float(v) for v in _numbers(bbox, where, count=4))
    if min(width, height) < 0:
        raise InputError(f"{where}: is {width:g} x {height:g} pixels large; write the file again")
    box = Box(x, y, x + width, y + height)
    return Box(*(round(edge, PIXEL_DIGITS) for edge in box)) if rounded else box


def read_number(value: Any, where: str) -> float:
    """Read a finite number.

    Parameters
    ----------
    value : object
    where : str
        File and field, for messages.

    Returns
    -------
    float

    Raises
    ------
    InputError
        When it is no finite number.
    """
    return float(_numbers([value], where, count=1)[0])


def read_score(value: Any, where: str) -> float:
    """Read a score.

    Parameters
    ----------
    value : object
    where : str
        File and field, for messages.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    InputError
        When it is something else.
    """
    score = read_number(value, where)
    if not 0 <= score <= 1:
        raise InputError(f"{where}: is {score:g}, not from 0 to 1; scale the scores")
    return score


def read_size(entry: Any, where: str) -> tuple[int, int]:
    """Read the size of a picture.

    Parameters
    ----------
    entry : object
        With the fields `SIDES`, in pixels.
    where : str
        File and field, for messages.

    Returns
    -------
    width, height : int
        In pixels.

    Raises
    ------
    InputError
        When they are no whole numbers from 1, or the picture is larger than any that is read.
    """
    from omr.images import MAX_PIXELS, MAX_SIDE  # brings Pillow

    fields = _expect(entry, dict, where, "an object")
    width, height = (read_number(fields.get(side), f"{where}.{side}") for side in SIDES)
    for side, value in zip(SIDES, (width, height), strict=True):
        if not (value.is_integer() and value >= 1):
            raise InputError(f"{where}.{side}: must be a whole number from 1, not {value:g}; write it again")
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise InputError(
            f"{where}: is {width:g} x {height:g} pixels large, of at most {MAX_PIXELS // 1_000_000} million "
            f"and {MAX_SIDE} each way; scale the page down"
        )
    return int(width), int(height)


def _core_symbols(entries: Any, where: str) -> tuple[Symbol, ...]:
    symbols = tuple(_each(entries, where, _core_symbol))
    if len(symbols) > MAX_SYMBOLS:
        raise InputError(f"{where}: has more than {MAX_SYMBOLS} symbols; select some")
    return symbols


def _core_symbol(entry: Any, where: str) -> Symbol:
    fields = _expect(entry, dict, where, "an object")
    name = fields.get("name")
    if name not in BY_NAME:
        raise InputError(f"{where}.name: {name!r} is no core class; `omr dataset info` lists classes")
    box = read_box(fields.get("bbox"), f"{where}.bbox", rounded=True)
    return Symbol(name, box, read_score(fields.get("score"), f"{where}.score"))


# --- staves -----------------------------------------------------------------------------------------


def read_staves(entries: Any, where: str) -> tuple[Staff, ...]:
    """Read the courses of staff lines.

    Parameters
    ----------
    entries : object
        Objects with ``xs`` (n numbers) and ``ys`` (n numbers for each line).
    where : str
        File and field, for messages.

    Returns
    -------
    tuple of Staff

    Raises
    ------
    InputError
        When the numbers are not as in `Staff`.
    """
    return tuple(_each(entries, where, _staff))


def _staff(entry: Any, where: str) -> Staff:
    fields = _expect(entry, dict, where, "an object")
    xs = np.array(_numbers(fields.get("xs"), f"{where}.xs"))
    if len(xs) < 2 or not (np.diff(xs) > 0).all():
        raise InputError(f"{where}.xs: must be two numbers or more that ascend; write the file again")
    lines = list(_each(fields.get("ys"), f"{where}.ys", lambda v, at: _numbers(v, at, count=len(xs))))
    if not lines:
        raise InputError(f"{where}.ys: has no line; write the file again")
    if len(lines) > MAX_LINES:
        raise InputError(f"{where}.ys: has {len(lines)} lines, of at most {MAX_LINES}; write the file again")
    ys = np.array(lines)
    if len(lines) > 1 and not (np.diff(ys, axis=0).mean(1) > 0).all():
        raise InputError(f"{where}.ys: must be lines from top to bottom; write the file again")
    return Staff(xs, ys)


def _staff_entry(staff: Staff) -> dict[str, Any]:
    return {"xs": _rounded(staff.xs), "ys": [_rounded(line) for line in staff.ys]}


def _rounded(values: NDArray[np.float64]) -> list[float]:
    return [round(float(v), PIXEL_DIGITS) for v in values]


# --- ink --------------------------------------------------------------------------------------------


def _png(grey: NDArray[np.uint8]) -> str:
    """Encode a picture as PNG in base64; 16 grey levels take 4 bits per pixel."""
    from PIL import Image

    content = io.BytesIO()
    levels = np.unique(grey)
    if len(levels) <= _PALETTE:
        picture = Image.fromarray(np.searchsorted(levels, grey).astype(np.uint8), "P")
        picture.putpalette(np.repeat(levels, 3).tolist())
        picture.save(content, "PNG", bits=4)
    else:
        Image.fromarray(grey).save(content, "PNG")
    return base64.b64encode(content.getvalue()).decode()


def _read_ink(entry: Any, where: str) -> Ink:
    from PIL import Image

    from omr.images import MAX_PIXELS

    fields = _expect(entry, dict, where, "an object")
    scale = read_number(fields.get("scale"), f"{where}.scale")
    if not 0 < scale <= 1:
        raise InputError(f"{where}.scale: is {scale:g}, not above 0 and at most 1; write the file again")
    text = _expect(fields.get("png"), str, f"{where}.png", "a text")
    try:
        with Image.open(io.BytesIO(base64.b64decode(text, validate=True)), formats=["PNG"]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ValueError("too large")
            return Ink(np.array(picture.convert("L")), scale)
    except Exception as error:  # decoders raise anything on broken pictures
        raise InputError(f"{where}.png: is no PNG picture in base64; write the file again") from error


# --- view -------------------------------------------------------------------------------------------


def _view_entry(view: View) -> dict[str, Any]:
    return {
        "width": view.width,
        "height": view.height,
        "negative": view.negative,
        "points": [[_rounded(point) for point in row] for row in view.points],
        "staves": list(map(_staff_entry, view.staves)),
    }


def _read_view(entry: Any, where: str) -> View:
    fields = _expect(entry, dict, where, "an object")
    width, height = read_size(fields, where)
    rows = _each(
        fields.get("points"),
        f"{where}.points",
        lambda row, at: _each(row, at, lambda point, here: _numbers(point, here, count=2)),
    )
    if len(rows) < 2 or len(rows[0]) < 2 or len({len(row) for row in rows}) > 1:
        raise InputError(
            f"{where}.points: must be two rows or more of two points or more, all of one length; "
            "write the file again"
        )
    points = np.array(rows)
    if (_cell_areas(points) < SMALLEST_CELL).any():
        raise InputError(f"{where}.points: has cells without area; write the file again")
    staves = read_staves(fields.get("staves"), f"{where}.staves")
    return View(width, height, points, staves, bool(fields.get("negative", False)))


def _cell_areas(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the area (rows - 1, columns - 1) spanned at the upper left corner of each cell of a mesh."""
    right, down = np.diff(points, axis=1)[:-1], np.diff(points, axis=0)[:, :-1]
    return np.asarray(np.abs(right[..., 0] * down[..., 1] - right[..., 1] * down[..., 0]))


# --- quality ----------------------------------------------------------------------------------------


def _quality_entry(quality: ReadingQuality) -> dict[str, Any]:
    scores = (quality.score, quality.head_score)
    score, head_score = (None if value is None else round(value, SCORE_DIGITS) for value in scores)
    return {
        "score": score,
        "head_score": head_score,
        "heads": quality.heads,
        "measures": quality.measures,
        "odd_measures": list(quality.odd_measures),
        "ossias": quality.ossias,
    }


def _read_quality(entry: Any, where: str) -> ReadingQuality:
    fields = _expect(entry, dict, where, "an object")
    score, head_score = (
        None if (value := fields.get(name)) is None else read_number(value, f"{where}.{name}")
        for name in ("score", "head_score")
    )
    heads, measures = (
        int(read_number(fields.get(name), f"{where}.{name}")) for name in ("heads", "measures")
    )
    odd = _numbers(fields.get("odd_measures"), f"{where}.odd_measures")
    ossias = int(read_number(fields.get("ossias", 0), f"{where}.ossias"))
    return ReadingQuality(score, head_score, heads, measures, tuple(map(int, odd)), ossias)


# --- texts ------------------------------------------------------------------------------------------


def _text_entry(text: Text) -> dict[str, Any]:
    entry: dict[str, Any] = {"kind": text.kind, "text": text.text, "bbox": _bbox(text.box)}
    return entry | {"score": round(text.score, SCORE_DIGITS)} | ({"verse": text.verse} if text.verse else {})


def _read_text(entry: Any, where: str) -> Text:
    fields = _expect(entry, dict, where, "an object")
    kind = fields.get("kind")
    if kind not in TEXT_KINDS:
        raise InputError(
            f"{where}.kind: {kind!r} is no kind of text; it must be one of {', '.join(TEXT_KINDS)}"
        )
    return Text(
        _expect(fields.get("text"), str, f"{where}.text", "a text"),
        read_box(fields.get("bbox"), f"{where}.bbox", rounded=True),
        read_number(fields.get("score"), f"{where}.score"),
        kind,
        _expect(fields.get("verse", 0), int, f"{where}.verse", "a whole number"),
    )


# --- checks -----------------------------------------------------------------------------------------


def _expect(value: Any, kind: type[Value], where: str, name: str) -> Value:
    if not isinstance(value, kind):
        raise InputError(f"{where}: must be {name}, not {_kind(value)}; write the file again")
    return value


def _each(values: Any, where: str, read: Callable[[Any, str], Value]) -> list[Value]:
    listed = _expect(values, list, where, "a list")
    return [read(value, f"{where}[{i}]") for i, value in enumerate(listed)]


def _numbers(values: Any, where: str, count: int | None = None) -> Sequence[float]:
    """Check a list of finite numbers, and their count where it is given."""
    listed = _expect(values, list, where, "a list of numbers")
    for value in listed:
        if not isinstance(value, int | float) or isinstance(value, bool) or not _is_finite(value):
            raise InputError(f"{where}: {_kind(value)} is no finite number; write the file again")
        if abs(value) > MAX_COORDINATE:
            raise InputError(f"{where}: {value:g} is beyond every page; write the file again")
    if count is not None and len(listed) != count:
        raise InputError(f"{where}: has {len(listed)} numbers, not {count}; write the file again")
    return [float(value) for value in listed]


def _is_finite(value: float) -> bool:
    """Tell whether a number is finite; a whole number too large for a float is not."""
    try:
        return isfinite(value)
    except OverflowError:
        return False


def _kind(value: Any) -> str:
    return "nothing" if value is None else repr(value)[:40]
