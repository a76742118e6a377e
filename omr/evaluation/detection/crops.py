"""A page cut into its staves, as in the papers that report figures on stave crops.

A. Pacha, K.-Y. Choi, B. Coüasnon, Y. Ricquebourg, R. Zanibbi, H. Eidenberger,
"Handwritten Music Object Detection: Open Issues and Baseline Results", DAS
2018, and its published code: a crop is as wide as the page and reaches from the
bottom of the staff above to the top of the staff below, so that neighbouring
crops share what lies between them; a symbol belongs to a crop that holds more
than four fifths of its box. Staves themselves are not symbols there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from omr.page import Box, Page, Symbol

INSIDE = 0.8
"""Share of its box that a crop must hold for a symbol to belong to it."""

BEYOND = 4.0
"""Staff spaces that the first crop reaches above the first staff, and the last below the last."""

STAFF = frozenset({"staff", "staffLine", "staffSpace"})


class Strip(NamedTuple):
    """Rows of pixels of a page, from `top` up to `bottom`."""

    top: int
    bottom: int


def strips(staves: Sequence[Box], height: int, together: int = 1) -> Iterator[Strip]:
    """Where to cut a page: a strip for each `together` neighbouring staves, from top to bottom.

    Parameters
    ----------
    staves : sequence of Box
        In any order; those side by side count as one.
    height : int
        Of the page.
    together : int
        Staves in a crop; the last crop has what is left over.
    """
    rows = _rows(staves)
    for first in range(0, len(rows), together):
        after = min(first + together, len(rows))
        reach = round(BEYOND * (rows[first].bottom - rows[first].top) / 4)
        above = rows[first - 1].bottom if first else max(0, rows[first].top - reach)
        below = rows[after].top if after < len(rows) else min(height, rows[-1].bottom + reach)
        yield Strip(above, below)


def _rows(staves: Sequence[Box]) -> list[Strip]:
    """Staves from top to bottom, those of one height on the page merged."""
    rows: list[Strip] = []
    for box in sorted(staves, key=lambda box: box.y0):
        if rows and (box.y0 + box.y1) / 2 < rows[-1].bottom:
            rows[-1] = Strip(rows[-1].top, max(rows[-1].bottom, round(box.y1)))
        else:
            rows.append(Strip(round(box.y0), round(box.y1)))
    return rows


def cut(page: Page, strip: Strip, number: int) -> Page:
    """The symbols that belong to a strip of the page, in its pixels, cut off at its edges."""
    image = None if page.image is None else page.image[strip.top : strip.bottom]
    symbols = [_cut(s, strip) for s in page.symbols if s.name not in STAFF and _belongs(s.box, strip)]
    crowds = [_cut(c, strip) for c in page.crowds if c.box.y0 < strip.bottom and c.box.y1 > strip.top]
    return replace(
        page,
        height=strip.bottom - strip.top,
        symbols=tuple(symbols),
        staves=(),
        number=number,
        image=image,
        crowds=tuple(crowds),
    )


def _belongs(box: Box, strip: Strip) -> bool:
    return min(box.y1, strip.bottom) - max(box.y0, strip.top) > INSIDE * box.height


def _cut(symbol: Symbol, strip: Strip) -> Symbol:
    box = symbol.box
    top, bottom = max(box.y0, strip.top) - strip.top, min(box.y1, strip.bottom) - strip.top
    return replace(symbol, box=Box(box.x0, top, box.x1, bottom))
