"""Do the boxes lie on their ink?"""

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
    """A symbol's box is not where its ink is."""


def check_edges(page: EngravedPage) -> None:
    """Look for symbols beyond the edge of the page, as verovio's rare slips with curves make them.

    Raises
    ------
    WrongBoxError
        For the first.
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
    """Say of each wrong box what is wrong with it; see `check_page`."""
    for symbol in page.symbols:
        ink = ink_bounds(page, symbol)
        if ink is None or max(abs(a - b) for a, b in zip(ink, symbol.box, strict=True)) > tolerance:
            yield f"{symbol.name} at {_show(symbol.box)} has its ink at {_show(ink) if ink else 'no place'}"


def ink_bounds(page: EngravedPage, symbol: LabelledSymbol, margin: int = 4) -> Box | None:
    """The bounds in whole pixels of what `symbol` blackens, looked for up to `margin` around its box."""
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
