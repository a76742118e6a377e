"""A page made ready for reading: every symbol with its staff, its height there and its x along the system.

Positions on a staff are counted in half staff spaces from the top line
downwards, as in `omr.vocabulary.context`: 0 is the top line, 8 the bottom line.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from omr.page import Box, Page, Staff
from omr.staves import median_space

Floats = NDArray[np.float64]

_ANCHORS = {"accidentalFlat": 0.73, "accidentalFlatSmall": 0.73, "accidentalDoubleFlat": 0.73}
"""Where, as a share of its height, a symbol stands on the staff; its middle if it isn't listed."""


@dataclass(frozen=True, eq=False, slots=True)
class PlacedSymbol:
    """A symbol and where it stands; two symbols are the same only if they are one object.

    Attributes
    ----------
    index : int
        Which symbol of its page.
    name : str
    box : Box
        In pixels; x as if the staves ran level.
    score : float
    staff : int
        Which staff of the page, from 0.
    position : float
        Half staff spaces below the top line of that staff.
    """

    index: int
    name: str
    box: Box
    score: float
    staff: int
    position: float

    @property
    def x(self) -> float:
        return (self.box.x0 + self.box.x1) / 2

    @property
    def y(self) -> float:
        return (self.box.y0 + self.box.y1) / 2


class PageLayout:
    """A page's symbols by name and place.

    Parameters
    ----------
    page : Page
        In core names, with its staves.

    Attributes
    ----------
    staves : tuple of Staff
    space : float
        Its median staff space in pixels, the unit of every distance.
    image : array (height, width) of uint8 or None
        The page's.
    symbols : list of PlacedSymbol
        Every symbol, on the staff nearest to it; `keep` may thin them out.
    """

    def __init__(self, page: Page) -> None:
        self.staves: tuple[Staff, ...] = page.staves
        self.image = page.image
        self.space = median_space(page.staves) or 1.0
        self._slope = _slope(page.staves)
        there = [(i, s) for i, s in enumerate(page.symbols) if page.staves and _on_page(s.box, page)]
        symbols = [s for _, s in there]
        boxes = np.array([s.box for s in symbols], float).reshape(-1, 4)
        down = np.array([_ANCHORS.get(s.name, 0.5) for s in symbols])
        x = (boxes[:, 0] + boxes[:, 2]) / 2
        y = boxes[:, 1] + down * (boxes[:, 3] - boxes[:, 1])
        nearest, positions = self._nearest(x, y)
        self.symbols: list[PlacedSymbol] = [
            PlacedSymbol(i, s.name, self._level(s.box), s.score, int(n), float(p))
            for (i, s), n, p in zip(there, nearest, positions, strict=True)
        ]

    def keep(self, symbols: Iterable[PlacedSymbol]) -> None:
        """Forget all other symbols."""
        self.symbols = list(symbols)
        self.__dict__.pop("by_name", None)

    @cached_property
    def by_name(self) -> dict[str, list[PlacedSymbol]]:
        """The symbols of each class, from left to right."""
        found: dict[str, list[PlacedSymbol]] = {}
        for place in sorted(self.symbols, key=lambda p: p.box.x0):
            found.setdefault(place.name, []).append(place)
        return found

    def named(self, *starts: str) -> list[PlacedSymbol]:
        """All symbols whose names begin so, from left to right."""
        listed = [p for name, symbols in self.by_name.items() if name.startswith(starts) for p in symbols]
        return sorted(listed, key=lambda p: p.box.x0)

    def position(self, staff: int, x: float, y: float) -> float:
        """Half staff spaces below the top line of a staff; `x` is level."""
        lines = self.staves[staff].lines_at(x - self._slope * y)
        return float((y - lines[0]) / max(lines[-1] - lines[0], 1e-6) * 2 * max(1, len(lines) - 1))

    def height(self, staff: int, x: float, position: float) -> float:
        """The y of a position on a staff."""
        lines = self.staves[staff].lines_at(x)
        return float(lines[0] + position * (lines[-1] - lines[0]) / (2 * max(1, len(lines) - 1)))

    def on_staff(self, place: PlacedSymbol, staff: int) -> PlacedSymbol:
        """The same symbol seen from another staff."""
        if staff == place.staff:
            return place
        y = place.box.y0 + _ANCHORS.get(place.name, 0.5) * place.box.height
        return replace(place, staff=staff, position=self.position(staff, place.x, y))

    def on_image(self, x: float, y: float) -> float:
        """The x on the image of a level `x` at the height `y`."""
        return x - self._slope * y

    def span(self, staff: int) -> tuple[float, float]:
        """Where a staff begins and ends, level."""
        course = self.staves[staff]
        y = float(course.ys.mean())
        return float(course.xs[0]) + self._slope * y, float(course.xs[-1]) + self._slope * y

    def edges(self, staff: int, x: float) -> tuple[float, float]:
        """The y of the top and of the bottom line near `x`."""
        lines = self.staves[staff].lines_at(x)
        return float(lines[0]), float(lines[-1])

    def _level(self, box: Box) -> Box:
        """Shear a box by the skew of the page; a tall one gets as narrow as what stands upright in it."""
        shift = self._slope * (box.y0 + box.y1) / 2
        lean = min(abs(self._slope) * box.height, 0.8 * box.width) / 2
        return Box(box.x0 + shift + lean, box.y0, box.x1 + shift - lean, box.y1)

    def _nearest(self, x: Floats, y: Floats) -> tuple[NDArray[np.int64], Floats]:
        """The nearest staff of each point and the position there."""
        if not self.staves:
            return np.zeros(0, np.int64), np.zeros(0)
        away, positions = [], []
        for staff in self.staves:
            top, bottom = (np.interp(x, staff.xs, line) for line in (staff.ys[0], staff.ys[-1]))
            beside = np.maximum(0, np.maximum(staff.xs[0] - x, x - staff.xs[-1]))
            away.append(np.maximum(0, np.maximum(top - y, y - bottom)) + beside)
            positions.append((y - top) / np.maximum(bottom - top, 1e-6) * 2 * max(1, len(staff.ys) - 1))
        nearest = np.argmin(away, axis=0)
        return nearest, np.array(positions)[nearest, np.arange(len(x))]


def _on_page(box: Box, page: Page) -> bool:
    """Whether a box has a size and lies on its page, or nearly so."""
    if not all(map(np.isfinite, box)) or box.width <= 0 or box.height <= 0:
        return False
    inside_x = -page.width < box.x0 and box.x1 < 2 * page.width
    return inside_x and -page.height < box.y0 and box.y1 < 2 * page.height


def _slope(staves: Iterable[Staff]) -> float:
    """How much the staves fall a pixel to the right, in the median."""
    slopes = [float((s.ys[:, -1] - s.ys[:, 0]).mean() / max(s.xs[-1] - s.xs[0], 1.0)) for s in staves]
    return float(np.median(slopes)) if slopes else 0.0


class Row:
    """Places by their middle's x, to look up which are near.

    Parameters
    ----------
    symbols : iterable of PlacedSymbol
    """

    def __init__(self, symbols: Iterable[PlacedSymbol]) -> None:
        self._places = sorted(symbols, key=lambda p: p.x)
        self._xs = [p.x for p in self._places]

    def between(self, x0: float, x1: float) -> list[PlacedSymbol]:
        """Those whose middle is from `x0` to `x1`, from left to right."""
        return self._places[bisect_left(self._xs, x0) : bisect_right(self._xs, x1)]
