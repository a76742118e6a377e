"""Match the symbols found on a page with the symbols of its truth.

Within a class the matching is COCO's (T.-Y. Lin et al., "Microsoft COCO", ECCV 2014): greedy by score. Only
then do precision and recall belong to the same matching as average precision.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from omr.page import Page, Symbol

Scores = NDArray[np.float64]
"""Scores (n,) from 0 to 1."""

Boxes = NDArray[np.float64]
"""Boxes (n, 4): x0, y0, x1, y1 in page pixels."""

Pair = tuple[int, int]
"""Index of a true symbol, index of a symbol found."""

IOU = 0.5
"""IoU (0 to 1) from which on two boxes are the same symbol. COCO's and Pascal VOC's first threshold."""

NEAR = 0.1
"""IoU (0 to 1) from which on two boxes of a class, though below `IOU`, are a localisation error. D. Bolya et
al., "TIDE: A General Toolbox for Identifying Object Detection Errors", ECCV 2020."""

NO_THRESHOLD = 0.5
"""Score threshold where no prediction is right, so that none is better than another."""

LEAST_AREA = 1e-9
"""Square pixels that a union of boxes counts at least, so that IoUs stay finite."""


@dataclass(frozen=True)
class Verdict:
    """The result of matching a page: every symbol is in exactly one of the attributes.

    Symbols found inside an ignore region (crowd) are in none.

    Attributes
    ----------
    right : tuple of (int, int)
        Pairs of a true symbol and a symbol found of the same class (true positives).
    confused : tuple of (int, int)
        Pairs of different classes at the same place.
    missed : tuple of int
        True symbols without a pair (false negatives).
    false : tuple of int
        Symbols found without a pair (false positives).
    """

    right: tuple[Pair, ...]
    confused: tuple[Pair, ...]
    missed: tuple[int, ...]
    false: tuple[int, ...]


def judge(truth: Page, found: Page, iou: float = IOU) -> Verdict:
    """Match the symbols found on a page with its truth.

    Symbols are matched within each class as COCO does, so that `right` is what precision and recall
    count. The remaining ones are matched regardless of their class, the greatest IoU first: these pairs
    are the confusions.

    Parameters
    ----------
    truth, found : Page
    iou : float
        Least IoU (0 to 1) of a pair.

    Returns
    -------
    Verdict
    """
    right = list(_pairs_of_one_class(truth, found, iou))
    missed = sorted(set(range(len(truth.symbols))) - {t for t, _ in right})
    crowded = in_crowds(truth, found, iou)
    false = sorted(set(range(len(found.symbols))) - {f for _, f in right} - set(np.flatnonzero(crowded)))
    theirs, ours = [truth.symbols[t] for t in missed], [found.symbols[f] for f in false]
    confused = [(missed[t], false[f]) for t, f in _greatest_overlap_first(theirs, ours, iou)]
    return Verdict(
        tuple(sorted(right)),
        tuple(sorted(confused)),
        tuple(sorted(set(missed) - {t for t, _ in confused})),
        tuple(sorted(set(false) - {f for _, f in confused})),
    )


def misplaced(truth: Page, found: Page, verdict: Verdict) -> tuple[Pair, ...]:
    """Find the symbols that were detected with the right class, but with a box too far off.

    D. Bolya et al., "TIDE: A General Toolbox for Identifying Object Detection Errors", ECCV 2020, call
    them localisation errors.

    Parameters
    ----------
    truth, found : Page
    verdict : Verdict
        On the two pages.

    Returns
    -------
    tuple of (int, int)
        Pairs of a missed and a false symbol of one class whose IoU is at least `NEAR`.
    """
    missed, false = [truth.symbols[t] for t in verdict.missed], [found.symbols[f] for f in verdict.false]
    pairs = _pairs_of_one_class(truth.with_symbols(missed), found.with_symbols(false), NEAR)
    return tuple(sorted((verdict.missed[t], verdict.false[f]) for t, f in pairs))


def matches(
    truth: Sequence[Page], predicted: Sequence[Page], iou: float = IOU
) -> tuple[Scores, NDArray[np.bool_]]:
    """Tell which predictions are right, as COCO does.

    Predictions are matched by falling score; each true symbol is matched once, within its class.

    Parameters
    ----------
    truth, predicted : sequence of Page
        Page by page in the same order.
    iou : float
        Least IoU (0 to 1) of a match.

    Returns
    -------
    scores : array (n,) of float
        Scores of all predictions, page by page, in the order of each page's symbols.
    right : array (n,) of bool
    """
    scores = np.array([s.score for page in predicted for s in page.symbols], np.float64)
    right = np.zeros(len(scores), bool)
    start = 0
    for theirs, ours in zip(truth, predicted, strict=True):
        right[[start + f for _, f in _pairs_of_one_class(theirs, ours, iou)]] = True
        start += len(ours.symbols)
    return scores, right


def in_crowds(truth: Page, found: Page, iou: float = IOU) -> NDArray[np.bool_]:
    """Tell which symbols found lie in an ignore region (crowd) of their class.

    Parameters
    ----------
    truth, found : Page
    iou : float
        Least share (0 to 1) of the symbol's box inside the region, as in COCO.

    Returns
    -------
    array (n,) of bool
        For each symbol found.
    """
    boxes, crowds = _boxes(found.symbols), _boxes(truth.crowds)
    within = _shared(boxes, crowds) >= iou * (boxes[:, 2:] - boxes[:, :2]).prod(1)[:, None]
    of_class = np.array([[s.name == crowd.name for crowd in truth.crowds] for s in found.symbols], bool)
    return np.asarray((within & of_class.reshape(within.shape)).any(1))


def best_threshold(truth: Sequence[Page], predicted: Sequence[Page]) -> float:
    """Select the score threshold with the best F1 over all symbols.

    Parameters
    ----------
    truth, predicted : sequence of Page
        Page by page in the same order.

    Returns
    -------
    float
        Score of the last prediction to keep; `NO_THRESHOLD` where no prediction is right.
    """
    scores, right = matches(truth, predicted)
    crowded = [in_crowds(theirs, ours) for theirs, ours in zip(truth, predicted, strict=True)]
    counts = right | ~np.concatenate([np.zeros(0, bool), *crowded])
    scores, right = scores[counts], right[counts]
    if not right.any():
        return NO_THRESHOLD
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(right[order])
    f1 = 2 * found / (np.arange(len(order)) + 1 + sum(len(page.symbols) for page in truth))
    return float(scores[order][f1.argmax()])


def _pairs_of_one_class(truth: Page, found: Page, iou: float) -> Iterator[Pair]:
    """Give each symbol found, by falling score, the free true symbol of its class with the greatest IoU."""
    theirs, ours = _by_name(truth.symbols), _by_name(found.symbols)
    for name in theirs.keys() & ours.keys():
        order = sorted(ours[name], key=lambda i: -found.symbols[i].score)
        candidates, wanted = [found.symbols[i] for i in order], [truth.symbols[i] for i in theirs[name]]
        overlap = _iou(_boxes(candidates), _boxes(wanted))
        for i, row in zip(order, overlap, strict=True):
            best = int(row.argmax())
            if row[best] >= iou:
                yield theirs[name][best], i
                overlap[:, best] = 0


def _greatest_overlap_first(theirs: Sequence[Symbol], ours: Sequence[Symbol], iou: float) -> Iterator[Pair]:
    """Pair symbols regardless of their class, the greatest IoU first.

    Eight pages of MUSCIMA++ and DeepScoresV2 gave the same 101 pairs by optimal assignment.
    """
    overlap = _iou(_boxes(theirs), _boxes(ours))
    taken_rows, taken_columns = set(), set()
    rows, columns = np.nonzero(overlap >= iou)
    for k in np.argsort(-overlap[rows, columns], kind="stable"):
        row, column = int(rows[k]), int(columns[k])
        if row not in taken_rows and column not in taken_columns:
            taken_rows.add(row)
            taken_columns.add(column)
            yield row, column


def _by_name(symbols: Sequence[Symbol]) -> dict[str, list[int]]:
    """Return the indices of the symbols of each class."""
    places: dict[str, list[int]] = defaultdict(list)
    for i, s in enumerate(symbols):
        places[s.name].append(i)
    return places


def _boxes(symbols: Sequence[Symbol]) -> Boxes:
    """Return boxes as an array (n, 4)."""
    return np.array([s.box for s in symbols], np.float64).reshape(-1, 4)


def _iou(a: Boxes, b: Boxes) -> NDArray[np.float64]:
    """Compute the IoU (n, m) of each pair of boxes."""
    shared = _shared(a, b)
    area = [(boxes[:, 2:] - boxes[:, :2]).prod(1) for boxes in (a, b)]
    return np.asarray(shared / np.maximum(area[0][:, None] + area[1][None] - shared, LEAST_AREA))


def _shared(a: Boxes, b: Boxes) -> NDArray[np.float64]:
    """Compute the area (n, m) that each pair of boxes shares, in square pixels."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    return np.asarray((high - low).clip(0).prod(2))
