"""Boxes of symbols that touch nothing else, fitted to their ink.

A net that sees half a page at stride 2 tells a brace from a bracket, but not to
the pixel where it ends; what is longer than it can see, it finds in parts. Where
the ink itself says where it begins and ends, it is believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from omr.page import Box, Symbol

Ints = NDArray[np.integer]

ATTACHED = (
    "accidental", "barline", "beam", "clefC", "clefF", "clefG", "flag", "ledgerLine", "notehead",
    "rest1", "rest3", "rest6", "rest8", "restD", "restHalf", "restQ", "restW", "staff", "stem", "timeSig",
    "wiggleTrill",
)  # fmt: skip
"""How the names begin of what stands on staff lines or hangs on others: its ink has no edge of its own."""

LONG = (
    "brace", "bracket", "dynamicCrescendoHairpin", "dynamicDiminuendoHairpin", "glissando", "slur", "tie",
    "tupletBracket", "voltaBracket",
)  # fmt: skip
"""Single strokes that may be longer than a net sees. Any part of one leads to all of it."""

WITHIN = ("fingering", "ornamentTrill", *(f"tuplet{digit}" for digit in range(10)))
"""How the names begin of what may stand inside the box of a long stroke, as the number of its tuplet does."""

OWN, FOREIGN = 0.7, 0.3
"""Part of a connected piece of ink in a box from which the piece is the symbol's, and below which it is
another's. Between the two nothing is said: where they touch, each p of a pp has half of one piece."""

SPECK = 0.2
"""Part of a symbol's own ink below which that of others in its box changes nothing: lyrics at a bracket."""

MOST = 0.3
"""Part of the ink in a box that its own pieces must be: the dots alone are no clef."""

PART = 0.2
"""Part of the ink in a box that a piece must be, for the box to be a part of that piece."""

TOUCHED, SURE = 0.02, 0.5
"""Part of a piece that may lie in boxes of what is attached to lines (of this score or more) while the piece
still stands free; more of it, and it is the staff itself or a beam."""

ALIKE, LONG_ALIKE = 0.4, 0.3
"""IoU of the new box and the old one below which the ink is taken for something else. Of a long stroke, flat
as it is, a pixel costs more; from there on two parts of one have led to the same."""

FINER = 0.75
"""Pixels by which an edge may differ and is left alone: a net sees grey, where pieces are whole pixels."""


def fit_to_ink(ink: NDArray[np.uint8], symbols: Iterable[Symbol]) -> Iterator[Symbol]:
    """The symbols, free-standing ones with boxes that end where their ink ends.

    Of several parts of a long stroke the first remains, with a box around all of it.

    Parameters
    ----------
    ink : array (height, width)
        1 where the page is dark, 0 elsewhere.
    symbols : iterable of Symbol
        In core names, best first; boxes in pixels of the page, inside of it.
    """
    symbols = list(symbols)
    sure = [s for s in symbols if s.score >= SURE]
    pieces = _Pieces.of(ink, (s.box for s in sure if s.name.startswith(ATTACHED)))
    between = pieces.without(s.box for s in sure if s.name.startswith(WITHIN))
    whole: dict[str, list[Box]] = {name: [] for name in LONG}
    for symbol in symbols:
        if symbol.name.startswith(ATTACHED):
            yield symbol
            continue
        if symbol.name not in whole:
            box = _fitted(symbol.box, pieces)
        else:
            box, grown = _fitted(symbol.box, between, LONG_ALIKE), _grown(symbol.box, between)
            if grown is not None and any(grown.iou(other) > LONG_ALIKE for other in whole[symbol.name]):
                continue
            box = grown or box
            whole[symbol.name].append(box)
        yield replace(symbol, box=box)


@dataclass(frozen=True)
class _Pieces:
    """Connected pieces of ink: the piece of each pixel, 0 for paper; of each piece its edges, its pixels,
    and whether it is free of what is attached to lines.
    """

    numbers: Ints
    spans: NDArray[np.float64]
    areas: Ints
    free: NDArray[np.bool_]

    @staticmethod
    def of(ink: NDArray[np.uint8], attached: Iterable[Box]) -> _Pieces:
        _, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
        numbers, table = np.asarray(labels, np.int32), np.asarray(stats, np.int32)
        corner, size, areas = table[:, :2], table[:, 2:4], table[:, 4]
        taken = np.zeros(ink.shape, bool)
        for box in attached:
            taken[_inside(box)] = True
        free = np.bincount(numbers[taken], minlength=len(areas)) < TOUCHED * areas
        return _Pieces(numbers, np.concatenate([corner, corner + size], 1).astype(float), areas, free)

    def without(self, boxes: Iterable[Box]) -> _Pieces:
        """The same but for the pieces that lie in these boxes, which are paper then."""
        numbers = self.numbers.copy()
        for box in boxes:
            here, inside = self.within(box)
            own = here[inside > OWN * self.areas[here]]
            part = numbers[_inside(box)]
            part[np.isin(part, own)] = 0
        return replace(self, numbers=numbers)

    def within(self, box: Box) -> tuple[Ints, Ints]:
        """The pieces that a box has ink of, and how much."""
        here, inside = np.unique(self.numbers[_inside(box)], return_counts=True)
        return here[here > 0], inside[here > 0]

    def around(self, own: Ints, box: Box) -> Box:
        """The box around some pieces, but for edges that `box` has as well."""
        spans = self.spans[own]
        edges = np.concatenate([spans[:, :2].min(0), spans[:, 2:].max(0)])
        return Box(*np.where(np.abs(edges - box) < FINER, box, edges).tolist())


def _inside(box: Box) -> tuple[slice, slice]:
    x0, y0, x1, y1 = map(round, box)
    return slice(y0, y1), slice(x0, x1)


def _fitted(box: Box, pieces: _Pieces, alike: float = ALIKE) -> Box:
    """The box around the pieces of ink that lie in `box`, where they are what it is about."""
    here, inside = pieces.within(box)
    share = inside / pieces.areas[here]
    own = share > OWN
    if inside[own].sum() <= MOST * inside.sum() or _disputed(own, share, inside):
        return box
    new = pieces.around(here[own], box)
    return new if new.iou(box) > alike else box


def _grown(box: Box, pieces: _Pieces) -> Box | None:
    """The box around the free pieces of ink of which `box` has a part; None where it has all of its ink."""
    here, inside = pieces.within(box)
    share = inside / pieces.areas[here]
    part = pieces.free[here] & (share <= OWN) & (inside >= PART * inside.sum())
    own = part | (share > OWN)
    if not part.any() or inside[own].sum() <= MOST * inside.sum() or _disputed(own, share, inside):
        return None
    return pieces.around(here[own], box)


def _disputed(own: NDArray[np.bool_], share: NDArray[np.float64], inside: Ints) -> bool:
    """Whether of any other piece it is open whose it is, and as much of it in the box as would matter."""
    return bool(np.any((share > FOREIGN) & (inside > SPECK * inside[own].sum()) & ~own))
