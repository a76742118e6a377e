"""Accidentals and the heads that they alter."""

from __future__ import annotations

from omr.notation.limits import AccidentalLimits
from omr.notation.linking.accidentals import match_accidentals
from omr.page import Box, Symbol
from tests.builders.pages import SPACE, TOPS, linked_page, notehead, page, stem

FIRST, SECOND = 130.0, 160.0
"""Middles of two heads, in pixels."""


def sharp(x: float, y: float) -> Symbol:
    """A sharp around a point."""
    return Symbol("accidentalSharp", Box(x - 4, y - 13, x + 4, y + 13), 0.9)


def altered(accidental: Symbol, *heads: Symbol) -> list[tuple[float, float]]:
    """The middles of the heads that an accidental alters."""
    linked = linked_page(
        page(accidental, *heads, *(stem(h.box.x1 - 1, h.box.y0 - 30, h.box.y1) for h in heads))
    )
    matched = match_accidentals(linked.layout, linked.chords, set(), AccidentalLimits())
    return [(head.x, head.y) for head in matched]


def test_match_accidentals_takes_the_head_of_its_height() -> None:
    y = TOPS[0] + 2 * SPACE
    assert altered(sharp(FIRST - 14, y), notehead(FIRST, y), notehead(SECOND, y)) == [(FIRST, y)]


def test_match_accidentals_does_not_pass_the_next_chord_for_a_little_height() -> None:
    y = TOPS[0] + 2 * SPACE
    first, second = notehead(FIRST, y + 0.6 * SPACE), notehead(SECOND, y)
    assert altered(sharp(FIRST - 14, y), first, second) == [(FIRST, y + 0.6 * SPACE)]


def test_match_accidentals_passes_a_chord_that_is_far_off() -> None:
    y = TOPS[0] + 2 * SPACE
    first, second = notehead(FIRST, y + 2 * SPACE), notehead(SECOND, y)
    assert altered(sharp(FIRST - 14, y), first, second) == [(SECOND, y)]
