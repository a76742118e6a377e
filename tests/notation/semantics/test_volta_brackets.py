"""The measures that a volta covers and the numbers of voltas without digits."""

from __future__ import annotations

from omr.notation import pipeline
from omr.notation.semantics.volta_brackets import find_barlines
from omr.page import Box, Page, Symbol
from omr.score import Barline
from tests.builders.pages import HEIGHT, SPACE, barline, notehead, stem
from tests.builders.pages import page as page_of

TOP = 100.0
ENDS = (250.0, 450.0, 650.0, 850.0)
"""The right ends of the four measures, in pixels; the staff starts at 50."""


def repeat(x: float) -> list[Symbol]:
    """The sign that closes a repeat, its heavy line at `x`."""
    dots = [Box(x - 10, TOP + y * SPACE - 2, x - 6, TOP + y * SPACE + 2) for y in (1.5, 2.5)]
    heavy = Symbol("barlineHeavy", Box(x, TOP, x + 5, TOP + HEIGHT), 0.9)
    return [heavy, *(Symbol("repeatDot", dot, 0.9) for dot in dots)]


def bracket(x0: float, x1: float) -> Symbol:
    return Symbol("voltaBracket", Box(x0, TOP - 40, x1, TOP - 20), 0.9)


def sides(*more: Symbol, closed: int | None = None) -> list[tuple[Barline, Barline]]:
    """Both barlines of four measures of a note each, the one of number `closed` repeated."""
    symbols = [s for x in ENDS for s in (notehead(x - 100, TOP + 20), stem(x - 94, TOP - 15, TOP + 20))]
    for number, x in enumerate(ENDS):
        symbols += repeat(x) if number == closed else [barline(x, TOP, TOP + HEIGHT)]
    pages: list[Page] = [page_of(*symbols, *more, tops=(TOP,))]
    piece = pipeline.link(pages)
    return list(find_barlines(piece.drafts, piece.pages))


def test_barlines_without_brackets_have_no_endings() -> None:
    found = sides(closed=1)
    assert [right.repeat for _, right in found] == ["", "backward", "", ""]
    assert not any(side.ending for both in found for side in both)


def test_a_bracket_over_a_repeat_is_a_first_volta_that_stops() -> None:
    found = sides(bracket(255, 445), closed=1)
    assert (found[1][0].ending, found[1][0].ending_numbers) == (("start",), (1,))
    assert (found[1][1].ending, found[1][1].ending_numbers) == (("stop",), (1,))


def test_a_bracket_after_a_repeat_is_a_second_volta_that_is_left_open() -> None:
    found = sides(bracket(455, 645), closed=1)
    assert (found[2][0].ending, found[2][0].ending_numbers) == (("start",), (2,))
    assert (found[2][1].ending, found[2][1].ending_numbers) == (("discontinue",), (2,))


def test_brackets_side_by_side_are_counted_on() -> None:
    found = sides(bracket(255, 445), bracket(455, 845), closed=1)
    assert [left.ending_numbers for left, _ in found] == [(), (1,), (2,), ()]
    assert found[3][1].ending == ("discontinue",) and found[2][1].ending == ()


def test_a_bracket_covers_no_measure_that_it_only_touches() -> None:
    found = sides(bracket(255, 480), closed=1)
    assert [bool(left.ending or right.ending) for left, right in found] == [False, True, False, False]
