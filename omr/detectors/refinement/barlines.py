"""Join barlines and brackets that were found in fragments, and end them where their ink ends.

A line through a whole system is longer than the receptive field of a net, and on a skewed page its box is
wider than its stroke: it is found in fragments, one above the other. Its ink is followed only a limited way
beyond the detected box: on a worn page it runs on into the next staff or system.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from omr.page import Box, Symbol
from omr.runs import runs

MIN_SCORE = 0.5
"""Score, 0 to 1, from which a fragment may be merged into another; a weaker one would spoil the merged box
(release 0.1.0)."""

MAX_OFFSET = 0.15
"""Staff spaces between the columns of two fragments up to which one continues the other; the lines of a
double bar are further apart (release 0.1.0)."""

MIN_STROKE = 2.0
"""Staff spaces of an unbroken run of ink from which it is part of the barline; letters beyond its end are
shorter (release 0.1.0)."""

MAX_WEAR = 0.2
"""Staff spaces up to which a gap in the ink is wear and does not end the line (release 0.1.0)."""

MIN_INKED = 0.9
"""Fraction of the rows between two fragments, 0 to 1, that must have ink for the line to go on there (release
0.1.0)."""

MIN_SHIFT = 1.0
"""Pixels by which an end must differ from the detected one to be moved: a row of ink is a whole pixel."""


@dataclass(frozen=True)
class JoinLimits:
    """How far fragments of a class may lie apart (release 0.1.0).

    Attributes
    ----------
    reach : float
        Staff spaces by which a line may be longer at either end than its detected box.
    gap : float
        Staff spaces from the end of one fragment to the start of the next, up to which they are joined.
    inked_gap : float
        The same where ink goes on between them.
    """

    reach: float
    gap: float
    inked_gap: float


# staves joined by a barline are rarely further apart than inked_gap
_BARLINE = JoinLimits(reach=5.0, gap=1.0, inked_gap=8.0)

LIMITS = {
    "barline": _BARLINE,
    "barlineHeavy": _BARLINE,
    # the brackets of two systems may be no further apart than their hooks are long
    "bracket": JoinLimits(reach=3.0, gap=0.0, inked_gap=0.0),
}
"""By class; symbols of other classes are left alone."""


def join_barlines(ink: NDArray[np.uint8], symbols: Iterable[Symbol], space: float) -> list[Symbol]:
    """Give barlines and brackets the length of their ink; join fragments to one, with the best score.

    Parameters
    ----------
    ink : array (height, width)
        1 where the page is dark, 0 elsewhere.
    symbols : iterable of Symbol
        In core names; boxes in pixels of the page, inside of it.
    space : float
        Staff space, in pixels of the page.

    Returns
    -------
    list of Symbol
        Best first; symbols of other classes unchanged.
    """
    barlines: list[Symbol] = []
    others: list[Symbol] = []
    for symbol in symbols:
        if symbol.name not in LIMITS or symbol.score < MIN_SCORE:
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
    """Move the ends of a vertical line to where its ink ends, at most `reach` staff spaces away."""
    left, right = round(box.x0), round(box.x1)
    above, below = round(box.y0), round(box.y1)
    first, last = max(0, round(above - reach * space)), min(len(ink), round(below + reach * space))
    starts, ends = _strokes(_inked_rows(ink[first:last, left : max(right, left + 1)]), MAX_WEAR * space)
    starts, ends = starts + first, ends + first
    inside = (np.minimum(ends, below) - np.maximum(starts, above)) >= MIN_STROKE * space
    if not inside.any():
        return box
    y0, y1 = float(starts[inside][0]), float(ends[inside][-1])
    # ink that runs on beyond the reach says nothing about the end
    if y0 == first and first > 0:
        y0 = box.y0
    if y1 == last and last < len(ink):
        y1 = box.y1
    return Box(
        box.x0,
        y0 if abs(y0 - box.y0) > MIN_SHIFT else box.y0,
        box.x1,
        y1 if abs(y1 - box.y1) > MIN_SHIFT else box.y1,
    )


def _inked_rows(part: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which rows (h,) of a part (h, w) of the page have ink."""
    return np.asarray(part.any(1))


def _strokes(rows: NDArray[np.bool_], max_gap: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the starts and ends of runs of ink; runs with less than `max_gap` between them are one."""
    starts, ends = runs(rows)
    apart = starts[1:] - ends[:-1] >= max_gap
    return starts[np.r_[True, apart][: len(starts)]], ends[np.r_[apart, True][: len(ends)]]


def _continues(one: Symbol, other: Symbol, ink: NDArray[np.uint8], space: float) -> bool:
    """Tell whether two symbols are fragments of one line."""
    upper, lower = sorted((one.box, other.box), key=lambda box: box.y0)
    offset = max(upper.x0, lower.x0) - min(upper.x1, lower.x1)
    gap = lower.y0 - upper.y1
    limits = LIMITS[one.name]
    if one.name != other.name or offset > MAX_OFFSET * space or gap > limits.inked_gap * space:
        return False
    return gap <= limits.gap * space or _inked(upper, lower, ink)


def _inked(upper: Box, lower: Box, ink: NDArray[np.uint8]) -> bool:
    """Tell whether ink goes on from one box to one below."""
    left, right = round(min(upper.x0, lower.x0)), round(max(upper.x1, lower.x1))
    between = ink[round(upper.y1) : round(lower.y0), left : max(right, left + 1)]
    return bool(_inked_rows(between).mean() >= MIN_INKED)
