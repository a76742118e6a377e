"""Count the beams that the ink between two stems shows.

A box around a sloping beam says neither which way it slopes nor how many beams are stacked in it; the page
does. Columns of pixels between two stems are read from the tips of the stems inwards, and each tells how
many beams it crosses. A beam is half a staff space thick whatever its slope, so thin runs of ink are staff
lines and slurs, and a thick run is several beams that have run together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from omr.notation.limits import BeamInkLimits
from omr.page import Ink

_SAMPLE = 200
"""Gaps of a page whose beams are measured, about."""

_BATCH = 500
"""Gaps counted together: the pixels of their columns take 60 MB."""


@dataclass(frozen=True)
class Gap:
    """The room between two neighbouring stems that go the same way.

    Attributes
    ----------
    x, y : (float, float)
        The tips of the left and of the right stem, in pixels of the page.
    inwards : int
        1 if the beams hang below the tips, -1 if above.
    room : float
        Staff spaces from the tips to the nearer head.
    outwards : float
        Staff spaces beyond the tips where beams of these stems may lie; beyond are those of other stems.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    inwards: int
    room: float
    outwards: float = inf

    def scaled(self, scale: float) -> Gap:
        """Scale the gap to another picture of the page.

        Parameters
        ----------
        scale : float
            Pixels of the picture for each pixel of the page.

        Returns
        -------
        Gap
        """
        (x0, x1), (y0, y1) = self.x, self.y
        return replace(self, x=(scale * x0, scale * x1), y=(scale * y0, scale * y1))


class BeamCount(NamedTuple):
    """Numbers of beams between two stems.

    Attributes
    ----------
    left, between, right : int
        Just right of the left stem, half-way, and just left of the right stem.
    """

    left: int
    between: int
    right: int

    @property
    def shared(self) -> int:
        """How many beams lead from stem to stem."""
        return min(self)


def count_beams(ink: Ink, space: float, gaps: Sequence[Gap], limits: BeamInkLimits) -> list[BeamCount]:
    """Count the beams in each gap.

    Parameters
    ----------
    ink : Ink
    space : float
        Staff space in pixels of the page.
    gaps : sequence of Gap
    limits : BeamInkLimits

    Returns
    -------
    list of BeamCount
        One for each gap; zeros where a gap lies outside of the image.
    """
    reduced = [gap.scaled(ink.scale) for gap in gaps]
    batches = (reduced[n : n + _BATCH] for n in range(0, len(reduced), _BATCH))
    return [count for batch in batches for count in _counted(ink.grey, ink.scale * space, batch, limits)]


