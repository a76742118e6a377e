"""The energy landscape of a page: `encode` builds it from boxes, `decode` cuts it back into boxes.

After L. Tuggener, I. Elezi, J. Schmidhuber, T. Stadelmann, "Deep Watershed
Detector for Music Object Recognition", ISMIR 2018, with four changes: the peak
of a symbol is as large as the symbol instead of one fixed stamp; symbols that
habitually cover each other live in separate layers; the boxes are read near
the summit, where they are best, instead of a maximum over the basin; and every
symbol carries a score.

All coordinates here are in *cells* of the energy map: a cell is ``stride``
pixels of the network's input wide, and cell ``(row, column)`` has its centre at
``(column + 0.5, row + 0.5)``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional
from torchvision.ops import batched_nms

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SMALLEST_RADIUS = 1.5
"""Half the width, in cells, of the peak of the thinnest symbol (a stem is under one cell wide)."""


@dataclass(frozen=True)
class Targets:
    """What a network should predict.

    Attributes
    ----------
    energy : array (layers, height, width)
        1 at a symbol's centre, falling linearly to 0 at its edge.
    owner : array (layers, height, width)
        Index of the box whose peak this is, -1 where there is none.
    """

    energy: Floats
    owner: Ints


def encode(boxes: Floats, layers: Ints, shape: tuple[int, int, int]) -> Targets:
    """Paint a peak for every box: ``1 - max(|dx| / rx, |dy| / ry)`` from its centre.

    Where peaks of one layer overlap the higher one wins, so that the valley
    between two neighbours runs midway, in units of their sizes.

    Parameters
    ----------
    boxes : array (n, 4)
        x0, y0, x1, y1 in cells; they may reach beyond the map.
    layers : array (n,)
        The layer of each box.
    shape : (layers, height, width)
    """
    energy = np.zeros(shape, np.float32)
    owner = np.full(shape, -1, np.int64)
    box, row, column = _cells_of(boxes, shape[1:])
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    radius = np.maximum((boxes[:, 2:] - boxes[:, :2]) / 2, SMALLEST_RADIUS)
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
    radius = np.maximum((boxes[:, 2:] - boxes[:, :2]) / 2, SMALLEST_RADIUS)
    low = np.clip(np.floor(centre - radius), 0, limit).astype(np.int64)
    high = np.clip(np.ceil(centre + radius), 0, limit).astype(np.int64)
    width, height = np.maximum(high - low, 0).T
    count = width * height
    box = np.repeat(np.arange(len(boxes)), count)
    step = np.arange(len(box)) - np.repeat(np.cumsum(count) - count, count)
    return box, low[box, 1] + step // width[box], low[box, 0] + step % width[box]


@dataclass(frozen=True)
class Decoding:
    """How to cut the landscape; chosen on validation pages and stored with the weights.

    Attributes
    ----------
    foreground : float
        Cells below this energy belong to no symbol.
    depth : float
        Summits separated by a saddle less than this below the lower of them are
        one symbol (the h of h-maxima).
    summit : float
        The part of a symbol that votes on class and box: cells at least this
        fraction of its highest energy.
    overlap : float
        Of two boxes of one class that overlap more than this (IoU), the
        lower-scored is dropped: what is left of a symbol that was cut in two.
    share : float
        Of the vote, from which a class that lost is reported as well, with the
        score that so few votes deserve: one flag or two, what is second is often right.
    """

    foreground: float = 0.2
    depth: float = 0.1
    summit: float = 0.7
    overlap: float = 0.5
    share: float = 0.05


@dataclass(frozen=True)
class Instances:
    """What decoding found, `n` symbols; one whose vote was divided is there once for each class.

    Attributes
    ----------
    boxes : array (n, 4)
        x0, y0, x1, y1 in cells.
    classes : array (n,)
        Index of the class.
    peaks : array (n,)
        Energy of the summit, 0 to 1.
    votes : array (n,)
        Share of the vote that the class got, 0 to 1.
    places : array (n,)
        Place of the class in the vote: 0 for the one that won.
    symbols : array (n,)
        What is one symbol, under several classes, has one number.
    """

    boxes: Floats
    classes: Ints
    peaks: Floats
    votes: Floats
    places: Ints
    symbols: Ints

    def only(self, keep: NDArray[np.bool_] | Ints) -> Instances:
        return Instances(*(getattr(self, field.name)[keep] for field in fields(self)))

    @staticmethod
    def none() -> Instances:
        floats, ints = np.zeros(0, np.float32), np.zeros(0, np.int64)
        return Instances(np.zeros((0, 4), np.float32), ints, floats, floats, ints, ints)


Read = Callable[[Ints, Ints, Ints], tuple[Floats, Floats]]
"""Looks cells up: (layer, row, column), each (m,), to class probabilities (m, C) and boxes (m, 4)."""


def decode(energy: torch.Tensor, read: Read, how: Decoding | None = None) -> Instances:
    """Cut the landscape into symbols: the inverse of `encode`.

    A watershed on the negated energy within the foreground, one basin for each
    h-maximum (`basins`). The cells around each summit then vote, weighted by
    their energy, on class and box. A large symbol that a smaller one of its
    layer cuts in two is found twice with the same box; the weaker half goes.

    Parameters
    ----------
    energy : tensor (layers, height, width)
        From 0 to 1.
    read : callable
        Class probabilities and boxes of the cells that vote. Only these are
        asked for, so a network need not compute them elsewhere.
    how : Decoding
    """
    how = how or Decoding()
    cells, label = basins(energy, how.foreground, how.depth)
    if not len(cells):
        return Instances.none()
    height = energy.flatten()[torch.from_numpy(cells).to(energy.device)].float().cpu().numpy()
    peaks = np.zeros(label.max() + 1, np.float32)
    np.maximum.at(peaks, label, height)
    votes = height >= how.summit * peaks[label]
    cells, label, weight = cells[votes], label[votes], height[votes]
    where = np.unravel_index(cells, tuple(energy.shape))
    probabilities, boxes = read(*where)
    weight = weight / np.bincount(label, weight)[label]
    probabilities = _sum_by(label, weight[:, None] * probabilities, len(peaks))
    boxes = _sum_by(label, weight[:, None] * boxes, len(peaks))
    found = _candidates(boxes, peaks, probabilities, how.share)
    scores, classes = torch.from_numpy(found.peaks * found.votes), torch.from_numpy(found.classes)
    return found.only(batched_nms(torch.from_numpy(found.boxes), scores, classes, how.overlap).numpy())


def _candidates(boxes: Floats, peaks: Floats, votes: Floats, share: float) -> Instances:
    """Every symbol (n,) with the class that won its vote (n, C), and with those that got a `share` of it."""
    winner = votes.argmax(1)
    candidate = votes >= share
    candidate[np.arange(len(votes)), winner] = True
    symbol, classes = np.nonzero(candidate)
    own = votes[symbol, classes]
    places = np.maximum((votes[symbol] > own[:, None]).sum(1), classes != winner[symbol])  # at a draw, too
    return Instances(boxes[symbol], classes, peaks[symbol], own, places, symbol)


def standing_alone(found: Instances, most: float = 0.75) -> NDArray[np.bool_]:
    """Which instances (n,) don't lie inside a better one of their class.

    The curl of a clef looks like a small clef; non-maximum suppression leaves
    it, since the two boxes differ much in size. Only for symbols that fill
    their box: within that of a sloping beam there is room for another.

    Parameters
    ----------
    found : Instances
    most : float
        The part of an instance's area that a better one may cover.
    """
    score = found.peaks * found.votes
    alone = np.ones(len(score), bool)
    for c in np.unique(found.classes):
        these = np.flatnonzero(found.classes == c)
        boxes = found.boxes[these]
        low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
        high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
        area = (boxes[:, 2:] - boxes[:, :2]).prod(1)
        covered = (high - low).clip(0).prod(2) > most * area[:, None]
        better = score[these][None] > score[these][:, None]
        alone[these] = ~(covered & better).any(1)
    return alone


def _sum_by(label: Ints, values: NDArray[np.floating[Any]], count: int) -> Floats:
    """Sum the rows of `values` that share a label."""
    total = torch.zeros(count, values.shape[1])
    total.index_add_(0, torch.from_numpy(label), torch.from_numpy(np.ascontiguousarray(values, np.float32)))
    return total.numpy()


def basins(energy: torch.Tensor, foreground: float, depth: float) -> tuple[Ints, Ints]:
    """The watershed of the negated energy, with a basin for every h-maximum.

    Every foreground cell climbs to its highest neighbour until it stands on a
    local maximum (the hill-climbing form of the watershed: A. Bieniek,
    A. Moga, "An efficient watershed algorithm based on connected components",
    Pattern Recognition 33, 2000). Basins whose summits are not `depth` above
    the saddle to a higher one are then merged with it, which leaves exactly the
    h-maxima as markers.

    Returns
    -------
    cells : array (m,)
        Flat indices of the foreground cells in `energy`.
    label : array (m,)
        The basin of each, from 0.
    """
    cells, height, neighbours = _foreground_graph(energy, foreground)
    if not len(cells):
        return cells, cells
    # ties are broken by position, so that a plateau climbs in one direction and ends in one summit
    order = np.empty(len(cells), np.int64)
    order[np.lexsort((cells, height))] = np.arange(len(cells))
    rank = np.append(order, -1)
    options = np.concatenate([neighbours, np.arange(len(cells))[None]])
    root = options[rank[options].argmax(0), np.arange(len(cells))]
    while True:
        further = root[root]
        if np.array_equal(further, root):
            break
        root = further
    summits, basin = np.unique(root, return_inverse=True)
    merged = _merge(height[summits], *_saddles(basin, height, neighbours), depth)
    return cells, np.unique(merged, return_inverse=True)[1][basin]


def _foreground_graph(energy: torch.Tensor, foreground: float) -> tuple[Ints, Floats, Ints]:
    """Foreground cells (m,), their energy (m,), and the position of their 8 neighbours (8, m).

    A neighbour is given by its position among the foreground cells; m stands for none.
    """
    padded = functional.pad(energy.float(), (1, 1, 1, 1)).cpu().numpy()
    width = padded.shape[2]
    flat = padded.ravel()
    inside = np.flatnonzero(flat > foreground)
    position = np.full(flat.size, len(inside), np.int32)
    position[inside] = np.arange(len(inside), dtype=np.int32)
    steps = np.array([-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1])
    neighbours = position[inside[None] + steps[:, None]].astype(np.int64)
    layer, row, column = np.unravel_index(inside, padded.shape)
    cells = np.ravel_multi_index((layer, row - 1, column - 1), tuple(energy.shape))
    return cells.astype(np.int64), flat[inside], neighbours


def _saddles(basin: Ints, height: Floats, neighbours: Ints) -> tuple[Ints, Ints, Floats]:
    """Pairs of touching basins and the height of the pass between them, highest pass first."""
    m = len(basin)
    here = np.broadcast_to(np.arange(m), (4, m))
    there = neighbours[4:]  # the other four look back at these
    touching = there < m
    here, there = here[touching], there[touching]
    differ = basin[here] != basin[there]
    here, there = here[differ], there[differ]
    height_of_pass = np.minimum(height[here], height[there])
    highest_first = np.argsort(-height_of_pass, kind="stable")
    here, there = basin[here[highest_first]], basin[there[highest_first]]
    pair = np.minimum(here, there) * m + np.maximum(here, there)
    first = np.sort(np.unique(pair, return_index=True)[1])
    return here[first], there[first], height_of_pass[highest_first][first]


def _merge(peaks: Floats, a: Ints, b: Ints, saddle: Floats, depth: float) -> Ints:
    """Flood from the top: at each pass, join two basins if the lower summit is less than `depth` above it."""
    parent = list(range(len(peaks)))
    summit = peaks.tolist()

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, j, level in zip(a.tolist(), b.tolist(), saddle.tolist(), strict=True):
        low, high = sorted((find(i), find(j)), key=summit.__getitem__)
        if low != high and summit[low] - level < depth:
            parent[low] = high
    return np.array([find(i) for i in range(len(parent))])
