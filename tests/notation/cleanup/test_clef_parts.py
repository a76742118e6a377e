from __future__ import annotations

from omr.notation.cleanup import remove_clef_parts
from omr.notation.layout.placement import place
from omr.page import Box, Symbol
from tests.builders.pages import TOPS, notehead, page

CLEF = Symbol("clefG", Box(60, TOPS[0] - 10, 85, TOPS[0] + 60), 0.9)
BALL = notehead(68, TOPS[0] + 54)


def names(*symbols: Symbol) -> list[str]:
    return [s.name for s in remove_clef_parts(place(page(*symbols))).symbols]


def test_the_ball_of_a_clef_is_no_notehead() -> None:
    assert names(CLEF, BALL) == ["clefG"]


def test_a_notehead_beside_a_clef_stays() -> None:
    assert names(CLEF, notehead(91, TOPS[0] + 54)) == ["clefG", "noteheadBlack"]


def test_a_clef_with_a_low_score_removes_nothing() -> None:
    weak = Symbol(CLEF.name, CLEF.box, 0.2)
    assert names(weak, BALL) == ["clefG", "noteheadBlack"]
