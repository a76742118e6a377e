"""Place the symbols of a page on its staves: the nearest staff, the height there, the x on a level page.

Positions on a staff are counted in half staff spaces from the top line downwards, as in
`omr.vocabulary.translation`: 0 is the top line, 8 the bottom line of five. A staff of one line, as percussion
has, is placed as if that line were the middle one of five, at 4.

The x of a placed symbol is that of a level page. A page that is skewed by a slope of `s` (pixels that the
staves fall for each pixel to the right) is sheared, not turned: x becomes x + s y, and y stays. Symbols of
one barline or chord then have one x, while the course of each staff line is still that of the image.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from omr.images import reduce_ink
from omr.notation.layout.ledger_lines import LedgerLines
from omr.notation.layout.ledger_spacing import LedgerSpacing, measure_ledger_spacing
from omr.notation.layout.staff_begin import begin_before_clefs
from omr.notation.limits import LayoutLimits
from omr.page import Box, Ink, Page, Staff, Symbol
from omr.staves import median_space
from omr.vocabulary.staves import BOTTOM_LINE, FLAT_ANCHOR, MIDDLE_LINE

Floats = NDArray[np.float64]

CLEFS = ("clefG", "clefF", "clefC", "clefPercussion", "clefUnpitched")
"""Clefs that tell the pitch of a staff, by class."""

_FLATS = frozenset({"accidentalFlat", "accidentalFlatSmall", "accidentalDoubleFlat"})

_LINES = 5
"""Lines of a staff beside which positions are counted from ledger lines."""

_MIN_HEIGHT = 1e-6
"""Pixels between the outer lines of a staff, at least, so that nothing is divided by zero."""


@dataclass(frozen=True, eq=False, slots=True)
class PlacedSymbol:
    """A symbol and where it stands on its staff; equal, and of one hash, only to itself.

    Attributes
    ----------
    index : int
        Number of the symbol in the page's `symbols`, followed by its `low_confidence` symbols: an index of
        ``len(page.symbols)`` or more is that of a low-confidence symbol.
    name : str
        Class name of the core vocabulary.
    box : Box
        In pixels; x as on a level page, y as on the image.
    score : float
        From 0 to 1.
    staff : int
        Which staff of the page, from 0 at the top.
    position : float
        Half staff spaces below the top line of that staff; 4 on the only line of a staff.
    """

    index: int
    name: str
    box: Box
    score: float
    staff: int
    position: float

    @property
    def x(self) -> float:
        """Middle of the box, in pixels along the level page."""
        return (self.box.x0 + self.box.x1) / 2

    @property
    def y(self) -> float:
        """Middle of the box, in pixels from the top of the image."""
        return (self.box.y0 + self.box.y1) / 2

    @property
    def anchor_y(self) -> float:
        """The y that names a line or space, in pixels: a flat's bowl, the middle of any other symbol."""
        return self.box.y0 + _anchor(self.name) * self.box.height


