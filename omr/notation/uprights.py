"""Barlines in one piece: a detector sees so much of a page at a time, and a line through a system is longer.

What it finds of such a line are pieces that overlap or meet end to end. No two
barlines stand so, so the pieces are one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from omr.notation.sheet import Place
from omr.page import Box

_BESIDE = 0.2
"""How far apart the middles of two pieces of one line may be, in staff spaces; double bars are wider."""

_GAP = 0.5
"""How much of a line may be missing between two pieces, likewise."""


def whole_barlines(places: Sequence[Place], space: float) -> list[Place]:
    """Put pieces of barlines together that run on in each other.

    Parameters
    ----------
    places : sequence of Place
    space : float
        Staff space in pixels.

    Returns
    -------
    list of Place
        Everything else as it was; a line has the score of its surest piece and the longest piece's place.
    """
    pieces = [place for place in places if place.name.startswith("barline")]
    others = [place for place in places if not place.name.startswith("barline")]
    lines: list[list[Place]] = []
    for piece in sorted(pieces, key=lambda p: p.box.y0):
        above = [line for line in lines if _runs_on(line, piece, space)]
        if above:
            min(above, key=lambda line: abs(line[-1].x - piece.x)).append(piece)
        else:
            lines.append([piece])
    return others + [_whole(line) for line in lines]


def _runs_on(line: Sequence[Place], piece: Place, space: float) -> bool:
    """Whether a piece goes on where a line's lowest piece, the last to come, goes by or ends."""
    alike = line[0].name == piece.name and abs(line[-1].x - piece.x) < _BESIDE * space
    return alike and piece.box.y0 - max(p.box.y1 for p in line) < _GAP * space


def _whole(line: Sequence[Place]) -> Place:
    longest = max(line, key=lambda p: p.box.height)
    top, bottom = min(p.box.y0 for p in line), max(p.box.y1 for p in line)
    box = Box(longest.box.x0, top, longest.box.x1, bottom)
    return longest if len(line) == 1 else replace(longest, box=box, score=max(p.score for p in line))
