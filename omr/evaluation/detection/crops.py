"""Cut a page into crops of staves, as in papers that report figures on them.

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
"""Share of a symbol's box (0 to 1) that a crop must hold for the symbol to belong to it. A. Pacha et al.,
DAS 2018."""

MARGIN = 4.0
"""Staff spaces that the first crop reaches above the first staff, and the last crop below the last.
Release 0.1.0."""

SPACES_OF_STAFF = 4
"""Staff spaces in the height of a staff of five lines."""

STAFF = frozenset({"staff", "staffLine", "staffSpace"})
"""Names of staves and their parts, which count as no symbols on crops."""


class Strip(NamedTuple):
    """Rows of pixels of a page, from `top` up to, but without, `bottom`."""

    top: int
    bottom: int


def strips(staves: Sequence[Box], height: int, together: int = 1) -> Iterator[Strip]:
    """Compute the strips that a page is cut into, from top to bottom.

    Parameters
    ----------
    staves : sequence of Box
        In page pixels, in any order. Staves side by side count as one.
    height : int
        Height of the page in pixels.
    together : int
        Neighbouring staves in a strip; the last strip holds the remaining ones.

    Yields
    ------
    Strip
    """
    rows = _rows(staves)
    for first in range(0, len(rows), together):
        after = min(first + together, len(rows))
        reach = round(MARGIN * (rows[first].bottom - rows[first].top) / SPACES_OF_STAFF)
        above = rows[first - 1].bottom if first else max(0, rows[first].top - reach)
        below = rows[after].top if after < len(rows) else min(height, rows[-1].bottom + reach)
        yield Strip(above, below)


def _rows(staves: Sequence[Box]) -> list[Strip]:
    """Return the rows of each staff from top to bottom; staves side by side are merged."""
    rows: list[Strip] = []
    for box in sorted(staves, key=lambda box: box.y0):
        if rows and (box.y0 + box.y1) / 2 < rows[-1].bottom:
            rows[-1] = Strip(rows[-1].top, max(rows[-1].bottom, round(box.y1)))
        else:
            rows.append(Strip(round(box.y0), round(box.y1)))
    return rows


def cut(page: Page, strip: Strip, number: int) -> Page:
    """Cut a strip out of a page.

    Parameters
    ----------
    page : Page
    strip : Strip
        In page pixels.
    number : int
        Page number of the result.

    Returns
    -------
    Page
        The symbols that lie inside the strip by more than `INSIDE`, without staves. Boxes are in pixels
        of the strip and end at its edges; ignore regions (crowds) are cut off in the same way.
    """
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
    """Tell whether enough of a box lies in a strip."""
    return min(box.y1, strip.bottom) - max(box.y0, strip.top) > INSIDE * box.height


def _cut(symbol: Symbol, strip: Strip) -> Symbol:
    """Move a symbol into the pixels of a strip and cut its box off at the edges."""
    box = symbol.box
    top, bottom = max(box.y0, strip.top) - strip.top, min(box.y1, strip.bottom) - strip.top
    return replace(symbol, box=Box(box.x0, top, box.x1, bottom))
