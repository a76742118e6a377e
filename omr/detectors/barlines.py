"""Barlines that were found in parts, joined.

A barline through a whole system is longer than a net can see, and on a page that
was laid askew it is wider than its stroke: it comes in parts, one above the
other. Following its ink from one part would join them as well, but on a worn page
runs on into the next staff.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from omr.page import Box, Symbol

JOINED = ("barline", "barlineHeavy")

SURE = 0.5
"""Score from which a part is joined to others; where there is none below, it would rather spoil the whole."""

ASIDE = 0.15
"""Staff spaces between the columns of two parts up to which one continues the other: the lines of a double
bar are further apart."""

APART = 1.0
"""Staff spaces between the end of one part and the beginning of the next."""

FIRM = 2.0
"""Staff spaces that a stroke must go on without a gap to be a barline's end and no letter beyond it."""

BRIDGED, INKED = 8.0, 0.9
"""The same where ink goes on between them, and the part of the rows between them that must have some. Staves
that a barline goes through are rarely further apart."""


def join_barlines(ink: NDArray[np.uint8], symbols: Iterable[Symbol], space: float) -> list[Symbol]:
    """The symbols, parts of a barline joined to one that has the best score among them.

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
        if symbol.name not in JOINED or symbol.score < SURE:
            others.append(symbol)
            continue
        whole = replace(symbol, box=_ended(symbol.box, ink, space))
        while part := next((part for part in barlines if _continues(part, whole, ink, space)), None):
            barlines.remove(part)
            whole = replace(whole, box=whole.box.joined(part.box), score=max(whole.score, part.score))
        barlines.append(whole)
    return sorted([*barlines, *others], key=lambda symbol: -symbol.score)


def _ended(box: Box, ink: NDArray[np.uint8], space: float) -> Box:
    """The box, beginning and ending where its ink does: the ends of a long line are only guessed by a net."""
    top, left, right = round(box.y0), round(box.x0), round(box.x1)
    rows = ink[top : round(box.y1), left : max(right, left + 1)].any(1)
    edges = np.flatnonzero(np.diff(np.r_[False, rows, False]))
    starts, ends = edges[0::2], edges[1::2]
    firm = ends - starts >= FIRM * space
    if not firm.any():
        return box
    y0, y1 = top + float(starts[firm][0]), top + float(ends[firm][-1])
    return Box(box.x0, y0 if y0 - box.y0 > 1 else box.y0, box.x1, y1 if box.y1 - y1 > 1 else box.y1)


def _continues(one: Symbol, other: Symbol, ink: NDArray[np.uint8], space: float) -> bool:
    upper, lower = sorted((one.box, other.box), key=lambda box: box.y0)
    aside = max(upper.x0, lower.x0) - min(upper.x1, lower.x1)
    apart = lower.y0 - upper.y1
    if one.name != other.name or aside > ASIDE * space or apart > BRIDGED * space:
        return False
    return apart <= APART * space or _inked(upper, lower, ink)


def _inked(upper: Box, lower: Box, ink: NDArray[np.uint8]) -> bool:
    """Whether ink goes on from one box to one below."""
    left, right = round(min(upper.x0, lower.x0)), round(max(upper.x1, lower.x1))
    between = ink[round(upper.y1) : round(lower.y0), left : max(right, left + 1)]
    return bool(between.any(1).mean() >= INKED)
