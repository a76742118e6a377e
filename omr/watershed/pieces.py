"""Symbols longer than a net can see are found in pieces; here the pieces are joined.

In the middle of a tall bracket a net sees neither end: the landscape has
several summits there, and each gives a box with the right sides and wrong
ends. The boxes overlap in a row along the bracket, and together they are its box.
"""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from omr.watershed.energy import Floats, Instances

IN_LINE = 0.5
"""Part of the narrower piece's breadth that two pieces in a row must share."""

OVERLAP = 0.15
"""Part of the shorter piece's length that they must share: the beams of two groups may touch."""


def join_pieces(found: Instances, long: NDArray[np.bool_]) -> Instances:
    """Pieces in a row become one instance, with the score of the best of them.

    Parameters
    ----------
    found : Instances
    long : array (C,) of bool
        The classes whose symbols come in pieces.

    Returns
    -------
    Instances
        Those of other classes first, unchanged, and classes that won no vote: they lead nowhere.
    """
    pieces = long[found.classes] & (found.places == 0)
    parts = [found.only(~pieces)]
    for c in np.unique(found.classes[pieces]):
        parts.append(_joined(found.only(pieces & (found.classes == c))))
    return Instances(
        *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Instances))
    )


def _joined(pieces: Instances) -> Instances:
    """Pieces of one class, those in a row joined."""
    count, whole = connected_components(coo_array(_in_a_row(pieces.boxes)), directed=False)
    boxes = np.tile(np.array([np.inf, np.inf, -np.inf, -np.inf], np.float32), (count, 1))
    np.minimum.at(boxes[:, :2], whole, pieces.boxes[:, :2])
    np.maximum.at(boxes[:, 2:], whole, pieces.boxes[:, 2:])
    best_first = np.argsort(-pieces.peaks * pieces.votes, kind="stable")
    best = best_first[np.unique(whole[best_first], return_index=True)[1]]
    return replace(pieces.only(best), boxes=boxes)


def _in_a_row(boxes: Floats) -> NDArray[np.bool_]:
    """Pairs (n, n) of boxes that follow each other: in one line, overlapping, the second ending later."""
    low, high = boxes[:, :2], boxes[:, 2:]
    size = high - low
    shared = np.minimum(high[:, None], high[None]) - np.maximum(low[:, None], low[None])
    smaller = np.minimum(size[:, None], size[None])
    in_line = shared > IN_LINE * smaller
    further = (low[:, None] < low[None]) & (high[:, None] < high[None])
    follows = (shared > OVERLAP * smaller) & further
    upright = size[:, 1] > size[:, 0]
    row = np.where(upright[:, None], in_line[..., 0] & follows[..., 1], in_line[..., 1] & follows[..., 0])
    return np.asarray(row & (upright[:, None] == upright[None]), np.bool_)
