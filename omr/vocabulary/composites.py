"""Symbols that MUSCIMA++ makes of others: tuplets with their digits, beams that are tremolo strokes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from omr.page import Box, Symbol

_HEAD_REACH = 0.25
"""Gap, in heights of the smallest half notehead, over which a stem counts as touching. Release 0.1.0."""


def tuplet_groups(symbols: Sequence[Symbol]) -> Iterator[Symbol]:
    """Join the digits of each tuplet with the bracket that they stand in.

    Parameters
    ----------
    symbols : sequence of Symbol
        In core names.

    Yields
    ------
    Symbol
        Named ``tuple``, as in MUSCIMA++.
    """
    digits = [s for s in symbols if s.name.startswith("tuplet") and s.name[-1].isdigit()]
    brackets = [s.box for s in symbols if s.name == "tupletBracket"]
    numbers: list[Symbol] = []
    for digit in sorted(digits, key=lambda s: s.box.x0):
        reach = digit.box.height / 2
        last = next((n for n in numbers if _near(n.box, digit.box, reach) and digit.box.x0 >= n.box.x0), None)
        if last:
            numbers.remove(last)
        numbers.append(replace(digit, box=last.box.joined(digit.box)) if last else digit)
    for number in numbers:
        around = (b for b in brackets if b.x0 <= number.box.centre[0] <= b.x1)
        bracket = next((b for b in around if _near(b, number.box, number.box.height / 2)), number.box)
        yield Symbol("tuple", number.box.joined(bracket), number.score)


def tremolo_beams(symbols: Sequence[Symbol]) -> Iterator[int]:
    """Find the beams that are strokes of a tremolo: all noteheads on their stems are half notes'.

    Parameters
    ----------
    symbols : sequence of Symbol
        In core names.

    Yields
    ------
    int
        Index into `symbols`.
    """
    halves = [s.box for s in symbols if s.name == "noteheadHalf"]
    if not halves:
        return
    reach = _HEAD_REACH * min(box.height for box in halves)
    others = [s.box for s in symbols if s.name.startswith("notehead") and s.name != "noteheadHalf"]
    stems = [s.box for s in symbols if s.name == "stem"]
    of_halves = [stem for stem in stems if any(_near(stem, head, reach) for head in halves)]
    for i, symbol in enumerate(symbols):
        if symbol.name == "beam" and any(_near(stem, symbol.box, reach) for stem in of_halves):
            joined = [stem for stem in stems if _near(stem, symbol.box, reach)]
            if not any(_near(stem, head, reach) for stem in joined for head in others):
                yield i


def _near(a: Box, b: Box, reach: float) -> bool:
    """Tell whether boxes are at most `reach` pixels apart."""
    return max(a.x0, b.x0) - min(a.x1, b.x1) <= reach and max(a.y0, b.y0) - min(a.y1, b.y1) <= reach
