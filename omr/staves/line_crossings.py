"""Staff recovery: staves whose lines have faded, found by their crossings with barlines and stems.

Where a staff line crosses a barline or a stem, ink is thicker. A black and white scan that
has lost the lines still shows five thick places, evenly spaced, in most upright strokes of
a staff. A stroke that has faded as well leaves five dots.
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
from omr.runs import horizontal_run_lengths, runs
from omr.staves.limits import CROSSING, LINES


class Crossings(NamedTuple):
    """Where strokes cross five lines.

    Attributes
    ----------
    x : array (n,)
        The middle of each stroke, in pixels.
    ys : array (n, 5)
        The middles of its crossings, in pixels, from top to bottom.
    """

    x: NDArray[np.float64]
    ys: NDArray[np.float64]

    @property
    def space(self) -> NDArray[np.float64]:
        """Staff space (n,) of each stroke, in pixels."""
        return np.asarray((self.ys[:, -1] - self.ys[:, 0]) / (LINES - 1))

    def select(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> Crossings:
        """Select some of the strokes.

        Parameters
        ----------
        which : array (n,) of bool or array of int
            A mask or indices.

        Returns
        -------
        Crossings
        """
        return Crossings(self.x[which], self.ys[which])


def staves_from_crossings(image: NDArray[np.uint8]) -> list[Staff]:
    """Recover staves from the line crossings in barlines and stems.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.

    Returns
    -------
    list of Staff
        From top to bottom, in pixels of `image`; straight from stroke to stroke. Empty
        where too few strokes have crossings at one distance.
    """
    dark = ink_mask(image)
    crossings = _crossings(dark)
    if not CROSSING.fewest <= len(crossings.x) <= CROSSING.most:
        return []
    near = np.abs(np.log(crossings.space[:, None] / crossings.space)) < CROSSING.same_size
    alike = crossings.select(near[near.sum(0).argmax()])
    if _distinct(alike) < CROSSING.fewest:
        return []
    ink = np.flatnonzero(dark.any(0))
    rows, skew = _rows(alike)
    staves = [_staff(row, skew, int(ink[0]), int(ink[-1]) + 1) for row in rows]
    return sorted(staves, key=lambda staff: float(staff.ys.mean()))


def _crossings(dark: NDArray[np.uint8]) -> Crossings:
    """Find the crossings in strokes, and in faded strokes whose dots are joined."""
    breadths = horizontal_run_lengths(dark > 0)
    found = [*_crossings_of_strokes(dark, CROSSING.shortest_stroke, breadths)]
    for gap in CROSSING.gaps:
        joined = np.asarray(cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((gap, 1), np.uint8)), np.uint8)
        found += _crossings_of_strokes(joined, 2 * gap + 1, breadths)
    return Crossings(np.array([x for x, _ in found]), np.array([ys for _, ys in found]).reshape(-1, LINES))


def _distinct(crossings: Crossings) -> int:
    """Count the strokes; the same place found with several gaps counts once."""
    x, y = crossings.x, crossings.ys.mean(1)
    reach = CROSSING.smallest_space
    same = (np.abs(x[:, None] - x) < reach) & (np.abs(y[:, None] - y) < reach)
    return int((same.argmax(1) == np.arange(len(x))).sum())


def _crossings_of_strokes(
    dark: NDArray[np.uint8], shortest: int, breadths: NDArray[np.int32]
) -> Iterator[tuple[float, NDArray[np.float64]]]:
    """Yield the x and the five ys of the crossings in each slender stroke of `shortest` pixels or more."""
    upright = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((shortest, 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(upright)
    for x0, y0, width, height in stats[1:, :4].tolist():
        slender = width <= max(CROSSING.slender_pixels, CROSSING.slender * height)
        if slender and height > (LINES - 1) * CROSSING.smallest_space:
            box = slice(y0, y0 + height), slice(x0, x0 + width)
            for ys in _five_crossings((breadths[box] * upright[box]).max(1)):
                yield x0 + width / 2, y0 + ys


def _five_crossings(breadth: NDArray[np.int32]) -> Iterator[NDArray[np.float64]]:
    """Find five crossings at one distance, without a sixth, in a stroke as broad as `breadth` (height,)."""
    broad = breadth > np.median(breadth)
    broad[[0, -1]] = True  # barlines end at a line
    starts, ends = runs(broad)
    if len(starts) < LINES:
        return
    middles = (starts + ends) / 2
    fives = sliding_window_view(middles, LINES)
    space = (fives[:, -1] - fives[:, 0]) / (LINES - 1)
    steps = np.diff(fives, axis=1)
    even = np.abs(steps - space[:, None]).max(1) <= np.maximum(1, CROSSING.uneven * space)
    gaps = np.pad(np.diff(middles), 1, constant_values=np.inf)
    alone = np.minimum(gaps[: len(space)], gaps[LINES:]) > CROSSING.alone * space
    highest = np.maximum(CROSSING.thickest_line_pixels, CROSSING.thickest_line * space)
    thin = sliding_window_view(ends - starts, LINES).max(1) <= highest
    yield from fives[even & alone & thin & (space >= CROSSING.smallest_space)]


def _rows(crossings: Crossings) -> tuple[list[Crossings], float]:
    """Group the crossings by staff, each from left to right, and measure the skew of the page."""
    x, y, space = crossings.x, crossings.ys.mean(1), float(np.median(crossings.space))
    skew = _skew(x, y, space)
    level = y - skew * x
    rise = np.minimum(CROSSING.steepest * np.abs(x[:, None] - x) / 2 + space / 2, CROSSING.farthest * space)
    count, group = connected_components(np.abs(level[:, None] - level) <= rise)
    rows: list[Crossings] = []
    heights: list[float] = []
    for number in sorted(range(count), key=lambda number: -int((group == number).sum())):
        row = _level(crossings.x, level, np.flatnonzero(group == number), space)
        if len(row) and all(abs(np.median(level[row]) - other) > CROSSING.apart * space for other in heights):
            rows.append(crossings.select(row))
            heights.append(float(np.median(level[row])))
    return rows, skew


def _skew(x: NDArray[np.float64], y: NDArray[np.float64], space: float) -> float:
    """Estimate the slope of the staves from pairs of strokes that may belong to one staff."""
    across, down = x[:, None] - x, y[:, None] - y
    reach = np.minimum(CROSSING.steepest * across, CROSSING.farthest * space)
    pairs = (across > space) & (np.abs(down) <= reach)
    return float(np.median(down[pairs] / across[pairs])) if pairs.any() else 0.0


def _level(
    x: NDArray[np.float64], level: NDArray[np.float64], which: NDArray[np.int64], space: float
) -> NDArray[np.int64]:
    """Keep the strokes of a staff, from left to right, that are level with their neighbours."""
    which = which[x[which].argsort()]
    n = CROSSING.neighbours
    usual = np.array([np.median(level[which[max(0, i - n) : i + n + 1]]) for i in range(len(which))])
    return np.asarray(which[np.abs(level[which] - usual) < CROSSING.astray * space])


def _staff(row: Crossings, skew: float, left: int, right: int) -> Staff:
    """Draw five lines from `left` to `right`, continued beyond the outermost strokes by the page's skew."""
    xs, first = np.unique(row.x, return_index=True)
    ys = row.ys[first].T
    ends = ys[:, :1] - skew * (xs[0] - left), ys[:, -1:] + skew * (right - xs[-1])
    return Staff(np.array([left, *xs, right], np.float64), np.concatenate([ends[0], ys, ends[1]], axis=1))
