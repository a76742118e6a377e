"""The watershed of a negated energy landscape, by hill climbing on its foreground cells.

A. Bieniek, A. Moga, "An efficient watershed algorithm based on connected components", Pattern Recognition
33, 2000. The basins are those of scikit-image's ``watershed`` with its ``h_maxima`` as markers
(tests/watershed/test_decoding.py compares them). Working on the cells of the foreground alone, of all layers
at once, takes 0.02 to 0.09 s a page where scikit-image takes 2 to 5 s.
"""

from __future__ import annotations

import numpy as np

from omr.watershed.encoding import Floats, Ints


def basins(energy: Floats, foreground: float, depth: float) -> tuple[Ints, Ints]:
    """Cut the foreground of a landscape into basins, one for every h-maximum.

    Every foreground cell climbs to its highest neighbour until it stands on a local maximum. Basins whose
    summits are not `depth` above the saddle to a higher one are then merged with it, which leaves exactly
    the h-maxima as markers.

    Parameters
    ----------
    energy : array (layers, height, width)
        From 0 to 1; layers do not touch.
    foreground : float
        Energy, 0 to 1, up to which a cell belongs to no basin.
    depth : float
        Energy, 0 to 1, that a summit must rise above the saddle to a higher one.

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


def _foreground_graph(energy: Floats, foreground: float) -> tuple[Ints, Floats, Ints]:
    """Foreground cells (m,), their energy (m,), and the position of their 8 neighbours (8, m).

    A neighbour is given by its position among the foreground cells; m stands for none.
    """
    padded = np.pad(energy, ((0, 0), (1, 1), (1, 1)))
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
