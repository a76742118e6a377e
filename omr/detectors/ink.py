"""Boxes of symbols that touch nothing else, fitted to their ink.

A net that sees half a page at stride 2 tells a brace from a bracket, but not to
the pixel where it ends. Where the ink itself says so, it is believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from omr.page import Box, Symbol

Ints = NDArray[np.integer]

ATTACHED = (
    "accidental", "barline", "beam", "clefC", "clefF", "clefG", "flag", "ledgerLine", "notehead",
    "rest1", "rest3", "rest6", "rest8", "restD", "restHalf", "restQ", "restW", "staff", "stem", "timeSig",
)  # fmt: skip
"""How the names begin of what stands on staff lines or hangs on others: its ink has no edge of its own."""

OWN, FOREIGN = 0.7, 0.3
"""Part of a connected piece of ink in a box from which the piece is the symbol's, and below which it is
another's. Between the two nothing is said: where they touch, each p of a pp has half of one piece."""

MOST = 0.3
"""Part of the ink in a box that its own pieces must be: the dots alone are no clef."""

ALIKE = 0.4
"""IoU of the new box and the old one below which the ink is taken for something else."""

FINER = 0.75
"""Pixels by which an edge may differ and is left alone: a net sees grey, where pieces are whole pixels."""


def ink_of(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """1 where a page (height, width) is dark and 0 elsewhere, by Otsu's threshold."""
    return np.asarray(cv2.threshold(image, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1], np.uint8)


def fit_to_ink(ink: NDArray[np.uint8], symbols: Iterable[Symbol]) -> Iterator[Symbol]:
    """The symbols, free-standing ones with boxes that end where their ink ends.

    Parameters
    ----------
    ink : array (height, width)
        1 where the page is dark, 0 elsewhere.
    symbols : iterable of Symbol
        In core names; boxes in pixels of the page, inside of it.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    pieces, table = np.asarray(labels, np.int32), np.asarray(stats, np.int32)
    corner, size, area = table[:, :2], table[:, 2:4], table[:, 4]
    spans = np.concatenate([corner, corner + size], 1).astype(float)
    for symbol in symbols:
        attached = symbol.name.startswith(ATTACHED)
        yield symbol if attached else replace(symbol, box=_fitted(symbol.box, pieces, spans, area))


def _fitted(box: Box, pieces: Ints, spans: NDArray[np.float64], area: Ints) -> Box:
    """The box around the pieces of ink that lie in `box`, where they are what it is about."""
    x0, y0, x1, y1 = map(round, box)
    here, inside = np.unique(pieces[y0:y1, x0:x1], return_counts=True)
    here, inside = here[here > 0], inside[here > 0]
    share = inside / area[here]
    own = share > OWN
    if inside[own].sum() <= MOST * inside.sum() or np.any(share[~own] > FOREIGN):
        return box
    own_spans = spans[here[own]]
    edges = np.concatenate([own_spans[:, :2].min(0), own_spans[:, 2:].max(0)])
    new = Box(*np.where(np.abs(edges - box) < FINER, box, edges).tolist())
    return new if _iou(new, box) > ALIKE else box


def _iou(a: Box, b: Box) -> float:
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    both = max(0.0, width) * max(0.0, height)
    return both / (a.width * a.height + b.width * b.height - both)
