"""Join the fragments in which symbols longer than the receptive field are found.

In the middle of a tall bracket a net sees neither end: the landscape has several summits there, and each
gives a box with the right sides and wrong ends. The boxes overlap in a row along the bracket, and their
union is its box.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from omr.watershed.encoding import Floats
from omr.watershed.instances import Instances

MIN_SHARED_BREADTH = 0.5
"""Fraction of the narrower fragment's breadth, 0 to 1, that two fragments of a symbol share at least (release
0.1.0)."""

MIN_SHARED_LENGTH = 0.15
"""Fraction of the shorter fragment's length, 0 to 1, that they share at least: the beams of two groups may
touch (release 0.1.0)."""


def join_fragments(found: Instances, long: NDArray[np.bool_]) -> Instances:
    """Join fragments in a row to one instance each, with the score of the best of them.

    Parameters
    ----------
    found : Instances
    long : array (C,) of bool
        The classes whose symbols may be longer than the receptive field.

    Returns
    -------
    Instances
        First the instances of other classes and those whose class lost the vote, unchanged.
    """
    fragments = long[found.classes] & (found.places == 0)
    parts = [found.only(~fragments)]
    for c in np.unique(found.classes[fragments]):
        parts.append(_joined(found.only(fragments & (found.classes == c))))
    return Instances.concatenate(parts)


def _joined(fragments: Instances) -> Instances:
    """Join the fragments of one class that lie in a row."""
    count, whole = connected_components(coo_array(_in_a_row(fragments.boxes)), directed=False)
    boxes = np.tile(np.array([np.inf, np.inf, -np.inf, -np.inf], np.float32), (count, 1))
    np.minimum.at(boxes[:, :2], whole, fragments.boxes[:, :2])
    np.maximum.at(boxes[:, 2:], whole, fragments.boxes[:, 2:])
    best_first = np.argsort(-fragments.peaks * fragments.votes, kind="stable")
    best = best_first[np.unique(whole[best_first], return_index=True)[1]]
    return replace(fragments.only(best), boxes=boxes)


def _in_a_row(boxes: Floats) -> NDArray[np.bool_]:
    """Find pairs (n, n) of boxes that follow each other: in line, overlapping, the second ending later."""
    low, high = boxes[:, :2], boxes[:, 2:]
    size = high - low
    shared = np.minimum(high[:, None], high[None]) - np.maximum(low[:, None], low[None])
    smaller = np.minimum(size[:, None], size[None])
    in_line = shared > MIN_SHARED_BREADTH * smaller
    further = (low[:, None] < low[None]) & (high[:, None] < high[None])
    follows = (shared > MIN_SHARED_LENGTH * smaller) & further
    upright = size[:, 1] > size[:, 0]
    row = np.where(upright[:, None], in_line[..., 0] & follows[..., 1], in_line[..., 1] & follows[..., 0])
    return np.asarray(row & (upright[:, None] == upright[None]), np.bool_)
