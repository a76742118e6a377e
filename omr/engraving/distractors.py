"""What stands on a page of music and is none: titles, stamps, notes in the margin, smudges, shadows.

A detector that has seen only clean engraving takes a library stamp for
noteheads. `add_distractors` puts such things where the page is empty; no box of a
symbol changes.
"""

from __future__ import annotations

import importlib.util
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from omr.engraving import texts
from omr.engraving.page_ranges import DISTRACTORS, HANDWRITING, PEN, SMUDGE, STAMP, WORDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

Place = Literal["top", "bottom", "side", "anywhere"]

_CELL = 16
"""Free space is looked for on a grid of cells of so many pixels."""

_WHITE = 254
"""Mean grey level (0 to 255) from which a cell has no ink."""

_POINTS_A_LOOP, _POINTS_A_MARK = 24, 60
"""Points of the polygon that a loop of a scribble, and a mark by hand, is drawn as."""

_SHAPES = ("ring", "tick", "cross", "line")
"""Marks made by hand, each with the same probability."""

_SHIFT = 3
"""Binary places behind the point in OpenCV's coordinates of polygons."""

# permissive typefaces that matplotlib ships; Pillow's own where it isn't installed
_TYPEFACES = ("DejaVuSerif", "DejaVuSerif-Italic", "DejaVuSerif-Bold", "DejaVuSans", "DejaVuSans-Bold",
              "STIXGeneral", "STIXGeneralItalic", "STIXGeneralBol", "DejaVuSansMono")  # fmt: skip
_HANDS = (cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, cv2.FONT_HERSHEY_SCRIPT_COMPLEX, cv2.FONT_HERSHEY_SIMPLEX)


