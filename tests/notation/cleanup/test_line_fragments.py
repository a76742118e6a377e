from __future__ import annotations

from omr.notation.cleanup import join_line_fragments
from omr.notation.layout.placement import PlacedSymbol, place
from omr.page import Box, Symbol
from tests.builders.pages import barline, notehead, page


def joined(*symbols: Symbol) -> list[PlacedSymbol]:
    return list(join_line_fragments(place(page(*symbols))).symbols)


def line(x: float, y0: float, y1: float, name: str = "stem") -> Symbol:
    return Symbol(name, Box(x, y0, x + 2, y1), 0.9)


def test_fragments_of_a_barline_that_meet_are_joined() -> None:
    [whole] = joined(barline(50, 95, 150, 0.7), barline(51, 154, 215, 0.9), barline(50, 200, 260, 0.8))
    assert whole.box == Box(51, 95, 53, 260)  # the longest one's x
    assert (whole.index, whole.score) == (1, 0.9)


def test_fragments_far_apart_or_beside_each_other_stay() -> None:
    assert len(joined(barline(50, 95, 150), barline(50, 155, 260))) == 2
    assert len(joined(barline(50, 95, 150), barline(52, 140, 260))) == 2
    assert len(joined(barline(50, 95, 150), line(50, 140, 260, "barlineHeavy"))) == 2


def test_fragments_of_a_stem_must_overlap() -> None:
    [whole] = joined(line(212, 70, 115), line(212.5, 78, 138))
    assert (whole.box.y0, whole.box.y1) == (70, 138)
    assert len(joined(line(212, 70, 115), line(212.5, 112, 150))) == 2


def test_a_fragment_continues_the_nearest_line() -> None:
    first, second = joined(barline(50, 100, 150), barline(53, 100, 150), barline(51.6, 145, 200))
    assert (first.box.y1, second.box.y1) == (150, 200)


def test_other_symbols_come_first_and_stay_as_they_are() -> None:
    found = joined(barline(50, 95, 150), notehead(300, 100), notehead(300, 105))
    assert [symbol.index for symbol in found] == [1, 2, 0]