@dataclass(frozen=True, eq=False)
class PageLayout:
    """The symbols of a page in their places; made by `place`, passed on changed by `with_symbols`.

    Attributes
    ----------
    page : Page
        The page that was placed, in core names.
    space : float
        Its median staff space in pixels, at least `LayoutLimits.min_staff_space`: the unit of every distance.
    slope : float
        Pixels that its staves fall for each pixel to the right, in the median.
    ledger_spacing : LedgerSpacing
        By which positions beyond a staff are taken to its grid of lines and spaces.
    ledger_lines : LedgerLines
        From which the positions of noteheads beyond a staff are counted.
    symbols : tuple of PlacedSymbol
        Each on the staff nearest to it; none on a page without staves.
    low_confidence : tuple of PlacedSymbol
        The page's low-confidence symbols, placed likewise.
    """

    page: Page
    space: float
    slope: float
    ledger_spacing: LedgerSpacing = LedgerSpacing()
    ledger_lines: LedgerLines = field(default_factory=LedgerLines)
    symbols: tuple[PlacedSymbol, ...] = ()
    low_confidence: tuple[PlacedSymbol, ...] = ()

    @property
    def staves(self) -> tuple[Staff, ...]:
        """Staves of the page from top to bottom; `PlacedSymbol.staff` counts through them."""
        return self.page.staves

    @property
    def ink(self) -> Ink | None:
        """The reduced picture of the page, for what the symbols do not tell; None where it is not at hand."""
        return self.page.ink

    def with_symbols(self, symbols: Iterable[PlacedSymbol]) -> PageLayout:
        """Give the same layout other symbols.

        Parameters
        ----------
        symbols : iterable of PlacedSymbol

        Returns
        -------
        PageLayout
        """
        return replace(self, symbols=tuple(symbols))

    @cached_property
    def by_name(self) -> dict[str, list[PlacedSymbol]]:
        """The symbols of each class, from left to right by their left edges."""
        found: dict[str, list[PlacedSymbol]] = {}
        for symbol in sorted(self.symbols, key=lambda s: s.box.x0):
            found.setdefault(symbol.name, []).append(symbol)
        return found

    def named(self, *prefixes: str) -> list[PlacedSymbol]:
        """List the symbols whose class names begin with one of some prefixes.

        Parameters
        ----------
        *prefixes : str

        Returns
        -------
        list of PlacedSymbol
            From left to right by their left edges.
        """
        listed = [s for name, symbols in self.by_name.items() if name.startswith(prefixes) for s in symbols]
        return sorted(listed, key=lambda s: s.box.x0)

    def position(self, staff: int, x: float, y: float) -> float:
        """Convert a point to a position on a staff.

        Parameters
        ----------
        staff : int
        x, y : float
            In pixels of the level page.

        Returns
        -------
        float
            Half staff spaces below the top line; 4 on the only line of a staff.
        """
        return float(self._on_grid(staff, self.on_image(x, y), np.asarray(y, float)))

    def head_position(self, staff: int, x: float, y: float, width: float, position: float) -> float:
        """Count the position of a notehead from its ledger lines.

        Parameters
        ----------
        staff : int
        x, y : float
            Middle of the head, in pixels of the image.
        width : float
            Of the head, in pixels.
        position : float
            As measured, in half staff spaces below the top line.

        Returns
        -------
        float
            `position` itself within the staff, and beside a staff that does not have five lines.
        """
        lines = len(self.staves[staff].ys)
        beyond = max(-position, position - BOTTOM_LINE)
        if lines != _LINES or beyond <= self.ledger_lines.limits.stands_on:
            return position
        heights = self.ledger_lines.heights_at(x, width)
        positions = self._on_grid(staff, x, heights)
        if position < 0:
            return -self.ledger_lines.count(beyond, -positions)
        return BOTTOM_LINE + self.ledger_lines.count(beyond, positions - BOTTOM_LINE)

    def _on_grid(self, staff: int, x: float, y: Floats) -> Floats:
        """Convert heights at an x of the image to positions on a staff."""
        course = self.staves[staff]
        top, bottom = (np.interp(x, course.xs, line) for line in course.ys[[0, -1]])
        measured = np.asarray(_positions(y, top, bottom, len(course.ys), self.space))
        return self.ledger_spacing.to_grid(measured) if len(course.ys) > 1 else measured

    def on_staff(self, symbol: PlacedSymbol, staff: int) -> PlacedSymbol:
        """Place a symbol on another staff.

        Parameters
        ----------
        symbol : PlacedSymbol
        staff : int

        Returns
        -------
        PlacedSymbol
            With its position on that staff; the symbol itself if it is there already.
        """
        if staff == symbol.staff:
            return symbol
        position = self.position(staff, symbol.x, symbol.anchor_y)
        if symbol.name.startswith("notehead"):
            x = self.on_image(symbol.x, symbol.y)
            position = self.head_position(staff, x, symbol.y, symbol.box.width, position)
        return replace(symbol, staff=staff, position=position)

    def on_image(self, x: float, y: float) -> float:
        """Convert an x of the level page to that of the image.

        Parameters
        ----------
        x, y : float
            In pixels of the level page.

        Returns
        -------
        float
            In pixels of the image.
        """
        return x - self.slope * y

    def span(self, staff: int) -> tuple[float, float]:
        """Find where a staff begins and ends.

        Parameters
        ----------
        staff : int

        Returns
        -------
        x0, x1 : float
            In pixels along the level page.
        """
        course = self.staves[staff]
        shift = self.slope * float(course.ys.mean())
        return float(course.xs[0]) + shift, float(course.xs[-1]) + shift

    def edges(self, staff: int, x: float) -> tuple[float, float]:
        """Find the heights of a staff's outer lines.

        Parameters
        ----------
        staff : int
        x : float
            In pixels; whether of the level page or the image makes no difference that counts, since staff
            lines rise and fall by less than a pixel between the two.

        Returns
        -------
        top, bottom : float
            The y of the top and of the bottom line, in pixels.
        """
        course = self.staves[staff]
        return float(np.interp(x, course.xs, course.ys[0])), float(np.interp(x, course.xs, course.ys[-1]))


def place(page: Page, *, limits: LayoutLimits = LayoutLimits()) -> PageLayout:
    """Place every symbol of a page, its low-confidence symbols too, on the staff nearest to it.

    Parameters
    ----------
    page : Page
        In core names, with its staves.
    limits : LayoutLimits, optional

    Returns
    -------
    PageLayout
        Without symbols that lie far off the page or have no size, and without any if there is no staff.
    """
    slope = _slope(page.staves)
    several_lines = [staff for staff in page.staves if len(staff.ys) > 1]
    space = max(median_space(several_lines) or _notehead_height(page) or 0.0, limits.min_staff_space)
    if page.ink is None and page.image is not None and page.staves:
        page = replace(page, ink=reduce_ink(page.image, space))
    found = tuple(enumerate((*page.symbols, *page.low_confidence)))
    symbols, low = found[: len(page.symbols)], found[len(page.symbols) :]
    clefs = [symbol.box for _, symbol in symbols if symbol.name in CLEFS]
    page = replace(
        page, staves=begin_before_clefs(page.staves, clefs, slope, space, limits=limits.staff_begin)
    )
    layout = PageLayout(page, space, slope)
    ledgers = (symbol.box for _, symbol in symbols if symbol.name == "ledgerLine")
    layout = replace(
        layout,
        ledger_spacing=_ledger_spacing(symbols, layout, limits),
        ledger_lines=LedgerLines.of(ledgers, limits.ledger),
    )
    return replace(
        layout, symbols=_placed(symbols, layout, limits), low_confidence=_placed(low, layout, limits)
    )