def add_distractors(
    image: NDArray[np.uint8], boxes: NDArray[np.floating], rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Put things that are no music on a page, clear of all that is there.

    Parameters
    ----------
    image : array (height, width) of uint8
        A page, 0 is black; it isn't changed.
    boxes : array (n, 4)
        What to keep clear of besides ink: x0, y0, x1, y1 in pixels of `image`.
    rng : numpy.random.Generator

    Returns
    -------
    array (height, width) of uint8
        The page with zero to about ten distractors.
    """
    page = image.copy()
    taken = _taken(image, boxes)
    text = max(DISTRACTORS.least_text, image.shape[0] / DISTRACTORS.text)  # its height in pixels
    for make, place, probability in _KINDS:
        if rng.random() < probability:
            ink = make(rng, text)
            spot = _free_spot(taken, ink.shape, place, rng)
            if spot:
                _print(page, ink, spot, darkness=float(rng.uniform(*DISTRACTORS.darkness)))
                _take(taken, spot, ink.shape)
    if rng.random() < DISTRACTORS.smudged:
        _smudge(page, rng)
    if rng.random() < DISTRACTORS.bound:
        _shade_edge(page, rng)
    return page


# --- where ---


def _taken(image: NDArray[np.uint8], boxes: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Cells with ink or a box in them or beside them."""
    height, width = (size // _CELL for size in image.shape)
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    taken = (small < _WHITE).astype(np.uint8)
    for x0, y0, x1, y1 in np.asarray(boxes, dtype=float).reshape(-1, 4) / _CELL:
        taken[max(0, int(y0)) : int(np.ceil(y1)), max(0, int(x0)) : int(np.ceil(x1))] = 1
    return cv2.dilate(taken, np.ones((3, 3), np.uint8)).astype(bool)


def _free_spot(
    taken: NDArray[np.bool_], shape: tuple[int, ...], place: Place, rng: np.random.Generator
) -> tuple[int, int] | None:
    """Find the top left corner (y, x in pixels) of a random empty rectangle; None where there is none."""
    rows, columns = taken.shape
    h, w = (-(-size // _CELL) for size in shape)
    if h > rows or w > columns:
        return None
    total = np.pad(taken.astype(np.int32).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    free = total[h:, w:] - total[:-h, w:] - total[h:, :-w] + total[:-h, :-w] == 0
    y, x = np.nonzero(free)
    fits = {
        "top": y < rows * DISTRACTORS.top,
        "bottom": y + h > rows * (1 - DISTRACTORS.bottom),
        "side": (x < columns * DISTRACTORS.side) | (x + w > columns * (1 - DISTRACTORS.side)),
        "anywhere": np.ones(len(y), bool),
    }[place]
    if not fits.any():
        return None
    chosen = rng.choice(np.flatnonzero(fits))
    return int(y[chosen]) * _CELL, int(x[chosen]) * _CELL


def _take(taken: NDArray[np.bool_], spot: tuple[int, int], shape: tuple[int, ...]) -> None:
    (y, x), (h, w) = (v // _CELL for v in spot), (-(-size // _CELL) for size in shape)
    taken[y : y + h, x : x + w] = True


def _print(page: NDArray[np.uint8], ink: NDArray[np.uint8], spot: tuple[int, int], darkness: float) -> None:
    """Darken the page where there is ink."""
    y, x = spot
    part = page[y : y + ink.shape[0], x : x + ink.shape[1]]
    paper = 255 - (ink * darkness).astype(np.uint8)
    np.minimum(part, paper[: part.shape[0], : part.shape[1]], out=part)


# --- what: each makes a patch, 255 is full ink; `text` is the height of small text in pixels ---


def _title(rng: np.random.Generator, text: float) -> NDArray[np.uint8]:
    words = texts.title(rng)
    words = words.upper() if rng.random() < WORDS.capitals else words
    return _typeset(words, text * rng.uniform(*WORDS.title), rng)


def _composer(rng: np.random.Generator, text: float) -> NDArray[np.uint8]:
    return _typeset(texts.person(rng), text * rng.uniform(*WORDS.composer), rng)


def _imprint(rng: np.random.Generator, text: float) -> NDArray[np.uint8]:
    return _typeset(texts.imprint(rng), text * rng.uniform(*WORDS.imprint), rng)


def _paragraph(rng: np.random.Generator, text: float) -> NDArray[np.uint8]:
    """Draw a few lines of prose in a column."""
    words = texts.prose(rng, int(rng.integers(*WORDS.words))).split()
    a_line = int(rng.integers(*WORDS.words_a_line))
    lines = [" ".join(words[i : i + a_line]) for i in range(0, len(words), a_line)]
    return _typeset("\n".join(lines), text * rng.uniform(*WORDS.paragraph), rng)


def _handwriting(rng: np.random.Generator, text: float) -> NDArray[np.uint8]:
    """Draw a word or two in slanted handwriting."""
    words = texts.pick(
        rng, (texts.person(rng), texts.pick(rng, texts.DIRECTIONS), texts.pick(rng, texts.TEMPI))
    )
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    face = _HANDS[int(rng.integers(len(_HANDS)))]
    scale, thick = text * rng.uniform(*HANDWRITING.size), int(rng.integers(*HANDWRITING.pen))
    (w, h), base = cv2.getTextSize(plain, face, scale, thick)
    canvas = np.zeros((h + 2 * base + 8, w + 2 * base + 8), np.uint8)
    cv2.putText(canvas, plain, (base, h + base), face, scale, 255, thick, cv2.LINE_AA)
    return _turned(canvas, rng.normal(0, HANDWRITING.turn), slant=rng.uniform(*HANDWRITING.slant))


def _scribble(rng: np.random.Generator, text: float) -> NDArray[np.uint8]:
    """Draw loops along a line, like illegible cursive."""
    loops = int(rng.integers(*PEN.loops))
    t = np.linspace(0, 2 * np.pi * loops, _POINTS_A_LOOP * loops)
    tall = np.interp(t, np.linspace(0, t[-1], loops), rng.uniform(*PEN.loop_height, loops))
    x = t * text / PEN.advance + text * PEN.loop_width * np.sin(t + rng.uniform(*PEN.phase))
    line = text * PEN.sway * np.sin(t / PEN.sway_length)
    y = text * tall * np.sin(t * rng.uniform(*PEN.loop_pace)) + line
    return _turned(_stroke(x, y, rng), rng.normal(0, PEN.scribble_turn))


def _pencil_mark(rng: np.random.Generator, text: float) -> NDArray[np.uint8]:
    """Draw a ring, a tick, a cross or a line by hand."""
    size = text * rng.uniform(*PEN.size)
    t = np.linspace(0, 1, _POINTS_A_MARK)
    kind = _SHAPES[int(rng.integers(len(_SHAPES)))]
    if kind == "ring":
        turn = 2 * np.pi * t * rng.uniform(*PEN.ring)
        x, y = size * np.cos(turn), size * rng.uniform(*PEN.ring_height) * np.sin(turn)
    elif kind == "tick":
        x, y = size * t, size * np.abs(t - PEN.tick)
    elif kind == "cross":
        x, y = size * np.abs(2 * t - 1), size * (2 * t - 1)
    else:
        x, y = PEN.line * size * t, PEN.line_wave * size * np.sin(PEN.line_turns * t)
    shake = np.cumsum(rng.normal(0, size / PEN.shake, (2, len(t))), axis=1)
    return _stroke(x + shake[0], y + shake[1], rng)


def _stamp(rng: np.random.Generator, text: float) -> NDArray[np.uint8]:
    """Draw a library's stamp: a frame or two rings with words inside, unevenly inked."""
    words = f"{texts.pick(rng, texts.STAMPS)}\n{rng.integers(*STAMP.year)}"
    label = _typeset(words, text * rng.uniform(*STAMP.text), rng)
    side = int(max(label.shape) * STAMP.side)
    thick = int(rng.integers(*STAMP.frame))
    if rng.random() < STAMP.round:
        canvas = np.zeros((side, side), np.uint8)
        cv2.circle(canvas, (side // 2, side // 2), side // 2 - 4, 255, thick, cv2.LINE_AA)
        if rng.random() < STAMP.second_ring:
            cv2.circle(canvas, (side // 2, side // 2), int(side * STAMP.inner_ring), 255, 1, cv2.LINE_AA)
    else:
        canvas = np.zeros((int(label.shape[0] * STAMP.height), side), np.uint8)
        cv2.rectangle(canvas, (3, 3), (canvas.shape[1] - 4, canvas.shape[0] - 4), 255, thick, cv2.LINE_AA)
    y, x = ((c - s) // 2 for c, s in zip(canvas.shape, label.shape, strict=True))
    part = canvas[y : y + label.shape[0], x : x + label.shape[1]]
    np.maximum(part, label, out=part)
    patches = rng.uniform(*STAMP.wear, (STAMP.patches, STAMP.patches))
    worn = cv2.resize(patches, canvas.shape[::-1], interpolation=cv2.INTER_CUBIC)
    return _turned((canvas * np.clip(worn, 0, 1)).astype(np.uint8), rng.normal(0, STAMP.turn))


_KINDS: tuple[tuple[Callable[[np.random.Generator, float], NDArray[np.uint8]], Place, float], ...] = (
    (_title, "top", 0.6),
    (_title, "anywhere", 0.2),
    (_composer, "top", 0.4),
    (_imprint, "bottom", 0.5),
    (_imprint, "top", 0.2),
    (_paragraph, "anywhere", 0.12),
    (_stamp, "anywhere", 0.25),
    (_handwriting, "anywhere", 0.2),
    (_scribble, "side", 0.15),
    (_scribble, "anywhere", 0.15),
    (_pencil_mark, "anywhere", 0.3),
    (_pencil_mark, "side", 0.2),
)
"""What may stand on a page, where, and the part of the pages (0 to 1) that have it."""


# --- how ---


def _typeset(words: str, size: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Words (lines parted by newlines) in a random typeface as a patch of ink."""
    font = _typeface(int(rng.integers(len(_TYPEFACES))), max(WORDS.smallest, round(size)))
    pen = ImageDraw.Draw(Image.new("L", (1, 1)))
    x0, y0, x1, y1 = (round(v) for v in pen.multiline_textbbox((0, 0), words, font, align="center"))
    patch = Image.new("L", (x1 - x0 + 2, y1 - y0 + 2))
    ImageDraw.Draw(patch).multiline_text((1 - x0, 1 - y0), words, 255, font, align="center")
    return np.asarray(patch)


@lru_cache(maxsize=256)
def _typeface(number: int, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return ImageFont.load_default(size)
    folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    return ImageFont.truetype(str(folder / f"{_TYPEFACES[number]}.ttf"), size)


def _stroke(x: NDArray[np.float64], y: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw a line through points on a patch that contains it."""
    points = np.stack([x - x.min(), y - y.min()], axis=1) + PEN.thickness[1] - 1
    w, h = np.ceil(points.max(axis=0)).astype(int) + PEN.thickness[1]
    patch = np.zeros((h, w), np.uint8)
    fine = np.rint(points * 2**_SHIFT).astype(np.int32)
    cv2.polylines(patch, [fine], False, 255, int(rng.integers(*PEN.thickness)), cv2.LINE_AA, _SHIFT)
    return patch


def _turned(ink: NDArray[np.uint8], degrees: float, slant: float = 0.0) -> NDArray[np.uint8]:
    """Ink sheared by `slant`, then turned, on a patch that holds it."""
    h, w = ink.shape
    a = np.deg2rad(degrees)
    turn = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]) @ np.array([[1, -slant], [0, 1]])
    corners = np.array([[0, 0], [w, 0], [0, h], [w, h]]) @ turn.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    size = np.ceil(high - low).astype(int)
    turned = cv2.warpAffine(ink, np.hstack([turn, -low[:, None]]), (int(size[0]), int(size[1])))
    return np.asarray(turned, np.uint8)


def _smudge(page: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Darken a cloud somewhere, lightly enough to leave music readable."""
    h, w = (int(size * rng.uniform(*SMUDGE.size)) for size in page.shape)
    y, x = (int(rng.integers(0, size - s)) for size, s in zip(page.shape, (h, w), strict=True))
    dirt = rng.uniform(0, 1, (SMUDGE.patches, SMUDGE.patches)).astype(np.float32)
    cloud = cv2.GaussianBlur(np.pad(dirt, SMUDGE.border), (0, 0), SMUDGE.blur)
    shade = cv2.resize(cloud, (w, h), interpolation=cv2.INTER_CUBIC)
    part = page[y : y + h, x : x + w]
    part[:] = part * (1 - rng.uniform(*SMUDGE.darkness) * np.clip(shade, 0, 1))


def _shade_edge(page: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Draw the shadow of a binding along the left or the right edge."""
    width = int(page.shape[1] * rng.uniform(*SMUDGE.binding))
    darkness, fall_off = rng.uniform(*SMUDGE.binding_darkness), rng.uniform(*SMUDGE.binding_fall_off)
    shade = 1 - darkness * np.exp(-np.arange(width) / (width * fall_off))
    left = rng.random() < SMUDGE.binding_left
    part, shade = (page[:, :width], shade) if left else (page[:, -width:], shade[::-1])
    part[:] = part * shade[None]
