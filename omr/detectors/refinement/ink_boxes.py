"""Fit the boxes of free-standing symbols to connected components of ink.

A component that lies mostly inside a box belongs to its symbol; the box of all such components replaces the
detected one. A long stroke (a slur, a bracket) of which only a part was detected gets the box of the whole
component. Symbols on staff lines, or attached to other symbols, have no ink with an edge of its own and
keep their boxes.
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
"""Prefixes of the names of symbols that stand on staff lines or are attached to others."""

LONG = (
    "brace", "bracket", "dynamicCrescendoHairpin", "dynamicDiminuendoHairpin", "glissando", "slur", "tie",
    "tupletBracket", "voltaBracket",
)  # fmt: skip
"""Names of single strokes that may be longer than the receptive field; any part of one leads to all of it."""

WITHIN_LONG = ("fingering", "ornamentTrill", *(f"tuplet{digit}" for digit in range(10)))
"""Prefixes of the names of symbols that may stand inside the box of a long stroke."""

# The thresholds below are those of release 0.1.0.

OWN = 0.7
"""Fraction of a component's pixels in a box, 0 to 1, above which the component is the symbol's."""

FOREIGN = 0.3
"""Fraction of a component's pixels in a box, 0 to 1, up to which the component is another symbol's. Between
`FOREIGN` and `OWN` it is disputed and the box stays: of two touching letters each has half a component."""

MAX_DISPUTED = 0.2
"""Pixels of a disputed component in the box, as a fraction of the symbol's own ink, up to which it changes
nothing: lyrics that touch a bracket."""

MIN_OWN_INK = 0.3
"""Fraction of the ink in a box, 0 to 1, that the symbol's own components must exceed: the dots alone are no
clef."""

MIN_PART = 0.2
"""Fraction of the ink in a box, 0 to 1, from which the box of a long stroke is a part of a component."""

MAX_TOUCHED = 0.02
"""Fraction of a component's pixels, 0 to 1, below which boxes of attached symbols may cover it while it still
stands free; with more of it the component is a staff or a beam."""

MIN_SCORE = 0.5
"""Score, 0 to 1, from which a symbol decides which ink is attached or within a long stroke."""

MIN_IOU = 0.4
"""IoU, 0 to 1, of the new box and the detected one up to which the ink is taken for something else."""

LONG_IOU = 0.3
"""The same for a long stroke, whose box is so flat that a pixel changes the IoU much; above it, two long
strokes of a class that led to the same component are one."""

MIN_SHIFT = 0.75
"""Pixels by which an edge must differ to be moved: a net sees grey values, components are whole pixels."""


def fit_to_ink(ink: NDArray[np.uint8], symbols: Iterable[Symbol]) -> Iterator[Symbol]:
    """Give free-standing symbols boxes that end where their ink ends.

    Of several fragments of a long stroke the best remains, with a box around the whole stroke.

    Parameters
    ----------
    ink : array (height, width)
        1 where the page is dark, 0 elsewhere.
    symbols : iterable of Symbol
        In core names, best first; boxes in pixels of the page, inside of it.

    Yields
    ------
    Symbol
        In the same order.
    """
    symbols = list(symbols)
    sure = [s for s in symbols if s.score >= MIN_SCORE]
    components = _Components.of(ink, (s.box for s in sure if s.name.startswith(ATTACHED)))
    strokes = components.without(s.box for s in sure if s.name.startswith(WITHIN_LONG))
    whole: dict[str, list[Box]] = {name: [] for name in LONG}
    for symbol in symbols:
        if symbol.name.startswith(ATTACHED):
            yield symbol
            continue
        if symbol.name not in whole:
            box = _fitted(symbol.box, components, MIN_IOU)
        else:
            box, grown = _fitted(symbol.box, strokes, LONG_IOU), _grown(symbol.box, strokes)
            if grown is not None and any(grown.iou(other) > LONG_IOU for other in whole[symbol.name]):
                continue
            box = grown or box
            whole[symbol.name].append(box)
        yield replace(symbol, box=box)


@dataclass(frozen=True)
class _Components:
    """The connected components of a page's ink.

    Attributes
    ----------
    numbers : array (height, width)
        Number of each pixel's component, from 1; 0 for paper.
    spans : array (components, 4)
        Box of each component: x0, y0, x1, y1 in pixels.
    areas : array (components,)
        Pixels of each.
    free : array (components,) of bool
        Whether no attached symbols cover it.
    """

    numbers: Ints
    spans: NDArray[np.float64]
    areas: Ints
    free: NDArray[np.bool_]

    @staticmethod
    def of(ink: NDArray[np.uint8], attached: Iterable[Box]) -> _Components:
        """Find the components of a page, given the boxes of attached symbols."""
        _, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
        numbers, table = np.asarray(labels, np.int32), np.asarray(stats, np.int32)
        corner, size, areas = table[:, :2], table[:, 2:4], table[:, 4]
        taken = np.zeros(ink.shape, bool)
        for box in attached:
            taken[_inside(box)] = True
        free = np.bincount(numbers[taken], minlength=len(areas)) < MAX_TOUCHED * areas
        return _Components(numbers, np.concatenate([corner, corner + size], 1).astype(float), areas, free)

    def without(self, boxes: Iterable[Box]) -> _Components:
        """Turn the components that lie in some boxes into paper."""
        numbers = self.numbers.copy()
        for box in boxes:
            here, inside = self.within(box)
            own = here[inside > OWN * self.areas[here]]
            part = numbers[_inside(box)]
            part[np.isin(part, own)] = 0
        return replace(self, numbers=numbers)

    def within(self, box: Box) -> tuple[Ints, Ints]:
        """Give the numbers (k,) of the components with ink in a box, and their pixels (k,) in it."""
        here, inside = np.unique(self.numbers[_inside(box)], return_counts=True)
        return here[here > 0], inside[here > 0]

    def around(self, own: Ints, box: Box) -> Box:
        """Give the box around some components; edges within `MIN_SHIFT` of those of `box` are those."""
        spans = self.spans[own]
        edges = np.concatenate([spans[:, :2].min(0), spans[:, 2:].max(0)])
        return Box(*np.where(np.abs(edges - box) < MIN_SHIFT, box, edges).tolist())


def _inside(box: Box) -> tuple[slice, slice]:
    """Rows and columns of a box."""
    x0, y0, x1, y1 = map(round, box)
    return slice(y0, y1), slice(x0, x1)


def _fitted(box: Box, components: _Components, min_iou: float) -> Box:
    """Give the box around the components that lie in `box`, or `box` where they are not its symbol."""
    here, inside = components.within(box)
    share = inside / components.areas[here]
    own = share > OWN
    if inside[own].sum() <= MIN_OWN_INK * inside.sum() or _disputed(own, share, inside):
        return box
    new = components.around(here[own], box)
    return new if new.iou(box) > min_iou else box


def _grown(box: Box, components: _Components) -> Box | None:
    """Give the box around the free components of which `box` has a part; None where it has all of its ink."""
    here, inside = components.within(box)
    share = inside / components.areas[here]
    part = components.free[here] & (share <= OWN) & (inside >= MIN_PART * inside.sum())
    own = part | (share > OWN)
    if not part.any() or inside[own].sum() <= MIN_OWN_INK * inside.sum() or _disputed(own, share, inside):
        return None
    return components.around(here[own], box)


def _disputed(own: NDArray[np.bool_], share: NDArray[np.float64], inside: Ints) -> bool:
    """Tell whether a component with much ink in the box is neither the symbol's nor another's."""
    return bool(np.any((share > FOREIGN) & (inside > MAX_DISPUTED * inside[own].sum()) & ~own))
