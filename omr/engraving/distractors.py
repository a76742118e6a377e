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

if TYPE_CHECKING:
    from numpy.typing import NDArray

Place = Literal["top", "bottom", "side", "anywhere"]

_CELL = 16
"""Free space is looked for on a grid of cells of so many pixels."""

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
    text = max(12.0, image.shape[0] / 100)  # height of small text on this page, in pixels
    for make, place, probability in _KINDS:
        if rng.random() < probability:
            ink = make(rng, text)
            spot = _free_spot(taken, ink.shape, place, rng)
            if spot:
                _print(page, ink, spot, darkness=float(rng.uniform(0.45, 1.0)))
                _take(taken, spot, ink.shape)
    if rng.random() < 0.15:
        _smudge(page, rng)
    if rng.random() < 0.15:
        _shade_edge(page, rng)
    return page


# --- where ---


def _taken(image: NDArray[np.uint8], boxes: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Cells with ink or a box in them or beside them."""
    height, width = (size // _CELL for size in image.shape)
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    taken = (small < 254).astype(np.uint8)
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
        "top": y < rows * 0.12,
        "bottom": y + h > rows * 0.9,
        "side": (x < columns * 0.06) | (x + w > columns * 0.94),
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
    """Up to six times the size of small text: its letters must not pass for clefs and dynamics."""
    words = texts.title(rng)
    return _typeset(words.upper() if rng.random() < 0.25 else words, text * rng.uniform(1.4, 6.0), rng)


def _composer(rng: np.random.Generator, text: float) -> NDArray[np.uint8]:
    return _typeset(texts.person(rng), text * rng.uniform(0.9, 1.4), rng)


def _imprint(rng: np.random.Generator, text: float) -> NDArray[np.uint8]:
    return _typeset(texts.imprint(rng), text * rng.uniform(0.7, 1.2), rng)


def _paragraph(rng: np.random.Generator, text: float) -> NDArray[np.uint8]:
    """Draw a few lines of prose in a column."""
    words = texts.prose(rng, int(rng.integers(12, 60))).split()
    a_line = int(rng.integers(4, 10))
    lines = [" ".join(words[i : i + a_line]) for i in range(0, len(words), a_line)]
    return _typeset("\n".join(lines), text * rng.uniform(0.7, 1.1), rng)


def _handwriting(rng: np.random.Generator, text: float) -> NDArray[np.uint8]:
    """Draw a word or two in slanted handwriting."""
    words = texts.pick(
        rng, (texts.person(rng), texts.pick(rng, texts.DIRECTIONS), texts.pick(rng, texts.TEMPI))
    )
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    face, scale, thick = (
        _HANDS[int(rng.integers(len(_HANDS)))],
        text * rng.uniform(0.05, 0.1),
        int(rng.integers(1, 4)),
    )
    (w, h), base = cv2.getTextSize(plain, face, scale, thick)
    canvas = np.zeros((h + 2 * base + 8, w + 2 * base + 8), np.uint8)
    cv2.putText(canvas, plain, (base, h + base), face, scale, 255, thick, cv2.LINE_AA)
    return _turned(canvas, rng.normal(0, 6), slant=rng.uniform(-0.1, 0.35))


def _scribble(rng: np.random.Generator, text: float) -> NDArray[np.uint8]:
    """Draw loops along a line, like illegible cursive."""
    letters = int(rng.integers(4, 16))
    t = np.linspace(0, 2 * np.pi * letters, 24 * letters)
    tall = np.interp(t, np.linspace(0, t[-1], letters), rng.uniform(0.3, 1.0, letters))
    x = t * text / 9 + text * 0.35 * np.sin(t + rng.uniform(0, 6))
    y = text * tall * np.sin(t * rng.uniform(0.9, 1.1)) + text * 0.2 * np.sin(t / 7)
    return _turned(_stroke(x, y, rng), rng.normal(0, 8))


def _pencil_mark(rng: np.random.Generator, text: float) -> NDArray[np.uint8]:
    """Draw a ring, a tick, a cross or a line by hand."""
    size = text * rng.uniform(1.0, 5.0)
    t = np.linspace(0, 1, 60)
    kind = rng.integers(4)
    if kind == 0:
        turn = 2 * np.pi * t * rng.uniform(0.95, 1.3)
        x, y = size * np.cos(turn), size * rng.uniform(0.4, 1.0) * np.sin(turn)
    elif kind == 1:
        x, y = size * t, size * np.abs(t - 0.3)
    elif kind == 2:
        x, y = size * np.abs(2 * t - 1), size * (2 * t - 1)
    else:
        x, y = 4 * size * t, 0.1 * size * np.sin(5 * t)
    shake = np.cumsum(rng.normal(0, size / 150, (2, 60)), axis=1)
    return _stroke(x + shake[0], y + shake[1], rng)


def _stamp(rng: np.random.Generator, text: float) -> NDArray[np.uint8]:
    """Draw a library's stamp: a frame or two rings with words inside, unevenly inked."""
    words = f"{texts.pick(rng, texts.STAMPS)}\n{rng.integers(1850, 2010)}"
    label = _typeset(words, text * rng.uniform(0.9, 1.6), rng)
    side = int(max(label.shape) * 1.25)
    thick = int(rng.integers(2, 6))
    if rng.random() < 0.5:
        canvas = np.zeros((side, side), np.uint8)
        cv2.circle(canvas, (side // 2, side // 2), side // 2 - 4, 255, thick, cv2.LINE_AA)
        if rng.random() < 0.6:
            cv2.circle(canvas, (side // 2, side // 2), int(side * 0.46), 255, 1, cv2.LINE_AA)
    else:
        canvas = np.zeros((int(label.shape[0] * 1.6), side), np.uint8)
        cv2.rectangle(canvas, (3, 3), (canvas.shape[1] - 4, canvas.shape[0] - 4), 255, thick, cv2.LINE_AA)
    y, x = ((c - s) // 2 for c, s in zip(canvas.shape, label.shape, strict=True))
    part = canvas[y : y + label.shape[0], x : x + label.shape[1]]
    np.maximum(part, label, out=part)
    worn = cv2.resize(rng.uniform(0.3, 1.2, (6, 6)), canvas.shape[::-1], interpolation=cv2.INTER_CUBIC)
    return _turned((canvas * np.clip(worn, 0, 1)).astype(np.uint8), rng.normal(0, 12))


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


# --- how ---


def _typeset(words: str, size: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Words (lines parted by newlines) in a random typeface as a patch of ink."""
    font = _typeface(int(rng.integers(len(_TYPEFACES))), max(8, round(size)))
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
    """Draw a line through points, one to four pixels thick, on a patch that contains it."""
    points = np.stack([x - x.min() + 4, y - y.min() + 4], axis=1)
    w, h = np.ceil(points.max(axis=0)).astype(int) + 5
    patch = np.zeros((h, w), np.uint8)
    cv2.polylines(
        patch, [np.rint(points * 8).astype(np.int32)], False, 255, int(rng.integers(1, 5)), cv2.LINE_AA, 3
    )
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
    h, w = (int(size * rng.uniform(0.05, 0.25)) for size in page.shape)
    y, x = (int(rng.integers(0, size - s)) for size, s in zip(page.shape, (h, w), strict=True))
    cloud = cv2.GaussianBlur(np.pad(rng.uniform(0, 1, (8, 8)).astype(np.float32), 4), (0, 0), 1.5)
    shade = cv2.resize(cloud, (w, h), interpolation=cv2.INTER_CUBIC)
    part = page[y : y + h, x : x + w]
    part[:] = part * (1 - rng.uniform(0.1, 0.35) * np.clip(shade, 0, 1))


def _shade_edge(page: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Draw the shadow of a binding along the left or the right edge."""
    width = int(page.shape[1] * rng.uniform(0.03, 0.1))
    shade = 1 - rng.uniform(0.3, 0.9) * np.exp(-np.arange(width) / (width * rng.uniform(0.15, 0.4)))
    part, shade = (page[:, :width], shade) if rng.random() < 0.5 else (page[:, -width:], shade[::-1])
    part[:] = part * shade[None]
