"""Find the barlines of a system: which strokes make up each, and which staves they cross."""

from __future__ import annotations

from dataclasses import dataclass

from omr.notation.layout.coverage import crossed_staves
from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.systems import System
from omr.notation.limits import LayoutLimits


@dataclass(frozen=True)
class Stroke:
    """One line of a barline.

    Attributes
    ----------
    symbol : PlacedSymbol
    staves : tuple of int
        Staves of the page that it crosses, from top to bottom; never empty.
    """

    symbol: PlacedSymbol
    staves: tuple[int, ...]


@dataclass(frozen=True)
class BarlineColumn:
    """The strokes of one barline of a system, side by side and on different staves.

    Attributes
    ----------
    strokes : tuple of Stroke
        From left to right by their middles; never empty.
    """

    strokes: tuple[Stroke, ...]

    @property
    def x0(self) -> float:
        """Left edge of the first stroke, in pixels along the level page."""
        return min(stroke.symbol.box.x0 for stroke in self.strokes)

    @property
    def x1(self) -> float:
        """Right edge of the last stroke, in pixels along the level page."""
        return max(stroke.symbol.box.x1 for stroke in self.strokes)

    @property
    def staves(self) -> frozenset[int]:
        """Staves of the page that any stroke crosses."""
        return frozenset(staff for stroke in self.strokes for staff in stroke.staves)


def find_barline_columns(
    layout: PageLayout, system: System, *, limits: LayoutLimits = LayoutLimits()
) -> list[BarlineColumn]:
    """Find the barlines of a system, those that open it and those of single staves included.

    Parameters
    ----------
    layout : PageLayout
    system : System
    limits : LayoutLimits, optional

    Returns
    -------
    list of BarlineColumn
        From left to right.
    """
    strokes = [
        Stroke(symbol, tuple(crossed_staves(layout, symbol, limits.crossing_coverage, system.staves)))
        for symbol in layout.named("barline")
    ]
    columns: list[BarlineColumn] = []
    for stroke in sorted((s for s in strokes if s.staves), key=lambda s: s.symbol.x):
        if columns and stroke.symbol.box.x0 - columns[-1].x1 < limits.max_stroke_gap * layout.space:
            columns[-1] = BarlineColumn((*columns[-1].strokes, stroke))
        else:
            columns.append(BarlineColumn((stroke,)))
    return columns
