"""Positions of symbols on the staves of a page, from which the names of DeepScoresV2 follow."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from omr.page import Page, Symbol

MIDDLE_LINE = 4.0
"""Position of the middle line of a staff of five lines, in half staff spaces below the top line."""

BOTTOM_LINE = 8.0
"""Position of the bottom line of a staff of five lines."""

FLAT_ANCHOR = 0.73
"""Part (0 to 1) of a flat's height, from its top, at which its belly stands. Release 0.1.0."""


class StaffSymbol(NamedTuple):
    """A symbol and where on its staff it stands.

    Attributes
    ----------
    symbol : Symbol
    staff : int
        Index of the staff that is nearest to the symbol.
    position : float
        In steps (half staff spaces) below the top line: 0 is the top line, 1 the space below it, 8 the
        bottom line, and beyond the staff they go on as ledger lines do.
    """

    symbol: Symbol
    staff: int
    position: float


def on_staves(page: Page) -> list[StaffSymbol]:
    """Put each symbol of a page on the nearest staff.

    Parameters
    ----------
    page : Page

    Returns
    -------
    list of StaffSymbol
        In the order of the symbols; empty where the page has no staves.
    """
    if not page.staves or not page.symbols:
        return []
    x, y = np.array([_anchor(symbol) for symbol in page.symbols]).T
    tops, bottoms, away = [], [], []
    for staff in page.staves:
        top, bottom = np.interp(x, staff.xs, staff.ys[0]), np.interp(x, staff.xs, staff.ys[-1])
        beside = np.maximum(0, np.maximum(staff.xs[0] - x, x - staff.xs[-1]))
        tops.append(top)
        bottoms.append(bottom)
        away.append(np.maximum(0, np.maximum(top - y, y - bottom)) + beside)
    nearest = np.argmin(away, axis=0)
    here = np.arange(len(x))
    top, bottom = np.array(tops)[nearest, here], np.array(bottoms)[nearest, here]
    positions = (y - top) / np.maximum(bottom - top, 1e-6) * BOTTOM_LINE
    return [StaffSymbol(*p) for p in zip(page.symbols, nearest.tolist(), positions.tolist(), strict=True)]


def _anchor(symbol: Symbol) -> tuple[float, float]:
    """Give the point of a symbol that tells its position: its centre, but a flat's belly."""
    down = FLAT_ANCHOR if symbol.name.startswith("accidentalFlat") else 0.5
    return symbol.box.centre[0], symbol.box.y0 + down * symbol.box.height
