"""Cut systems into measures at their barlines, and tell what kind of barline stands at either side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from omr.notation.layout.barlines import BarlineColumn, find_barline_columns
from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.systems import System
from omr.notation.limits import LayoutLimits
from omr.score import Barline

_MUSIC = ("notehead", "rest", "measureRepeat")
"""Prefixes of the classes that fill a measure."""

_PLAIN = Barline()

_STYLES = {
    (True,): "heavy",
    (False, False): "light-light",
    (False, True): "light-heavy",
    (True, False): "heavy-light",
    (True, True): "heavy-heavy",
}
"""MusicXML's bar styles by which strokes of a barline, from left to right, are heavy."""


@dataclass(frozen=True)
class MeasureRegion:
    """The region of one measure in one system.

    Attributes
    ----------
    x0, x1 : float
        From the middle of one barline to the middle of the next, in pixels along the level page.
    left, right : Barline
        Kind of barline at its two sides. A repeat that begins at the right side is the next measure's.
    symbols : tuple of tuple of PlacedSymbol
        The symbols in it by staff of the system, from left to right by their left edges.
    """

    x0: float
    x1: float
    left: Barline
    right: Barline
    symbols: tuple[tuple[PlacedSymbol, ...], ...] = field(default=(), repr=False)

    @property
    def has_music(self) -> bool:
        """Whether a note, a rest or the sign to repeat a measure stands in it."""
        return any(symbol.name.startswith(_MUSIC) for staff in self.symbols for symbol in staff)


@dataclass(frozen=True)
class _Boundary:
    """Where one measure ends and the next begins, from `x0` to `x1` in pixels, and what they show there."""

    x0: float
    x1: float
    ending: Barline = _PLAIN
    beginning: Barline = _PLAIN


def find_measures(
    layout: PageLayout,
    system: System,
    contents: Mapping[int, Sequence[PlacedSymbol]],
    *,
    limits: LayoutLimits = LayoutLimits(),
) -> list[MeasureRegion]:
    """Cut a system into measures.

    Parameters
    ----------
    layout : PageLayout
    system : System
    contents : mapping of int to sequence of PlacedSymbol
        The symbols that belong to each staff of the page.
    limits : LayoutLimits, optional

    Returns
    -------
    list of MeasureRegion
        From left to right. A narrow region without a note or rest is no measure: the clefs and signatures in
        it belong to the next measure, and at the end of a system to none.
    """
    min_width = limits.min_empty_measure * layout.space
    regions = list(_regions(layout, system, contents, limits))
    measures: list[MeasureRegion] = []
    pending: MeasureRegion | None = None
    for region in regions:
        whole = region if pending is None else _merged(pending, region)
        is_inner = bool(measures) and pending is None and region is not regions[-1]
        if region.has_music or (is_inner and region.x1 - region.x0 > min_width):
            measures.append(whole)
            pending = None
        else:
            pending = whole
    # Courtesy signatures at the end of a system, or the strokes of its last barline.
    if pending is not None and measures and pending.right.style != "regular":
        measures[-1] = replace(measures[-1], right=pending.right)
    return measures


def _merged(first: MeasureRegion, second: MeasureRegion) -> MeasureRegion:
    """Merge two neighbouring regions of a system."""
    symbols = tuple((*a, *b) for a, b in zip(first.symbols, second.symbols, strict=True))
    left = second.left if second.left.repeat else first.left
    return MeasureRegion(first.x0, second.x1, left, second.right, symbols)


def _regions(
    layout: PageLayout, system: System, contents: Mapping[int, Sequence[PlacedSymbol]], limits: LayoutLimits
) -> Iterator[MeasureRegion]:
    """Give the regions between every two boundaries, before the first and after the last."""
    margin = limits.end_tolerance * layout.space
    boundaries = list(_boundaries(layout, system, limits))
    if not boundaries or boundaries[0].x0 > system.x0 + margin:
        boundaries.insert(0, _Boundary(system.x0 - margin, system.x0 - margin))
    if boundaries[-1].x1 < system.x1 - margin:
        boundaries.append(_Boundary(system.x1 + margin, system.x1 + margin))
    for a, b in pairwise(boundaries):
        x0, x1 = (a.x0 + a.x1) / 2, (b.x0 + b.x1) / 2
        symbols = tuple(_between(contents.get(staff, ()), x0, x1) for staff in system.staves)
        yield MeasureRegion(x0, x1, a.beginning, b.ending, symbols)


def _between(symbols: Sequence[PlacedSymbol], x0: float, x1: float) -> tuple[PlacedSymbol, ...]:
    """List the symbols whose middles lie in an interval, from left to right by their left edges."""
    return tuple(sorted((s for s in symbols if x0 <= s.x < x1), key=lambda s: s.box.x0))


def _boundaries(layout: PageLayout, system: System, limits: LayoutLimits) -> Iterator[_Boundary]:
    """Give the barlines that cross enough staves of a system to end a measure."""
    columns = find_barline_columns(layout, system, limits=limits)
    widths = [stroke.symbol.box.width for column in columns for stroke in column.strokes]
    min_heavy = limits.heavy_stroke_ratio * float(np.median(widths)) if widths else 0.0
    dots = [dot for dot in layout.by_name.get("repeatDot", ()) if dot.staff in system.staves]
    for column in columns:
        if len(column.staves) >= limits.min_share_of_staves * len(system.staves):
            style = _style(column, min_heavy, limits.min_stroke_distance * layout.space)
            before, after = _repeat_dots(column, dots, layout.space, limits)
            opens_next = style == "heavy-light" or (after and not before)
            ending = _PLAIN if opens_next else Barline(style, "backward" if before else "")
            beginning = Barline("regular", "forward") if after else _PLAIN
            yield _Boundary(column.x0, column.x1, ending, beginning)


def _style(column: BarlineColumn, min_heavy: float, min_distance: float) -> str:
    """Name the style of a barline as MusicXML does.

    Strokes less than `min_distance` apart are one stroke that is cut between two staves; a heavy one is at
    least `min_heavy` wide, both in pixels.
    """
    strokes: list[PlacedSymbol] = []
    for stroke in column.strokes:
        if not strokes or stroke.symbol.x - strokes[-1].x > min_distance:
            strokes.append(stroke.symbol)
    if any("Dashed" in stroke.name for stroke in strokes):
        return "dashed"
    if len(strokes) > 2:
        return "light-light"
    heavy = tuple("Heavy" in stroke.name and stroke.box.width > min_heavy for stroke in strokes)
    return _STYLES.get(heavy, "regular")


def _repeat_dots(
    column: BarlineColumn, dots: Sequence[PlacedSymbol], space: float, limits: LayoutLimits
) -> tuple[bool, bool]:
    """Tell whether at least two repeat dots stand to the left, and to the right, of a barline."""
    x0, x1, middle = column.x0, column.x1, (column.x0 + column.x1) / 2
    reach, overlap = limits.repeat_dot_reach * space, limits.repeat_dot_overlap * space
    before = sum(x0 - reach < dot.x < min(middle, x0 + overlap) for dot in dots)
    after = sum(max(middle, x1 - overlap) < dot.x < x1 + reach for dot in dots)
    return before > 1, after > 1
