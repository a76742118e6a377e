"""Encode boxes as an energy landscape: a peak at the centre of every symbol."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

MIN_RADIUS = 1.5
"""Half the width, in cells, of the peak of the thinnest symbol; a stem is under one cell wide (release
0.1.0)."""


@dataclass(frozen=True)
class Targets:
    """The landscape that a network should predict.

    Attributes
    ----------
    energy : array (layers, height, width)
        1 at a symbol's centre, falling linearly to 0 at its edge.
    owner : array (layers, height, width)
        Index of the box whose peak covers the cell, -1 where there is none.
    """

    energy: Floats
    owner: Ints


def encode(boxes: Floats, layers: Ints, shape: tuple[int, int, int]) -> Targets:
    """Paint a peak for every box: ``1 - max(|dx| / rx, |dy| / ry)`` from its centre.

    Where peaks of one layer overlap the higher one wins, so that the valley between two neighbours runs
    midway, in units of their sizes.

    Parameters
    ----------
    boxes : array (n, 4)
        x0, y0, x1, y1 in cells; they may reach beyond the map.
    layers : array (n,)
        The layer of each box.
    shape : (layers, height, width)
        Of the map, in cells.

    Returns
    -------
    Targets
    """
    energy = np.zeros(shape, np.float32)
    owner = np.full(shape, -1, np.int64)
    box, row, column = _cells_of(boxes, shape[1:])
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    radius = np.maximum((boxes[:, 2:] - boxes[:, :2]) / 2, MIN_RADIUS)
    distance = np.maximum(
        np.abs(column + 0.5 - centre[box, 0]) / radius[box, 0],
        np.abs(row + 0.5 - centre[box, 1]) / radius[box, 1],
    )
    height = (1 - distance).astype(np.float32)
    above = height > 0
    box, height = box[above], height[above]
    cell = (layers[box], row[above], column[above])
    np.maximum.at(energy, cell, height)
    wins = height == energy[cell]
    owner[tuple(axis[wins] for axis in cell)] = box[wins]
    return Targets(energy, owner)


def _cells_of(boxes: Floats, shape: tuple[int, int]) -> tuple[Ints, Ints, Ints]:
    """Index of the box, row and column of every cell that a peak may cover, as three flat arrays."""
    limit = np.array([shape[1], shape[0]])
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    radius = np.maximum((boxes[:, 2:] - boxes[:, :2]) / 2, MIN_RADIUS)
    low = np.clip(np.floor(centre - radius), 0, limit).astype(np.int64)
    high = np.clip(np.ceil(centre + radius), 0, limit).astype(np.int64)
    width, height = np.maximum(high - low, 0).T
    count = width * height
    box = np.repeat(np.arange(len(boxes)), count)
    step = np.arange(len(box)) - np.repeat(np.cumsum(count) - count, count)
    return box, low[box, 1] + step // width[box], low[box, 0] + step % width[box]
