"""Check that the boxes of an engraved page lie on the ink of their symbols."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from omr.engraving import raster
from omr.page import Box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omr.engraving.engraved_page import EngravedPage
    from omr.engraving.labels import LabelledSymbol


_INK = 250  # lighter pixels are the rounding of the antialiasing


class WrongBoxError(ValueError):
    """A box differs from the bounds of its symbol's ink."""


def check_edges(page: EngravedPage) -> None:
    """Check that no symbol reaches beyond the edge of the page, as verovio's curves rarely do.

    Parameters
    ----------
    page : EngravedPage

    Raises
    ------
    WrongBoxError
        For the first symbol that does.
    """
    for symbol in page.symbols:
        box = symbol.box
        if not (0 <= box.x0 < box.x1 <= page.width and 0 <= box.y0 < box.y1 <= page.height):
            raise WrongBoxError(f"{symbol.name} at {_show(box)} reaches over the edge of the page")


def check_page(page: EngravedPage, tolerance: float = 1.05) -> None:
    """Draw every symbol alone and compare its ink with its box.

    Parameters
    ----------
    page : EngravedPage
    tolerance : float
        Pixels that an edge may be off.

    Raises
    ------
    WrongBoxError
        For the first box that is off, or that reaches over the edge of the page.
    """
    check_edges(page)
    for complaint in complaints(page, tolerance):
        raise WrongBoxError(complaint)


def complaints(page: EngravedPage, tolerance: float = 1.05) -> Iterator[str]:
    """Describe each wrong box.

    Parameters
    ----------
    page : EngravedPage
    tolerance : float
        Pixels that an edge may be off.

    Yields
    ------
    str
        The symbol, its box and the bounds of its ink.
    """
    for symbol in page.symbols:
        ink = ink_bounds(page, symbol)
        if ink is None or max(abs(a - b) for a, b in zip(ink, symbol.box, strict=True)) > tolerance:
            yield f"{symbol.name} at {_show(symbol.box)} has its ink at {_show(ink) if ink else 'no place'}"


def ink_bounds(page: EngravedPage, symbol: LabelledSymbol, margin: int = 4) -> Box | None:
    """Measure the ink of a symbol by drawing it alone.

    Parameters
    ----------
    page : EngravedPage
    symbol : LabelledSymbol
    margin : int
        Pixels around the box in which ink is looked for.

    Returns
    -------
    Box or None
        The bounds in whole pixels of the page; None if there is no ink.
    """
    left, top = math.floor(symbol.box.x0) - margin, math.floor(symbol.box.y0) - margin
    width, height = math.ceil(symbol.box.x1) + margin - left, math.ceil(symbol.box.y1) + margin - top
    parts = [page.primitives[i] for i in symbol.primitives]
    ink = raster.draw(parts, width, height, (left, top), page.finer) < _INK
    ys, xs = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(ys):
        return None
    return Box(left + xs[0], top + ys[0], left + xs[-1] + 1, top + ys[-1] + 1)


def _show(box: Box) -> str:
    return "({:.1f} {:.1f} {:.1f} {:.1f})".format(*box)
