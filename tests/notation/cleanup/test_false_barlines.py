from __future__ import annotations

from omr.notation.cleanup import remove_false_barlines
from omr.notation.layout.placement import place
from omr.page import Symbol
from tests.builders.pages import TOPS, barline, page, stem


def stays(symbol: Symbol) -> bool:
    return bool(remove_false_barlines(place(page(symbol))).symbols)


def test_a_barline_far_beyond_its_staves_at_both_ends_is_removed() -> None:
    assert not stays(barline(500, TOPS[0] - 23, TOPS[0] + 63))
    assert not stays(barline(500, TOPS[0] - 23, TOPS[1] + 63))


def test_a_barline_that_ends_at_a_staff_stays() -> None:
    assert stays(barline(500, TOPS[0] - 22, TOPS[0] + 63))
    assert stays(barline(500, TOPS[0] - 23, TOPS[1] + 40))
    assert stays(barline(500, TOPS[0] - 80, TOPS[0] - 40))  # touches no staff


def test_a_barline_that_opens_a_system_stays() -> None:
    assert stays(barline(50, TOPS[0] - 40, TOPS[1] + 80))


def test_other_symbols_stay() -> None:
    assert stays(stem(500, TOPS[0] - 40, TOPS[0] + 80))


def test_a_line_beside_the_staves_is_removed() -> None:
    assert not stays(barline(30, TOPS[0] - 40, TOPS[1] + 80))  # the shadow of a page's edge
    assert not stays(barline(970, TOPS[0], TOPS[0] + 40))


def test_a_barline_at_either_end_of_its_staff_stays() -> None:
    assert stays(barline(41, TOPS[0], TOPS[0] + 40))
    assert stays(barline(958, TOPS[0], TOPS[0] + 40))
