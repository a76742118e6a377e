"""Barlines and stems in one piece: a detector sees so much of a page at a time, and these may be longer.

What it finds of such a line are pieces that overlap or meet end to end. No two
barlines stand so, and no two stems overlap, so the pieces are one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.page import Box

_BESIDE = 0.2
"""How far apart the middles of two pieces of one line may be, in staff spaces; double bars are wider."""

_GAPS = {"barline": 0.5, "stem": -0.5}
"""How much of a line may be missing between two pieces, likewise; pieces of a stem overlap by so much."""

_BEYOND = 2.2
"""How far a barline may be found to reach beyond its staves, likewise: it may at one end, but not at both."""


def join_line_fragments(symbols: Sequence[PlacedSymbol], space: float) -> list[PlacedSymbol]:
    """Put pieces of barlines and of stems together that run on in each other.

    Parameters
    ----------
    symbols : sequence of PlacedSymbol
    space : float
        Staff space in pixels.

    Returns
    -------
    list of PlacedSymbol
        Everything else as it was; a line has the score of its surest piece and the longest piece's place.
    """
    pieces = [place for place in symbols if place.name.startswith(tuple(_GAPS))]
    others = [place for place in symbols if not place.name.startswith(tuple(_GAPS))]
    lines: list[list[PlacedSymbol]] = []
    for piece in sorted(pieces, key=lambda p: p.box.y0):
        above = [line for line in lines if _runs_on(line, piece, space)]
        if above:
            min(above, key=lambda line: abs(line[-1].x - piece.x)).append(piece)
        else:
            lines.append([piece])
    return others + [_whole(line) for line in lines]


def without_false_barlines(layout: PageLayout) -> list[PlacedSymbol]:
    """The symbols of a layout without "barlines" that begin and end away from staves: folds, streaks."""
    return [
        place for place in layout.symbols if not (place.name.startswith("barline") and _streak(layout, place))
    ]


def _streak(layout: PageLayout, line: PlacedSymbol) -> bool:
    if any(abs(line.x - layout.span(n)[0]) < layout.space for n in range(len(layout.staves))):
        return False  # it opens a system, and the longer a line, the less its ends are known
    edges = [layout.edges(staff, line.x) for staff in range(len(layout.staves))]
    crossed = [(top, bottom) for top, bottom in edges if top < line.box.y1 and bottom > line.box.y0]
    if not crossed:
        return False
    over, under = crossed[0][0] - line.box.y0, line.box.y1 - crossed[-1][1]
    return min(over, under) > _BEYOND * layout.space


def _runs_on(line: Sequence[PlacedSymbol], piece: PlacedSymbol, space: float) -> bool:
    """Whether a piece goes on where a line's lowest piece, the last to come, goes by or ends."""
    alike = line[0].name == piece.name and abs(line[-1].x - piece.x) < _BESIDE * space
    gap = _GAPS["stem" if piece.name == "stem" else "barline"] * space
    return alike and piece.box.y0 - max(p.box.y1 for p in line) < gap


def _whole(line: Sequence[PlacedSymbol]) -> PlacedSymbol:
    longest = max(line, key=lambda p: p.box.height)
    top, bottom = min(p.box.y0 for p in line), max(p.box.y1 for p in line)
    box = Box(longest.box.x0, top, longest.box.x1, bottom)
    return longest if len(line) == 1 else replace(longest, box=box, score=max(p.score for p in line))