def _ledger_spacing(
    symbols: Iterable[tuple[int, Symbol]], layout: PageLayout, limits: LayoutLimits
) -> LedgerSpacing:
    """Measure the spacing of the ledger lines of a page, each on the staff nearest to it."""
    ledgers = [(i, symbol) for i, symbol in symbols if symbol.name == "ledgerLine"]
    positions = np.array([ledger.position for ledger in _placed(ledgers, layout, limits)])
    return measure_ledger_spacing(positions, limits=limits.ledger)


def _notehead_height(page: Page) -> float | None:
    """Measure the staff space of a page whose staves have one line each: a notehead is as high."""
    heights = [symbol.box.height for symbol in page.symbols if symbol.name.startswith("notehead")]
    height = float(np.median(heights)) if heights and page.staves else 0.0
    return height if np.isfinite(height) and height > 0 else None


def _placed(
    symbols: Iterable[tuple[int, Symbol]], layout: PageLayout, limits: LayoutLimits
) -> tuple[PlacedSymbol, ...]:
    """Place symbols, given with their index, on the staves of a layout."""
    page = layout.page
    there = [(i, s) for i, s in symbols if page.staves and _on_page(s.box, page, limits)]
    if not there:
        return ()
    boxes = np.array([s.box for _, s in there], float)
    x = (boxes[:, 0] + boxes[:, 2]) / 2
    y = boxes[:, 1] + np.array([_anchor(s.name) for _, s in there]) * (boxes[:, 3] - boxes[:, 1])
    nearest, positions = _nearest_staves(layout, x, y)
    for i, (_, s) in enumerate(there):
        if s.name.startswith("notehead"):
            positions[i] = layout.head_position(
                int(nearest[i]), float(x[i]), float(y[i]), s.box.width, float(positions[i])
            )
    return tuple(
        PlacedSymbol(i, s.name, _level(s.box, layout.slope, limits), s.score, int(n), float(p))
        for (i, s), n, p in zip(there, nearest, positions, strict=True)
    )


def _on_page(box: Box, page: Page, limits: LayoutLimits) -> bool:
    """Tell whether a box has a size and lies on its page, or nearly so."""
    if not all(map(np.isfinite, box)) or box.width <= 0 or box.height <= 0:
        return False
    beside, above = limits.off_page_margin * page.width, limits.off_page_margin * page.height
    inside_x = -beside < box.x0 and box.x1 < page.width + beside
    return inside_x and -above < box.y0 and box.y1 < page.height + above


def _level(box: Box, slope: float, limits: LayoutLimits) -> Box:
    """Shear a box by the skew of the page, and take away the width that the skew added to it."""
    shift = slope * (box.y0 + box.y1) / 2
    excess = min(abs(slope) * box.height, limits.max_lean * box.width) / 2
    return Box(box.x0 + shift + excess, box.y0, box.x1 + shift - excess, box.y1)


def _nearest_staves(layout: PageLayout, x: Floats, y: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Find the nearest staff of each point of the image, and the position there in half staff spaces."""
    distances, positions = [], []
    for staff in layout.staves:
        top, bottom = (np.interp(x, staff.xs, line) for line in (staff.ys[0], staff.ys[-1]))
        beside = np.maximum(0, np.maximum(staff.xs[0] - x, x - staff.xs[-1]))
        distances.append(np.maximum(0, np.maximum(top - y, y - bottom)) + beside)
        measured = _positions(y, top, bottom, len(staff.ys), layout.space)
        positions.append(layout.ledger_spacing.to_grid(measured) if len(staff.ys) > 1 else measured)
    nearest = np.argmin(distances, axis=0)
    return nearest, np.array(positions)[nearest, np.arange(len(x))]


def _positions(y: Floats | float, top: Floats, bottom: Floats, lines: int, space: float) -> Floats:
    """Convert heights to positions on a staff of some lines, whose outer ones are at `top` and `bottom`."""
    if lines == 1:
        return MIDDLE_LINE + (y - top) * 2 / space
    return (y - top) / np.maximum(bottom - top, _MIN_HEIGHT) * 2 * (lines - 1)


def _slope(staves: Iterable[Staff]) -> float:
    """Measure how many pixels the staves fall for each pixel to the right, in the median."""
    slopes = [float((s.ys[:, -1] - s.ys[:, 0]).mean() / max(s.xs[-1] - s.xs[0], 1.0)) for s in staves]
    return float(np.median(slopes)) if slopes else 0.0


def _anchor(name: str) -> float:
    """Give the share (0 to 1) of a symbol's height, from the top, that stands at its position."""
    return FLAT_ANCHOR if name in _FLATS else 0.5
