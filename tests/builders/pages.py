"""Build pages of a few symbols on straight staves, as a detector would find them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from omr.notation.cleanup import clean
from omr.notation.layout.placement import place
from omr.notation.layout.systems import lay_out_piece
from omr.notation.linking import LinkedPage, link
from omr.page import Box, Page, Staff, Symbol

SPACE = 10.0
"""Staff space of every page, in pixels."""

TOPS = (100.0, 220.0, 500.0, 620.0)
"""Heights of the top lines of the four staves of a page, in pixels: two and two, further apart between."""

HEIGHT = 4 * SPACE
"""Height of a staff, in pixels."""


def staff(top: float, x0: float = 50.0, x1: float = 950.0, lines: int = 5, fall: float = 0.0) -> Staff:
    """A staff from `x0` to `x1` whose lines fall by `fall` pixels in all."""
    return Staff(
        np.array([x0, x1]), np.array([[top + k * SPACE, top + k * SPACE + fall] for k in range(lines)])
    )


def page(*symbols: Symbol, tops: tuple[float, ...] = TOPS, low: tuple[Symbol, ...] = ()) -> Page:
    """A page of 1000 x 900 pixels with staves at `tops`."""
    return replace(Page(1000, 900, symbols, tuple(map(staff, tops))), low_confidence=low)


def barline(x: float, y0: float, y1: float, score: float = 0.9) -> Symbol:
    """A thin barline with its left edge at `x`."""
    return Symbol("barline", Box(x, y0, x + 2, y1), score)


def barlines(tops: tuple[float, ...], *xs: float) -> list[Symbol]:
    """A barline of its own on each staff, at every x."""
    return [barline(x, top, top + HEIGHT) for top in tops for x in xs]


def notehead(x: float, y: float, name: str = "noteheadBlack") -> Symbol:
    """A notehead around a point."""
    return Symbol(name, Box(x - 6, y - 5, x + 6, y + 5), 0.9)


def stem(x: float, y0: float = 100.0, y1: float = 135.0) -> Symbol:
    """A stem with its left edge at `x`."""
    return Symbol("stem", Box(x, y0, x + 1, y1), 0.9)


def linked_page(read: Page) -> LinkedPage:
    """Place, clean and link a page; accidentals are not assigned yet."""
    layout = clean(place(read))
    [systems] = lay_out_piece([layout]).systems
    return link(layout, systems)
