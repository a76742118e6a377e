"""Staves whose lines have faded, from the knots that they left.

Where a staff line crosses a barline or a stem, ink is thicker: a scan in black and
white that has lost the lines still shows five knots, evenly spaced, in most
upright strokes that cross a staff, be it a stem or a barline through many staves.
Of a stroke that has faded as well five dots are left.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from omr.images import ink_mask
from omr.page import Staff

LINES = 5

LEAST = 15
"""Pixels of the shortest stroke that can be told from texture; odd, or OpenCV would shift what it opens."""

GAPS = 15, 31
"""Pixels from dot to dot of a faded stroke. The more is joined, the more is no stroke: both are tried."""

SLENDER = 0.15
"""Breadth of a stroke's box in heights; a page may be skewed."""

SMALLEST_SPACE = 6
"""Pixels of the smallest staff space: bold letters in small print have knots as well."""

UNEVEN = 0.1
"""Part of a staff space by which the distances between knots may differ."""

ALIKE = 0.06
"""Part by which staff spaces of one page differ."""

ENOUGH, TOO_MANY = 8, 4000
"""Strokes with five knots on a page: fewer than the former, of one distance, may be anything, more than the
latter are texture."""

STEEP, FAR = 0.06, 3
"""How much a staff may rise or fall from stroke to stroke: in their distance, and staff spaces at most."""

APART = 5.4
"""Staff spaces between the middles of two staves at least."""

ASTRAY = 0.35
"""Staff spaces by which a stroke's knots may be off those of its neighbours."""


class Crossings(NamedTuple):
    """Where strokes cross five lines: arrays x (n,) and ys (n, 5), in pixels."""

    x: NDArray[np.float64]
    ys: NDArray[np.float64]

    @property
    def space(self) -> NDArray[np.float64]:
        return np.asarray((self.ys[:, -1] - self.ys[:, 0]) / (LINES - 1))

    def some(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> Crossings:
        return Crossings(self.x[which], self.ys[which])


def staves_by_knots(image: NDArray[np.uint8]) -> list[Staff]:
    """Where the knots in barlines and stems say that staves are.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.

    Returns
    -------
    list of Staff
        From top to bottom, in pixels of `image`, as straight from stroke to stroke as these stand; empty
        where too few strokes have knots of one distance.
    """
    dark = ink_mask(image)
    crossings = _crossings(dark)
    if not ENOUGH <= len(crossings.x) <= TOO_MANY:
        return []
    near = np.abs(np.log(crossings.space[:, None] / crossings.space)) < ALIKE
    alike = crossings.some(near[near.sum(0).argmax()])
    if _count(alike) < ENOUGH:
        return []
    ink = np.flatnonzero(dark.any(0))
    rows, skew = _rows(alike)
    staves = [_staff(row, skew, int(ink[0]), int(ink[-1]) + 1) for row in rows]
    return sorted(staves, key=lambda staff: float(staff.ys.mean()))


def _crossings(dark: NDArray[np.uint8]) -> Crossings:
    """Where strokes, and what joining their pieces makes strokes, have five knots."""
    breadths = _breadths(dark)
    found = [*_crossed(dark, LEAST, breadths)]
    for gap in GAPS:
        joined = np.asarray(cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((gap, 1), np.uint8)), np.uint8)
        found += _crossed(joined, 2 * gap + 1, breadths)
    return Crossings(np.array([x for x, _ in found]), np.array([ys for _, ys in found]).reshape(-1, LINES))


def _count(crossings: Crossings) -> int:
    """How many there are, what was seen in several ways once."""
    x, y = crossings.x, crossings.ys.mean(1)
    same = (np.abs(x[:, None] - x) < SMALLEST_SPACE) & (np.abs(y[:, None] - y) < SMALLEST_SPACE)
    return int((same.argmax(1) == np.arange(len(x))).sum())


