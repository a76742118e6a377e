"""Labelled symbols: what both engravers' pages are labelled with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from omr.page import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from omr.engraving.raster import Drawn

DASH_GAP = 1.05
"""Largest gap between the dashes of a barline, in lengths of a dash. Release 0.1.0."""

JOINT = 0.06
"""Largest gap or offset, in staff spaces, between pieces that are drawn one by one and look like one symbol:
half the thickness of a staff line. Release 0.1.0."""

NORMAL_SIZE = 0.9
"""Scale, relative to its staff, below which a glyph is a small one. Grace notes are drawn at 0.8 at most
(`graceFactor` in `omr.engraving.layout`)."""

AnyPart = TypeVar("AnyPart", bound="tuple[int, Drawn]")


class UnknownMusicError(ValueError):
    """Something drawn has no class, so the page can't be labelled completely."""


@dataclass(frozen=True, slots=True)
class LabelledSymbol:
    """A symbol of an engraved page.

    Attributes
    ----------
    name : str
        In DeepScoresV2's vocabulary, else a core name or "staffLine".
    box : Box
        Exact, in pixels of the page.
    primitives : tuple of int
        What it is made of, as positions in the page's list of primitives.
    staff : int
        The staff it belongs to or stands nearest to, from 0 at the top of the page.
    """

    name: str
    box: Box
    primitives: tuple[int, ...]
    staff: int = -1


@dataclass(frozen=True)
class StaffLines:
    """A whole staff of one system.

    Attributes
    ----------
    ys : tuple of float
        The middle of each line, in pixels of the page, top line first.
    x0, x1 : float
        Where the lines begin and end, in pixels.
    space : float
        Staff space, in pixels.
    lines : tuple of tuple of int
        What each line is drawn of, as positions in the page's list of primitives.
    width : float
        Thickness of a line, in pixels.
    """

    ys: tuple[float, ...]
    x0: float
    x1: float
    space: float
    lines: tuple[tuple[int, ...], ...]
    width: float

    def position(self, y: float) -> float:
        """Give the staff position of a height.

        Parameters
        ----------
        y : float
            In pixels of the page.

        Returns
        -------
        float
            Half staff spaces below the top line.
        """
        return 2 * (y - self.ys[0]) / self.space

    def distance(self, y: float) -> float:
        """Measure how far a height is from the staff.

        Parameters
        ----------
        y : float
            In pixels of the page.

        Returns
        -------
        float
            Pixels; 0 between the outer lines.
        """
        return max(self.ys[0] - y, y - self.ys[-1], 0.0)


def union(boxes: Iterable[Box]) -> Box:
    """Join boxes.

    Parameters
    ----------
    boxes : iterable of Box
        At least one.

    Returns
    -------
    Box
        The smallest one around all of them.
    """
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return Box(min(x0), min(y0), max(x1), max(y1))


def touching(column: Iterable[AnyPart], gap: float) -> Iterator[list[AnyPart]]:
    """Split the strokes of a column where they do not touch.

    Parameters
    ----------
    column : iterable of (int, Drawn)
        Strokes with their positions in the page's list of primitives, sorted by top.
    gap : float
        Pixels between two strokes that still touch.

    Yields
    ------
    list of (int, Drawn)
        Strokes that touch, from top to bottom.
    """
    run: list[AnyPart] = []
    bottom = -math.inf
    for part in column:
        box = part[1].box
        if run and box.y0 > bottom + gap:
            yield run
            run = []
        run.append(part)
        bottom = max(bottom, box.y1)
    if run:
        yield run
