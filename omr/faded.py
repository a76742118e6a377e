"""Staves whose lines have faded, from their barlines.

A scan in black and white with too high a threshold loses thin lines first: staff
lines are gone or in shreds where notes and barlines, twice as thick, are still
there. A barline reaches from the top line to the bottom line: where many
strokes of one height stand free of noteheads and beams, they say how far apart
the lines were and where. Shreds of the lines, or the knots that lines left in the
strokes they crossed, tell such strokes from letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from omr.images import ink_mask
from omr.page import Staff

LEAST = 15
"""Pixels of the shortest barline that can be told from texture; odd, or OpenCV would shift what it opens."""

SLENDER = 0.15
"""Breadth of the box of a barline in heights; a page may be skewed."""

SLIGHT = 0.05
"""Radius of the ink at and around a barline in heights: noteheads have twice as much, beams a little more."""

ALIKE = 0.04
"""Part by which barlines of one page differ in height."""

ENOUGH = 8
"""Barlines of one height, below which they may be anything."""

STEEP = 0.06
"""How much a staff may rise or fall from barline to barline, in their distance."""

FAR = 3
"""Staff spaces by which it may do so at most: the next staff is further away."""

SHREDS, BETWEEN = 0.03, 0.5
"""Part of the staff lines that must be left, and as much at most of that part may be inked between the lines:
letters have strokes of one height as well, but no lines through them."""

KNOTTED = 0.8
"""Part of the places where the inner lines crossed barlines at which these must be broader, if no shreds are
left."""


def staves_by_barlines(image: NDArray[np.uint8]) -> list[Staff]:
    """Where barlines say that staves are; for a page on which no lines are seen.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.

    Returns
    -------
    list of Staff
        From top to bottom, each as straight from barline to barline as these stand; in pixels of
        `image`. Empty where there are too few barlines, or where they join several staves.
    """
    dark = ink_mask(image)
    radius = np.asarray(cv2.distanceTransform(dark, cv2.DIST_L2, 3), np.float32)
    strokes = _upright_strokes(dark)
    heights = strokes[:, 3] - strokes[:, 1]
    free = np.array([_stands_free(stroke, radius) for stroke in strokes], np.bool_)
    ink = np.flatnonzero(dark.any(0))
    for height in _common(heights[free]):
        alike = np.abs(heights / height - 1) < ALIKE
        if _has_noteheads(radius, height / 4):
            barlines = strokes[free & alike]
            rows = _rows(barlines, strokes[~free & alike], height / 4)
            staves = [_staff(row[row[:, 0].argsort()], int(ink[0]), int(ink[-1]) + 1) for row in rows]
            if _in_shreds(dark, staves, height / 4) or _knotted(dark, barlines) >= KNOTTED:
                return staves
    return []


def _upright_strokes(dark: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Stems, barlines and the like, as boxes (n, 4) of x0, y0, x1, y1."""
    upright = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((LEAST, 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(upright)
    boxes = np.asarray(stats[1:, :4], np.int64)
    boxes[:, 2:] += boxes[:, :2]
    width, height = (boxes[:, 2:] - boxes[:, :2]).T
    return boxes[width <= np.maximum(3, SLENDER * height)]


def _stands_free(stroke: NDArray[np.int64], radius: NDArray[np.float32]) -> bool:
    """Whether nothing thick is at a stroke."""
    x0, y0, x1, y1 = stroke.tolist()
    height = y1 - y0
    around = max(2, round(SLENDER * height))
    near = radius[max(0, y0 - around) : y1 + around, max(0, x0 - around) : x1 + around]
    return bool(near.max() <= max(2.0, SLIGHT * height))


def _common(heights: NDArray[np.int64]) -> Iterator[float]:
    """What enough strokes have in common, the most common height first."""
    while len(heights) >= ENOUGH:
        near = np.abs(np.log(heights[:, None] / heights)) < ALIKE
        most = near[near.sum(0).argmax()]
        if most.sum() < ENOUGH:
            return
        yield float(np.median(heights[most]))
        heights = heights[~most]


def _has_noteheads(radius: NDArray[np.float32], space: float) -> bool:
    """Whether the page has blobs of a notehead's size, and few of several times that size."""
    like, large = (
        cv2.connectedComponents((radius > part * space).astype(np.uint8))[0] - 1 for part in (0.3, 0.9)
    )
    return like >= ENOUGH and large <= like / 4


def _rows(barlines: NDArray[np.int64], others: NDArray[np.int64], space: float) -> list[NDArray[np.int64]]:
    """The barlines of each staff, from the top staff down.

    Among `others`, strokes of the same height with something at them, those may be barlines that stand
    above or below one; two that are level make a staff where there is none yet.
    """
    aligned = np.abs(_middles(others)[0][:, None] - _middles(barlines)[0]).min(1) < space / 2
    others = others[aligned]
    new = ~_level(others, barlines, space).any(1)
    rows = [*_groups(barlines, space), *(row for row in _groups(others[new], space) if len(row) > 1)]
    return sorted(rows, key=lambda row: float(_middles(row)[1].mean()))


def _groups(strokes: NDArray[np.int64], space: float) -> Iterator[NDArray[np.int64]]:
    """Strokes that are level with each other."""
    count, group = connected_components(_level(strokes, strokes, space))
    for number in range(count):
        yield strokes[group == number]


def _level(some: NDArray[np.int64], others: NDArray[np.int64], space: float) -> NDArray[np.bool_]:
    (x, y), (other_x, other_y) = _middles(some), _middles(others)
    rise = np.minimum(STEEP * np.abs(x[:, None] - other_x) + space / 2, FAR * space)
    return np.asarray(np.abs(y[:, None] - other_y) <= rise)


def _middles(strokes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Their x and y, (2, n)."""
    return (strokes[:, :2] + strokes[:, 2:]).T / 2


def _staff(row: NDArray[np.int64], left: int, right: int) -> Staff:
    """Five lines through the ends of barlines (n, 4) from left to right, going on level to both sides."""
    half = float(np.median(row[:, 2] - row[:, 0])) / 2  # lines end where the outer ones' ink does
    top, bottom = row[:, 1] + half / 2, row[:, 3] - half / 2
    xs = np.array([left, *_middles(row)[0], right], np.float64)
    share = np.linspace(0, 1, 5)[:, None]
    ends = [np.array([values[0], *values, values[-1]], np.float64) for values in (top, bottom)]
    return Staff(xs, (1 - share) * ends[0] + share * ends[1])


def _in_shreds(dark: NDArray[np.uint8], staves: Sequence[Staff], space: float) -> bool:
    """Whether level strokes are left where lines should be, rather than between them."""
    level = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, max(2, round(2 * space))), np.uint8))
    thick = cv2.dilate(level, np.ones((3, 1), np.uint8))  # lines are found to a pixel
    shares = np.array([_inked(np.asarray(thick, np.uint8), staff) for staff in staves]).mean(0)
    return bool(shares[0] >= SHREDS and shares[1] <= BETWEEN * shares[0])


def _knotted(dark: NDArray[np.uint8], barlines: NDArray[np.int64]) -> float:
    """At which part of the places where inner lines crossed them barlines (n, 4) are broader than between."""
    return float(np.mean([_knots(dark, barline) for barline in barlines]))


def _knots(dark: NDArray[np.uint8], barline: NDArray[np.int64]) -> list[bool]:
    """Whether a barline is broader at the second, third and fourth line than half a space above and below."""
    x0, y0, x1, y1 = barline.tolist()
    edge = (x1 - x0) / 4  # lines end where the outer ones' ink does
    space = (y1 - y0 - 2 * edge) / 4
    around = max(1, round(0.12 * space))
    breadth = dark[y0:y1, max(0, x0 - around - 1) : x1 + around + 1].sum(1, dtype=np.int64)

    def broadest(line: float) -> int:
        middle = round(edge + line * space)
        return int(breadth[max(0, middle - around) : middle + around + 1].max())

    return [broadest(line) > max(broadest(line - 0.5), broadest(line + 0.5)) for line in (1, 2, 3)]


def _inked(level: NDArray[np.uint8], staff: Staff) -> tuple[float, float]:
    """How much of a staff's lines is 1 in `level`, and how much of the middles between them."""
    xs = np.arange(int(staff.xs[0]), int(staff.xs[-1]))
    lines = staff.lines_at(xs + 0.5)
    at = (
        level[np.clip(ys, 0, len(level) - 1).astype(int), xs] for ys in (lines, (lines[1:] + lines[:-1]) / 2)
    )
    on, off = (float(values.mean()) for values in at)
    return on, off
