"""How many beams the ink between two stems shows.

A box around a sloping beam says neither which way it slopes nor how many beams
are stacked in it; the page does. From stem to stem, columns are looked along
from the tips inwards, and each tells how many beams it crosses: a beam is half
a staff space thick whatever its slope, so thin runs are staff lines and slurs,
and a thick one is several beams that have run together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BEAM = 0.5
"""Thickness of a beam in staff spaces (E. Gould, *Behind Bars*, 2011, 'Beams')."""

_PITCH = 0.77
"""From the middle of one beam to the next, likewise: 0.75 as Gould has it, 0.81 as LilyPond."""

_SPREAD = 0.1
"""How much thicker beams that run together may look, likewise: the ink ran, or a staff line touches."""

_THIN = 0.35
"""A run of ink that is thinner is a staff line or a slur."""

_APART = 0.55
"""Beams further apart than this don't belong together."""

_FROM_TIP = 0.6
"""How far from the tips of the stems the first beam may lie: a tip is found no more exactly."""

_BEYOND = 0.05
"""A run that reaches no further inwards lies beyond the tips."""

_OUTWARDS, _INWARDS, _STEP = 2.2, 4.2, 0.05
"""What part of a column is looked at, and how closely."""

_COLUMNS = 13
_BESIDE = (0.3, 0.75)
"""Between two stems; and how far beside a stem to look for the shortest of its beams."""

_BATCH = 500
"""Gaps looked at together: their columns take 60 MB."""

_FAINTEST = 40
"""Grey levels that ink must be darker than its paper."""


@dataclass(frozen=True)
class Gap:
    """The room between two neighbouring stems that go the same way.

    Attributes
    ----------
    x, y : tuple of float
        The tips of the left and of the right stem, in pixels of the image.
    inwards : int
        1 if the beams hang below the tips, -1 if above.
    room : float
        Staff spaces from the tips to where the nearer head begins.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    inwards: int
    room: float


class Beams(NamedTuple):
    """How many beams there are just right of the left stem, half-way, and just left of the right one."""

    left: int
    between: int
    right: int

    @property
    def shared(self) -> int:
        """How many lead from stem to stem."""
        return min(self)


def count_beams(image: NDArray[np.uint8], space: float, gaps: Sequence[Gap]) -> list[Beams]:
    """Count the beams in each gap.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.
    space : float
        Staff space in pixels.
    gaps : sequence of Gap
    """
    batches = (gaps[n : n + _BATCH] for n in range(0, len(gaps), _BATCH))
    return [beams for batch in batches for beams in _counted(image, space, batch)]


def _counted(image: NDArray[np.uint8], space: float, gaps: Sequence[Gap]) -> list[Beams]:
    x = np.array([gap.x for gap in gaps])
    way = np.diff(x, axis=1)
    inset = np.minimum(_BESIDE[0] * space, 0.25 * way)
    reach = np.minimum(_BESIDE[1] * space, 0.5 * way)
    steps = np.linspace(0, 1, _COLUMNS)
    symbols = (x[:, :1] + inset + (reach - inset) * steps, x[:, :1] + inset + (way - 2 * inset) * steps,
              x[:, 1:] - inset - (reach - inset) * steps)  # fmt: skip
    columns = np.stack(symbols, 1)  # gap, where, column
    black = _columns(image, space, gaps, columns)
    inside, beyond = (np.median(part.reshape(columns.shape), axis=2) for part in _stacked(black))
    # outer beams lead from stem to stem; what lies beyond the tips and doesn't is something else
    through = (inside + beyond).min(axis=1, keepdims=True)
    counts = np.maximum(inside, np.minimum(inside + beyond, through))
    return [Beams(*map(int, row)) for row in counts]


def _columns(
    image: NDArray[np.uint8], space: float, gaps: Sequence[Gap], columns: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """What is black from outside the tips inwards, (columns, depths)."""
    (x0, x1), (y0, y1) = np.array([gap.x for gap in gaps]).T, np.array([gap.y for gap in gaps]).T
    share = (columns - x0[:, None, None]) / np.maximum(x1 - x0, 1e-6)[:, None, None]
    tips = y0[:, None, None] + share * (y1 - y0)[:, None, None]
    depth = np.arange(-_OUTWARDS, _INWARDS, _STEP)
    inwards = np.array([gap.inwards for gap in gaps])[:, None, None, None]
    rows = np.clip(np.floor(tips[..., None] + inwards * space * depth), 0, image.shape[0] - 1).astype(
        np.int32
    )
    at = np.clip(np.floor(columns), 0, image.shape[1] - 1).astype(np.int32)
    grey = image[rows, at[..., None]]
    dark = grey.min(axis=(1, 2, 3), keepdims=True).astype(float)
    light = np.percentile(grey, 90, axis=(1, 2, 3), keepdims=True)
    black = (grey < (dark + light) / 2) & (light - dark > _FAINTEST)
    black &= depth < np.array([gap.room for gap in gaps])[:, None, None, None]
    return black.reshape(-1, len(depth))


def _stacked(black: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many beams lie in close order at the tip, and how many of the stack beyond it: (2, n) by column.

    A stem in a group may be seen too short, and its outer beams lie beyond it; but so do dynamics and slurs.
    """
    edges = np.diff(np.pad(black, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    column, first = np.nonzero(edges == 1)
    _, last = np.nonzero(edges == -1)
    start, end = first * _STEP - _OUTWARDS, last * _STEP - _OUTWARDS
    thick = end - start > _THIN
    column, start, end = column[thick], start[thick], end[thick]
    found = np.zeros((2, len(black)), np.int64)
    if not len(column):
        return found
    beams = np.maximum(1, np.rint((end - start - _SPREAD + _PITCH - BEAM) / _PITCH)).astype(np.int64)
    parted = np.concatenate([[True], (np.diff(column) > 0) | (start[1:] - end[:-1] > _APART)])
    stack = np.cumsum(parted) - 1
    heads = np.flatnonzero(parted)
    tails = np.append(heads[1:], len(column)) - 1
    near = np.maximum(start[heads], -end[tails]) < _FROM_TIP
    outside = end < _BEYOND
    for part, which in enumerate((~outside, outside)):
        size = np.bincount(stack, beams * which).astype(np.int64)
        np.maximum.at(found[part], column[heads][near], size[near])
    return found