def measured_limits(ink: Ink, space: float, gaps: Sequence[Gap], limits: BeamInkLimits) -> BeamInkLimits:
    """Measure how thick beams are on a page, and how far apart.

    Beams of 1880 to 1910 are up to 0.85 staff spaces thick where those of our time are 0.5, so two of them
    that have run together are as thick as three.

    Parameters
    ----------
    ink : Ink
    space : float
        Staff space in pixels of the page.
    gaps : sequence of Gap
        Gaps with beams.
    limits : BeamInkLimits

    Returns
    -------
    BeamInkLimits
        With the thickness and the pitch of this page where enough beams tell them.
    """
    sample = [gap.scaled(ink.scale) for gap in gaps[:: max(1, len(gaps) // _SAMPLE)]]
    if not sample:
        return limits
    space *= ink.scale
    columns = _columns(space, sample, limits)[:, 1:2, :: max(1, limits.columns // 3)]
    column, start, end = _runs(_black(ink.grey, space, sample, columns, limits), limits)
    one = end - start < limits.max_thickness
    first = one & (start < limits.from_tip) & (end > limits.beyond_tip)
    if first.sum() < limits.min_measured:
        return limits
    thickness = max(limits.thickness, float(np.median((end - start)[first])) - limits.spread)
    below = (column[1:] == column[:-1]) & one[1:] & first[:-1] & (start[1:] - end[:-1] < limits.max_gap)
    if below.sum() >= limits.min_measured:
        pitch = float(np.median((start[1:] - start[:-1])[below]))
    else:
        pitch = max(limits.pitch, thickness + limits.spread + limits.min_gap)
    return replace(limits, thickness=thickness, pitch=pitch)


def _counted(
    image: NDArray[np.uint8], space: float, gaps: Sequence[Gap], limits: BeamInkLimits
) -> list[BeamCount]:
    """Count the beams of a batch of gaps: the median over the columns of each place."""
    columns = _columns(space, gaps, limits)
    black = _black(image, space, gaps, columns, limits)
    inside, beyond = (np.median(part.reshape(columns.shape), axis=2) for part in _stacked(black, limits))
    # outer beams lead from stem to stem; ink beyond the tips that does not is something else
    through = (inside + beyond).min(axis=1, keepdims=True)
    counts = np.maximum(inside, np.minimum(inside + beyond, through))
    return [BeamCount(*map(int, row)) for row in counts]


def _columns(space: float, gaps: Sequence[Gap], limits: BeamInkLimits) -> NDArray[np.float64]:
    """Compute the x of each column (gaps, 3, columns): at the left stem, between, at the right stem."""
    x = np.array([gap.x for gap in gaps])
    way = np.diff(x, axis=1)
    inset = np.minimum(limits.inset * space, limits.inset_share * way)
    reach = np.minimum(limits.beside * space, limits.beside_share * way)
    steps = np.linspace(0, 1, limits.columns)
    left = x[:, :1] + inset + (reach - inset) * steps
    between = x[:, :1] + inset + (way - 2 * inset) * steps
    right = x[:, 1:] - inset - (reach - inset) * steps
    return np.stack((left, between, right), 1)


def _black(
    image: NDArray[np.uint8],
    space: float,
    gaps: Sequence[Gap],
    columns: NDArray[np.float64],
    limits: BeamInkLimits,
) -> NDArray[np.bool_]:
    """Whether there is ink at each depth of each column, (columns, depths), from outside the tips inwards."""
    (x0, x1), (y0, y1) = np.array([gap.x for gap in gaps]).T, np.array([gap.y for gap in gaps]).T
    share = (columns - x0[:, None, None]) / np.maximum(x1 - x0, 1e-6)[:, None, None]
    tips = y0[:, None, None] + share * (y1 - y0)[:, None, None]
    depth = np.arange(-limits.outwards, limits.inwards, limits.step)
    inwards = np.array([gap.inwards for gap in gaps])[:, None, None, None]
    rows = np.floor(tips[..., None] + inwards * space * depth)
    rows = np.clip(rows, 0, image.shape[0] - 1).astype(np.int32)
    at = np.clip(np.floor(columns), 0, image.shape[1] - 1).astype(np.int32)
    grey = image[rows, at[..., None]]
    dark = grey.min(axis=(1, 2, 3), keepdims=True).astype(float)
    light = np.percentile(grey, limits.paper_percentile, axis=(1, 2, 3), keepdims=True)
    black = (grey < (dark + light) / 2) & (light - dark > limits.contrast)
    black &= depth < np.array([gap.room for gap in gaps])[:, None, None, None]
    black &= -depth < np.array([gap.outwards for gap in gaps])[:, None, None, None]
    found: NDArray[np.bool_] = black.reshape(-1, len(depth))
    return found


def _stacked(black: NDArray[np.bool_], limits: BeamInkLimits) -> NDArray[np.int64]:
    """Count the beams in close order at the tip, and those of the stack beyond it, (2, columns).

    A stem in a group may be detected too short: its outer beams lie beyond it, as dynamics and slurs do.
    """
    column, start, end = _runs(black, limits)
    found = np.zeros((2, len(black)), np.int64)
    if not len(column):
        return found
    one = limits.thickness + limits.spread
    beams = np.maximum(1, np.rint((end - start - one) / limits.pitch + 1)).astype(np.int64)
    parted = np.concatenate([[True], (np.diff(column) > 0) | (start[1:] - end[:-1] > limits.max_gap)])
    stack = np.cumsum(parted) - 1
    heads = np.flatnonzero(parted)
    tails = np.append(heads[1:], len(column)) - 1
    near = np.maximum(start[heads], -end[tails]) < limits.from_tip
    outside = end < limits.beyond_tip
    for part, which in enumerate((~outside, outside)):
        size = np.bincount(stack, beams * which).astype(np.int64)
        np.maximum.at(found[part], column[heads][near], size[near])
    return found


def _runs(
    black: NDArray[np.bool_], limits: BeamInkLimits
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """List the thick runs of ink: column, start and end in staff spaces inwards from the tips."""
    edges = np.diff(np.pad(black, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    column, first = np.nonzero(edges == 1)
    _, last = np.nonzero(edges == -1)
    start = np.asarray(first * limits.step - limits.outwards, np.float64)
    end = np.asarray(last * limits.step - limits.outwards, np.float64)
    thick = end - start > limits.min_thickness
    return column[thick].astype(np.int64), start[thick], end[thick]
