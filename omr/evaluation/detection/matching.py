"""Which symbol found on a page is which symbol of its truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from omr.page import Page, Symbol

Scores = NDArray[np.float64]
Boxes = NDArray[np.float64]
Pair = tuple[int, int]
"""Index of a symbol of the truth, index of the symbol found."""

IOU = 0.5
"""Boxes that overlap this much mean the same symbol."""

NEAR = 0.1
"""Boxes of one class that overlap this much, but not enough, were at least meant to."""


@dataclass(frozen=True)
class Verdict:
    """What became of every symbol of a page; each is in exactly one place, or lies in a crowd and in none.

    Attributes
    ----------
    right, confused : tuple of (truth, found)
        Pairs of one class, and of two.
    missed : tuple of int
        Symbols of the truth that nothing answers to.
    false : tuple of int
        Symbols found where the truth has none.
    """

    right: tuple[Pair, ...]
    confused: tuple[Pair, ...]
    missed: tuple[int, ...]
    false: tuple[int, ...]


def judge(truth: Page, found: Page, iou: float = IOU) -> Verdict:
    """Pair what was found on a page with its truth.

    First within each class as COCO does, so that `right` is what precision and
    recall count. What is left over is paired whatever its class, the greatest
    overlap first: those are the confusions.
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
    """Pairs of a missed and a false symbol of one class that are the same thing, its box too far off.

    What D. Bolya et al., "TIDE: A General Toolbox for Identifying Object
    Detection Errors", ECCV 2020, call localisation errors: IoU from .1 to .5.
    """
    missed, false = [truth.symbols[t] for t in verdict.missed], [found.symbols[f] for f in verdict.false]
    pairs = _pairs_of_one_class(truth.with_symbols(missed), found.with_symbols(false), NEAR)
    return tuple(sorted((verdict.missed[t], verdict.false[f]) for t, f in pairs))


def matches(
    truth: Sequence[Page], predicted: Sequence[Page], iou: float = IOU
) -> tuple[Scores, NDArray[np.bool_]]:
    """Which predictions are right: the best first, each truth is matched by at most one of its class.

    Returns
    -------
    scores : array (n,)
        Of all predictions, page by page, in the order of each page's symbols.
    right : array (n,)
    """
    scores = np.array([s.score for page in predicted for s in page.symbols], np.float64)
    right = np.zeros(len(scores), bool)
    start = 0
    for theirs, ours in zip(truth, predicted, strict=True):
        right[[start + f for _, f in _pairs_of_one_class(theirs, ours, iou)]] = True
        start += len(ours.symbols)
    return scores, right


def in_crowds(truth: Page, found: Page, iou: float = IOU) -> NDArray[np.bool_]:
    """Which symbols found (n,) lie in a crowd of their class, by as much of themselves as `iou` asks for."""
    boxes, crowds = _boxes(found.symbols), _boxes(truth.crowds)
    within = _shared(boxes, crowds) >= iou * (boxes[:, 2:] - boxes[:, :2]).prod(1)[:, None]
    of_class = np.array([[s.name == crowd.name for crowd in truth.crowds] for s in found.symbols], bool)
    return np.asarray((within & of_class.reshape(within.shape)).any(1))


def best_threshold(truth: Sequence[Page], predicted: Sequence[Page]) -> float:
    """The score from which on keeping predictions gives the best F1 over all symbols."""
    scores, right = matches(truth, predicted)
    crowded = [in_crowds(theirs, ours) for theirs, ours in zip(truth, predicted, strict=True)]
    counts = right | ~np.concatenate([np.zeros(0, bool), *crowded])
    scores, right = scores[counts], right[counts]
    if not right.any():
        return 0.5
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(right[order])
    f1 = 2 * found / (np.arange(len(order)) + 1 + sum(len(page.symbols) for page in truth))
    return float(scores[order][f1.argmax()])


def _pairs_of_one_class(truth: Page, found: Page, iou: float) -> Iterator[Pair]:
    """Each symbol found, the best score first, takes the one of its class that it overlaps most."""
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
    places: dict[str, list[int]] = defaultdict(list)
    for i, s in enumerate(symbols):
        places[s.name].append(i)
    return places


def _boxes(symbols: Sequence[Symbol]) -> Boxes:
    return np.array([s.box for s in symbols], np.float64).reshape(-1, 4)


def _iou(a: Boxes, b: Boxes) -> NDArray[np.float64]:
    shared = _shared(a, b)
    area = [(boxes[:, 2:] - boxes[:, :2]).prod(1) for boxes in (a, b)]
    return np.asarray(shared / np.maximum(area[0][:, None] + area[1][None] - shared, 1e-9))


def _shared(a: Boxes, b: Boxes) -> NDArray[np.float64]:
    """Areas (n, m) that boxes have in common."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    return np.asarray((high - low).clip(0).prod(2))
