"""Look up the placed symbols near an x by binary search."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from omr.notation.layout.placement import PlacedSymbol


class SymbolsByX:
    """Symbols sorted by the x of their middle, for lookup of those within an interval.

    Parameters
    ----------
    symbols : iterable of PlacedSymbol
        In any order.
    """

    def __init__(self, symbols: Iterable[PlacedSymbol]) -> None:
        self._symbols = sorted(symbols, key=lambda symbol: symbol.x)
        self._xs = [symbol.x for symbol in self._symbols]

    def between(self, x0: float, x1: float) -> list[PlacedSymbol]:
        """Return the symbols whose middle lies within an interval.

        Parameters
        ----------
        x0, x1 : float
            Ends of the interval, both included, in pixels along the level page.

        Returns
        -------
        list of PlacedSymbol
            From left to right.
        """
        return self._symbols[bisect_left(self._xs, x0) : bisect_right(self._xs, x1)]
