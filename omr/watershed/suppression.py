"""Non-maximum suppression among boxes of one class.

Only boxes that begin within each other's width are compared: the pairs are found by a sweep along x, so that
a page of thousands of symbols needs thousands of comparisons, not millions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from omr.watershed.encoding import Floats, Ints


def suppress(boxes: Floats, classes: Ints, scores: Floats, max_iou: float) -> Ints:
    """Drop every box that a better one of its class overlaps, best first (greedy suppression).

    Parameters
    ----------
    boxes : array (n, 4)
        x0, y0, x1, y1.
    classes : array (n,)
        Boxes of different classes do not suppress each other.
    scores : array (n,)
    max_iou : float
        IoU, 0 to 1, above which the box of the lower score is dropped.

    Returns
    -------
    array (m,)
        Indices of the boxes kept, best first.
    """
    best_first = np.argsort(-scores, kind="stable")
    boxes, classes = boxes[best_first], classes[best_first]
    one, other = _neighbours(boxes, classes, max_iou)
    better, worse = np.minimum(one, other), np.maximum(one, other)
    clash = _iou(boxes[better], boxes[worse]) > max_iou
    better, worse = better[clash], worse[clash]
    kept = np.ones(len(boxes), bool)
    in_turn = np.argsort(better, kind="stable")
    for i, j in zip(better[in_turn].tolist(), worse[in_turn].tolist(), strict=True):
        if kept[i]:
            kept[j] = False
    return best_first[kept]


def _neighbours(boxes: Floats, classes: Ints, max_iou: float) -> tuple[Ints, Ints]:
    """Find all pairs of a class whose IoU can exceed `max_iou`, by where the boxes begin along x.

    Above that IoU, the box that begins later does so within the first ``1 - max_iou`` of the other's width.
    """
    left, width = boxes[:, 0].astype(np.float64), (boxes[:, 2] - boxes[:, 0]).astype(np.float64)
    order = np.lexsort((left, classes))
    apart = np.ptp(left, axis=0) + width.max(initial=0) + 1 if len(left) else 1.0
    place = left[order] + classes[order] * apart  # classes lie beside each other, too far apart to meet
    last = np.searchsorted(place, place + width[order] * (1 - max_iou), side="right")
    count = np.maximum(last - np.arange(len(order)) - 1, 0)
    first = np.repeat(np.arange(len(order)), count)
    step = np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count)
    return order[first], order[first + 1 + step]


def _iou(a: Floats, b: Floats) -> NDArray[np.float32]:
    """Compute the IoU of pairs of boxes (n, 4)."""
    low, high = np.maximum(a[:, :2], b[:, :2]), np.minimum(a[:, 2:], b[:, 2:])
    shared = (high - low).clip(0).prod(1)
    areas = (a[:, 2:] - a[:, :2]).prod(1) + (b[:, 2:] - b[:, :2]).prod(1)
    return np.asarray(shared / np.maximum(areas - shared, np.finfo(np.float32).tiny), np.float32)
