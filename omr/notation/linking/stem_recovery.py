"""Recover stems that no detector found where the page's ink shows a thin upright line at a head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from omr.images import ink_mask
from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import StemLimits
from omr.notation.linking.stems import StemmedHeads
from omr.page import Box

FROM_INK = -1
"""The index of a stem that no detector found but the page shows."""


class _Line(NamedTuple):
    """A thin upright line at the side of a head."""

    x: float
    """In pixels of the level page."""
    tip: float
    """Its far end, in pixels of the page."""
    evidence: float
    """Staff spaces of ink beyond the outermost head."""


def with_recovered_stems(layout: PageLayout, heads: StemmedHeads, limits: StemLimits) -> StemmedHeads:
    """Give black and open heads without a stem the stem that the page's ink shows.

    A stem that goes up stands at the right side of its heads, one that goes down at their left, and it goes
    on beyond the heads for `StemLimits.min_recovered` at least.

    Parameters
    ----------
    layout : PageLayout
        Without its ink nothing is recovered.
    heads : StemmedHeads
    limits : StemLimits

    Returns
    -------
    StemmedHeads
    """
    bare = [head for head in heads.stemless if head.name in ("noteheadBlack", "noteheadHalf")]
    if layout.ink is None or not bare:
        return heads
    ink = ink_mask(layout.ink.grey)
    beams = SymbolsByX(layout.by_name.get("beam", ()))
    on_stems = dict(heads.on_stems)
    found: set[PlacedSymbol] = set()
    for column in _columns(bare, limits):
        lines = [_line_at(layout, ink, column, up, limits) for up in (True, False)]
        if not any(lines) and column[0].name == "noteheadBlack":
            lines = [_line_to_beam(layout, ink, beams, column, up, limits) for up in (True, False)]
        best = max(filter(None, lines), key=lambda line: line.evidence, default=None)
        if best:
            on_stems[_stem(column, best, layout.space)] = tuple(column)
            found.update(column)
    return StemmedHeads(on_stems, tuple(head for head in heads.stemless if head not in found))


def _columns(heads: Sequence[PlacedSymbol], limits: StemLimits) -> Iterator[list[PlacedSymbol]]:
    """Group heads of one staff and kind above each other."""
    waiting = sorted(heads, key=lambda head: head.x)
    while waiting:
        first = waiting[0]
        column = [
            head
            for head in waiting
            if head.x - first.x < limits.column_width * first.box.width
            and (head.staff, head.name) == (first.staff, first.name)
        ]
        waiting = [head for head in waiting if head not in column]
        yield column


def _line_at(
    layout: PageLayout, ink: NDArray[np.uint8], column: Sequence[PlacedSymbol], up: bool, limits: StemLimits
) -> _Line | None:
    """Follow the thin line at the side of heads away from them; None where there is none."""
    assert layout.ink is not None
    scale = layout.ink.scale
    head = _outermost(column, up)
    end = head.y + (-1 if up else 1) * limits.max_recovered * layout.space
    strip = _strip(layout, ink, head, end, up, limits)
    if strip is None:
        return None
    rows, x0, margin = strip
    runs = np.argmin(np.pad(rows, ((0, 1), (0, 0))), axis=0)[margin:-margin]
    at = int(np.argmax(runs)) + margin
    run, inside = int(runs[at - margin]), round(scale * head.box.height / 2)
    beyond = (run - inside) / (scale * layout.space)
    if beyond < limits.min_recovered or run >= len(rows) - 1:
        return None
    if rows[inside:run, [at - margin, at + margin]].all(axis=1).mean() > limits.max_wide:
        return None
    return _Line(x0 + at / scale, head.y + (-1 if up else 1) * run / scale, beyond)


def _line_to_beam(
    layout: PageLayout,
    ink: NDArray[np.uint8],
    beams: SymbolsByX,
    column: Sequence[PlacedSymbol],
    up: bool,
    limits: StemLimits,
) -> _Line | None:
    """Find a line that is worn to dashes but leads from black heads to a beam."""
    assert layout.ink is not None
    scale, space = layout.ink.scale, layout.space
    head = _outermost(column, up)
    side = head.box.x1 if up else head.box.x0
    best: _Line | None = None
    for beam in beams.between(side - limits.beam_half * space, side + limits.beam_half * space):
        inner = beam.box.y1 if up else beam.box.y0
        away = (head.y - inner if up else inner - head.y) / space
        over = (
            beam.box.x0 - limits.recovered_aside * space < side < beam.box.x1 + limits.recovered_aside * space
        )
        if not over or not limits.min_recovered < away < limits.max_recovered:
            continue
        strip = _strip(layout, ink, head, inner, up, limits)
        if strip is None:
            continue
        rows, x0, margin = strip
        shares = rows[round(scale * head.box.height / 2) :, margin:-margin].mean(axis=0)
        at = int(np.argmax(shares))
        line = _Line(x0 + (at + margin) / scale, inner, float(shares[at]) * away)
        if shares[at] >= limits.min_dashes and (best is None or line.evidence > best.evidence):
            best = line
    return best


def _outermost(column: Sequence[PlacedSymbol], up: bool) -> PlacedSymbol:
    """Find the head nearest to the tip of a stem."""
    return min(column, key=lambda head: head.y if up else -head.y)


def _strip(
    layout: PageLayout,
    ink: NDArray[np.uint8],
    head: PlacedSymbol,
    end: float,
    up: bool,
    limits: StemLimits,
) -> tuple[NDArray[np.uint8], float, int] | None:
    """Cut out the ink along a head's side, from the head's middle outwards to a y.

    Returns the rows, the x of the first column on the level page, and the columns left and right that only
    show what is beside a stem. None at the edge of the picture.
    """
    assert layout.ink is not None
    scale, space = layout.ink.scale, layout.ink.scale * layout.space
    side = head.box.x1 if up else head.box.x0
    middle = scale * layout.on_image(side, head.y)
    margin = max(1, round(limits.max_stem_width * space))
    reach = round(limits.recovered_aside * space)
    left, right = round(middle) - reach - margin, round(middle) + reach + margin + 1
    top, bottom = sorted((round(scale * head.y), round(scale * end)))
    if left < 0 or right > ink.shape[1] or top < 0 or bottom >= ink.shape[0]:
        return None
    rows = ink[top : bottom + 1, left:right]
    return rows[::-1] if up else rows, side + (left - middle) / scale, margin


def _stem(column: Sequence[PlacedSymbol], line: _Line, space: float) -> PlacedSymbol:
    """Make the stem of a column of heads."""
    ys = [*(head.y for head in column), line.tip]
    half = _HALF_WIDTH * space
    box = Box(line.x - half, min(ys), line.x + half, max(ys))
    return replace(column[0], index=FROM_INK, name="stem", box=box)


_HALF_WIDTH = 0.06
"""Half the thickness of a stem in staff spaces (Bravura's engraving defaults, SMuFL: 0.12)."""
