"""Find octave lines: the stretch of a staff that each shifts by an octave."""

from __future__ import annotations

from dataclasses import dataclass

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.limits import SpanLimits
from omr.vocabulary.staves import MIDDLE_LINE


@dataclass(frozen=True)
class OctaveLine:
    """A line under or over which notes sound an octave away from where they are written.

    Attributes
    ----------
    symbol : PlacedSymbol
    staff : int
        Index of its staff within the page.
    x0, x1 : float
        The middles of chords under the line lie between, in level pixels.
    octaves : int
        1 for a line above the staff: notes sound higher than written; -1 for a line below.
    """

    symbol: PlacedSymbol
    staff: int
    x0: float
    x1: float
    octaves: int


def find_octave_lines(layout: PageLayout, limits: SpanLimits) -> tuple[OctaveLine, ...]:
    """Find the octave lines of a page.

    Parameters
    ----------
    layout : PageLayout
    limits : SpanLimits

    Returns
    -------
    tuple of OctaveLine
        From left to right.
    """
    margin = limits.octave_margin * layout.space
    return tuple(
        OctaveLine(
            line,
            line.staff,
            line.box.x0 - margin,
            line.box.x1 + margin,
            1 if line.position < MIDDLE_LINE else -1,
        )
        for line in layout.by_name.get("ottavaBracket", ())
    )
