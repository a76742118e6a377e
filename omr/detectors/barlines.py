"""Barlines and brackets that were found in parts, joined, and ended where their ink ends.

A line through a whole system is longer than a net can see, and on a page that
was laid askew it is wider than its stroke: it comes in parts, one above the
other. Its ink is followed only a little way from where it was found: on a worn
page it runs on into the next staff, or system.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from omr.page import Box, Symbol

Ints = NDArray[np.integer]

SURE = 0.5
"""Score from which a part is joined to others; where there is none below, it would rather spoil the whole."""

ASIDE = 0.15
"""Staff spaces between the columns of two parts up to which one continues the other: the lines of a double
bar are further apart."""

FIRM = 2.0
"""Staff spaces that a stroke must go on without a gap to be a barline's end and no letter beyond it."""

GAP = 0.2
"""Staff spaces up to which a gap in the ink is wear: what ends in the middle of a staff was cut there."""

INKED = 0.9
"""Part of the rows between two parts that must have ink for it to go on there."""


class _Limits(NamedTuple):
    """In staff spaces.

    Attributes
    ----------
    reach : float
        By how much a line may be longer at either end than it was found.
    apart, bridged : float
        From the end of one part to the beginning of the next, and the same where ink goes on between them.
    """

    reach: float
    apart: float
    bridged: float


_BARLINE = _Limits(5.0, 1.0, 8.0)  # staves that a barline goes through are rarely further apart

LIMITS = {"barline": _BARLINE, "barlineHeavy": _BARLINE, "bracket": _Limits(3.0, 0.0, 0.0)}
"""Of what is joined. The brackets of two systems may be no further apart than their hooks are long."""


def join_barlines(ink: NDArray[np.uint8], symbols: Iterable[Symbol], space: float) -> list[Symbol]:
    """The symbols; barlines and brackets as long as their ink, parts joined to one with the best score.

    Parameters
    ----------
    ink : array (height, width)
        1 where the page is dark, 0 elsewhere.
    symbols : iterable of Symbol
        In core names; boxes in pixels of the page, inside of it.
    space : float
        Staff space, in pixels.

    Returns
    -------
    list of Symbol
        Best first.
    """
    barlines: list[Symbol] = []
    others: list[Symbol] = []
    for symbol in symbols:
        if symbol.name not in LIMITS or symbol.score < SURE:
            others.append(symbol)
            continue
        box = _fitted(symbol.box, ink, space, LIMITS[symbol.name].reach)
        if symbol.name == "bracket":  # nothing else begins at its ends, but ink wears off there
            box = box.joined(symbol.box)
        whole = replace(symbol, box=box)
        while part := next((part for part in barlines if _continues(part, whole, ink, space)), None):
            barlines.remove(part)
            whole = replace(whole, box=whole.box.joined(part.box), score=max(whole.score, part.score))
        barlines.append(whole)
    return sorted([*barlines, *others], key=lambda symbol: -symbol.score)


def _fitted(box: Box, ink: NDArray[np.uint8], space: float, reach: float) -> Box:
    """The box, beginning and ending where its ink does: the ends of a long line are only guessed by a net."""
    left, right = round(box.x0), round(box.x1)
    above, below = round(box.y0), round(box.y1)
    first, last = max(0, round(above - reach * space)), min(len(ink), round(below + reach * space))
    rows = ink[first:last, left : max(right, left + 1)].any(1)
    edges = np.flatnonzero(np.diff(np.r_[False, rows, False])) + first
    starts, ends = _bridged(edges[0::2], edges[1::2], GAP * space)
    inside = (np.minimum(ends, below) - np.maximum(starts, above)) >= FIRM * space
    if not inside.any():
        return box
    y0, y1 = float(starts[inside][0]), float(ends[inside][-1])
    if y0 == first and first > 0:
        y0 = box.y0  # it goes on: what this is, is not known here
    if y1 == last and last < len(ink):
        y1 = box.y1
    return Box(box.x0, y0 if abs(y0 - box.y0) > 1 else box.y0, box.x1, y1 if abs(y1 - box.y1) > 1 else box.y1)


def _bridged(starts: Ints, ends: Ints, gap: float) -> tuple[Ints, Ints]:
    """Runs of ink, those taken together that are less than `gap` apart."""
    apart = starts[1:] - ends[:-1] >= gap
    return starts[np.r_[True, apart][: len(starts)]], ends[np.r_[apart, True][: len(ends)]]


def _continues(one: Symbol, other: Symbol, ink: NDArray[np.uint8], space: float) -> bool:
    upper, lower = sorted((one.box, other.box), key=lambda box: box.y0)
    aside = max(upper.x0, lower.x0) - min(upper.x1, lower.x1)
    apart = lower.y0 - upper.y1
    limits = LIMITS[one.name]
    if one.name != other.name or aside > ASIDE * space or apart > limits.bridged * space:
        return False
    return apart <= limits.apart * space or _inked(upper, lower, ink)


def _inked(upper: Box, lower: Box, ink: NDArray[np.uint8]) -> bool:
    """Whether ink goes on from one box to one below."""
    left, right = round(min(upper.x0, lower.x0)), round(max(upper.x1, lower.x1))
    between = ink[round(upper.y1) : round(lower.y0), left : max(right, left + 1)]
    return bool(between.any(1).mean() >= INKED)