def _crossed(
    dark: NDArray[np.uint8], least: int, breadths: NDArray[np.int32]
) -> Iterator[tuple[float, NDArray[np.float64]]]:
    upright = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((least, 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(upright)
    for x0, y0, width, height in stats[1:, :4].tolist():
        if width <= max(3, SLENDER * height) and height > (LINES - 1) * SMALLEST_SPACE:
            box = slice(y0, y0 + height), slice(x0, x0 + width)
            for ys in _fives((breadths[box] * upright[box]).max(1)):
                yield x0 + width / 2, y0 + ys


def _breadths(dark: NDArray[np.uint8]) -> NDArray[np.int32]:
    """How long the level run of ink is that a pixel is in."""
    height, width = dark.shape
    flat = np.pad(dark, ((0, 0), (1, 1))).ravel().astype(np.int8)
    changes = np.diff(flat)
    starts, ends = np.flatnonzero(changes == 1) + 1, np.flatnonzero(changes == -1) + 1
    runs = np.zeros(len(flat), np.int32)
    runs[starts] = ends - starts
    inside = ends < len(flat)
    runs[ends[inside]] -= (ends - starts)[inside]
    return np.asarray(np.cumsum(runs, dtype=np.int32).reshape(height, width + 2)[:, 1:-1])


def _fives(breadth: NDArray[np.int32]) -> Iterator[NDArray[np.float64]]:
    """Five knots at one distance, and none so far beyond, of a stroke as broad as `breadth` (height,)."""
    broad = np.pad(breadth > np.median(breadth), 1)
    broad[[1, -2]] = True  # barlines end at a line
    changes = np.diff(broad.astype(np.int8))
    starts, ends = np.flatnonzero(changes == 1), np.flatnonzero(changes == -1)
    if len(starts) < LINES:
        return
    middles = (starts + ends) / 2
    fives = sliding_window_view(middles, LINES)
    space = (fives[:, -1] - fives[:, 0]) / (LINES - 1)
    steps = np.diff(fives, axis=1)
    even = np.abs(steps - space[:, None]).max(1) <= np.maximum(1, UNEVEN * space)
    gaps = np.pad(np.diff(middles), 1, constant_values=np.inf)
    alone = np.minimum(gaps[: len(space)], gaps[LINES:]) > 1.25 * space
    thin = sliding_window_view(ends - starts, LINES).max(1) <= np.maximum(2, 0.4 * space)
    yield from fives[even & alone & thin & (space >= SMALLEST_SPACE)]


def _rows(crossings: Crossings) -> tuple[list[Crossings], float]:
    """The crossings of each staff, from left to right, and how much staves fall from left to right."""
    x, y, space = crossings.x, crossings.ys.mean(1), float(np.median(crossings.space))
    skew = _skew(x, y, space)
    level = y - skew * x
    rise = np.minimum(STEEP * np.abs(x[:, None] - x) / 2 + space / 2, FAR * space)
    count, group = connected_components(np.abs(level[:, None] - level) <= rise)
    rows: list[Crossings] = []
    heights: list[float] = []
    for number in sorted(range(count), key=lambda number: -int((group == number).sum())):
        row = _steady(crossings.x, level, np.flatnonzero(group == number), space)
        if len(row) and all(abs(np.median(level[row]) - other) > APART * space for other in heights):
            rows.append(crossings.some(row))
            heights.append(float(np.median(level[row])))
    return rows, skew


def _skew(x: NDArray[np.float64], y: NDArray[np.float64], space: float) -> float:
    """How much what may be two strokes of one staff falls from left to right, in their distance."""
    across, down = x[:, None] - x, y[:, None] - y
    pairs = (across > space) & (np.abs(down) <= np.minimum(STEEP * across, FAR * space))
    return float(np.median(down[pairs] / across[pairs])) if pairs.any() else 0.0


def _steady(
    x: NDArray[np.float64], level: NDArray[np.float64], which: NDArray[np.int64], space: float
) -> NDArray[np.int64]:
    """Which crossings of a staff, from left to right, are level with their neighbours."""
    which = which[x[which].argsort()]
    usual = np.array([np.median(level[which[max(0, i - 3) : i + 4]]) for i in range(len(which))])
    return which[np.abs(level[which] - usual) < ASTRAY * space]


def _staff(row: Crossings, skew: float, left: int, right: int) -> Staff:
    """Five lines from left to right, going on to both sides as the page is skewed."""
    xs, first = np.unique(row.x, return_index=True)
    ys = row.ys[first].T
    ends = ys[:, :1] - skew * (xs[0] - left), ys[:, -1:] + skew * (right - xs[-1])
    return Staff(np.array([left, *xs, right], np.float64), np.concatenate([ends[0], ys, ends[1]], axis=1))
