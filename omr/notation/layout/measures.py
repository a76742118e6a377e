"""Barlines into measures: where each begins and ends, and what kind of line stands there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.systems import System
from omr.score import Barline

_SOUNDING = ("notehead", "rest", "measureRepeat")


@dataclass(frozen=True)
class Boundary:
    """The strokes of one barline, which may be several.

    Attributes
    ----------
    x0, x1 : float
        From the left edge of the first stroke to the right edge of the last.
    strokes : tuple of PlacedSymbol
        One for each x, from left to right.
    dots : tuple of bool
        Whether repeat dots stand on its left and on its right.
    """

    x0: float
    x1: float
    strokes: tuple[PlacedSymbol, ...] = ()
    dots: tuple[bool, bool] = (False, False)
    thin: float = 0.0
    """Width of a usual barline of the page."""

    @property
    def style(self) -> str:
        """MusicXML's name for the strokes."""
        heavy = ["Heavy" in stroke.name and stroke.box.width > 1.8 * self.thin for stroke in self.strokes]
        if any("Dashed" in stroke.name for stroke in self.strokes):
            return "dashed"
        names = {(True,): "heavy", (False, True): "light-heavy", (True, False): "heavy-light"}
        names |= {(False, False): "light-light", (True, True): "heavy-heavy"}
        if len(heavy) > 2:
            return "light-light"
        return names.get(tuple(heavy), "regular")


@dataclass(frozen=True)
class MeasureRegion:
    """The room of one measure in one system.

    Attributes
    ----------
    x0, x1 : float
        From the middle of one barline to the middle of the next, level.
    symbols : tuple of tuple of PlacedSymbol
        What stands in it, by staff of the system, from left to right.
    left, right : Barline
    """

    x0: float
    x1: float
    left: Barline
    right: Barline
    symbols: tuple[tuple[PlacedSymbol, ...], ...] = field(default=(), repr=False)

    @property
    def sounds(self) -> bool:
        return any(place.name.startswith(_SOUNDING) for staff in self.symbols for place in staff)


def find_measures(
    layout: PageLayout, system: System, contents: dict[int, list[PlacedSymbol]]
) -> list[MeasureRegion]:
    """Cut a system into measures.

    Parameters
    ----------
    layout : PageLayout
    system : System
    contents : dict of int to list of PlacedSymbol
        What belongs to each staff of the page.

    Returns
    -------
    list of MeasureRegion
        From left to right. Room without any note or rest is no measure: clefs
        and signatures there belong to the next one, at the end of a system to none.
    """
    bars = [_with_contents(bar, system, contents) for bar in _rooms(layout, system)]
    measures: list[MeasureRegion] = []
    waiting: MeasureRegion | None = None
    for bar in bars:
        whole = bar if waiting is None else _together(waiting, bar)
        if bar.sounds or (
            measures and waiting is None and bar.x1 - bar.x0 > 6 * layout.space and bar is not bars[-1]
        ):
            measures.append(whole)
            waiting = None
        else:
            waiting = whole
    if waiting is not None and measures:  # courtesy signs, or a last barline of several strokes
        right = waiting.right if waiting.right.style != "regular" else measures[-1].right
        measures[-1] = replace(measures[-1], right=right)
    return measures


def _together(first: MeasureRegion, second: MeasureRegion) -> MeasureRegion:
    symbols = tuple((*a, *b) for a, b in zip(first.symbols, second.symbols, strict=True))
    left = second.left if second.left.repeat else first.left
    return MeasureRegion(first.x0, second.x1, left, second.right, symbols)


def _with_contents(
    bar: MeasureRegion, system: System, contents: dict[int, list[PlacedSymbol]]
) -> MeasureRegion:
    staves = (
        tuple(sorted((p for p in contents.get(staff, ()) if bar.x0 <= p.x < bar.x1), key=lambda p: p.box.x0))
        for staff in system.staves
    )
    return replace(bar, symbols=tuple(staves))


def _rooms(layout: PageLayout, system: System) -> Iterator[MeasureRegion]:
    """The room between each two barlines, and before the first and after the last."""
    margin = 1.5 * layout.space
    boundaries = list(_boundaries(layout, system))
    if not boundaries or boundaries[0].x0 > system.x0 + margin:
        boundaries.insert(0, Boundary(system.x0 - margin, system.x0 - margin))
    if boundaries[-1].x1 < system.x1 - margin:
        boundaries.append(Boundary(system.x1 + margin, system.x1 + margin))
    for a, b in pairwise(boundaries):
        left = Barline("regular", "forward") if a.dots[1] else Barline()
        right = Barline(b.style, "backward" if b.dots[0] else "")
        if right.style == "heavy-light" or (b.dots[1] and not b.dots[0]):  # belongs to the next measure
            right = Barline()
        yield MeasureRegion((a.x0 + a.x1) / 2, (b.x0 + b.x1) / 2, left, right)


def _boundaries(layout: PageLayout, system: System) -> Iterator[Boundary]:
    """Barlines that cross at least half of the staves, strokes close to each other taken together."""
    crossing = [(b, _crossed(layout, b, system)) for b in layout.named("barline")]
    strokes = sorted(((b, staves) for b, staves in crossing if staves), key=lambda item: item[0].x)
    columns: list[list[tuple[PlacedSymbol, set[int]]]] = []
    for stroke in strokes:
        if columns and stroke[0].box.x0 - max(b.box.x1 for b, _ in columns[-1]) < 0.9 * layout.space:
            columns[-1].append(stroke)
        else:
            columns.append([stroke])
    thin = float(np.median([b.box.width for b, _ in strokes])) if strokes else 0.0
    dots = [d for d in layout.by_name.get("repeatDot", ()) if d.staff in system.staves]
    for column in columns:
        if 2 * len(set().union(*(staves for _, staves in column))) < len(system.staves):
            continue
        x0, x1 = min(b.box.x0 for b, _ in column), max(b.box.x1 for b, _ in column)
        distinct = _distinct([b for b, _ in column], layout.space)
        yield Boundary(x0, x1, distinct, _dots(dots, x0, x1, layout.space), thin)


def _crossed(layout: PageLayout, barline: PlacedSymbol, system: System) -> set[int]:
    """The staves of a system that a barline runs across."""
    found = set()
    for staff in system.staves:
        top, bottom = layout.edges(staff, barline.x)
        if min(bottom, barline.box.y1) - max(top, barline.box.y0) > 0.7 * (bottom - top):
            found.add(staff)
    return found


def _distinct(strokes: Sequence[PlacedSymbol], space: float) -> tuple[PlacedSymbol, ...]:
    """One stroke for each x: a barline may be cut between staves."""
    found: list[PlacedSymbol] = []
    for stroke in strokes:
        if not found or stroke.x - found[-1].x > 0.2 * space:
            found.append(stroke)
    return tuple(found)


def _dots(dots: Sequence[PlacedSymbol], x0: float, x1: float, space: float) -> tuple[bool, bool]:
    """Whether at least a pair of repeat dots stands to the left, and to the right, of the strokes."""
    near = 1.6 * space
    left = [d for d in dots if x0 - near < d.x < (x0 + x1) / 2 and d.x < x0 + 0.3 * space]
    right = [d for d in dots if (x0 + x1) / 2 < d.x < x1 + near and d.x > x1 - 0.3 * space]
    return len(left) > 1, len(right) > 1
