from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from omr.notation.layout.barlines import find_barline_columns
from omr.notation.layout.measures import MeasureRegion, find_measures
from omr.notation.layout.placement import PageLayout, PlacedSymbol, place
from omr.notation.layout.systems import System, lay_out_piece
from omr.page import Box, Page, Symbol
from omr.score import Barline
from tests.builders.pages import TOPS, barline, barlines, notehead, page, staff

ONE = TOPS[:1]


def measures(*symbols: Symbol, tops: tuple[float, ...] = ONE) -> list[MeasureRegion]:
    layout = place(page(*symbols, tops=tops))
    [[system]] = lay_out_piece([layout]).systems
    return find_measures(layout, system, contents(layout))


def contents(layout: PageLayout) -> dict[int, list[PlacedSymbol]]:
    return {n: [s for s in layout.symbols if s.staff == n] for n in range(len(layout.staves))}


def edges(regions: Sequence[MeasureRegion]) -> list[tuple[float, float]]:
    return [(region.x0, region.x1) for region in regions]


def heads(*xs: float) -> list[Symbol]:
    return [notehead(x, TOPS[0] + 20) for x in xs]


def stroke(x: float, name: str = "barline", width: float = 2) -> Symbol:
    return Symbol(name, Box(x, TOPS[0], x + width, TOPS[0] + 40), 0.9)


def dots(x: float) -> list[Symbol]:
    return [Symbol("repeatDot", Box(x, y, x + 4, y + 4), 0.9) for y in (TOPS[0] + 13, TOPS[0] + 23)]


def test_measures_end_at_barlines_and_beyond_open_ends() -> None:
    regions = measures(*heads(200, 500, 800), *barlines(ONE, 349, 649))
    assert edges(regions) == [(35, 350), (350, 650), (650, 965)]
    assert [[s.x for s in region.symbols[0] if s.name != "barline"] for region in regions] == [
        [200],
        [500],
        [800],
    ]


def test_measures_ignore_a_barline_of_fewer_than_half_of_the_staves() -> None:
    tops = (100.0, 160.0, 220.0)
    brace = Symbol("brace", Box(30, 100, 40, 260), 0.9)
    one, two = barlines(tops[:1], 499), barlines(tops[:2], 699)
    regions = measures(brace, *heads(200, 600, 800), *one, *two, tops=tops)
    assert edges(regions) == [(35, 700), (700, 965)]


def test_measures_end_at_a_barline_that_covers_half_of_its_staff() -> None:
    halves = barline(399, 100, 120), barline(599, 100, 119)
    assert edges(measures(*heads(200, 500, 800), *halves)) == [(35, 400), (400, 965)]


def test_a_narrow_region_without_notes_belongs_to_the_next_measure() -> None:
    regions = measures(*heads(200, 800), *barlines(ONE, 349, 399))
    assert edges(regions) == [(35, 350), (350, 965)]


def test_a_wide_region_without_notes_is_a_measure() -> None:
    assert len(measures(*heads(200, 800), *barlines(ONE, 349, 449))) == 3


def test_the_region_after_the_last_measure_only_gives_its_barline() -> None:
    regions = measures(*heads(200), stroke(849), stroke(937), stroke(943, "barlineHeavy", 6))
    assert edges(regions) == [(35, 850)]
    assert regions[0].right.style == "light-heavy"


@pytest.mark.parametrize(
    ("strokes", "style"),
    [
        ([stroke(500)], "regular"),
        ([stroke(500), stroke(505)], "light-light"),
        ([stroke(500), stroke(505, "barlineHeavy", 5)], "light-heavy"),
        ([stroke(500), stroke(505, "barlineHeavy", 3)], "light-light"),
        ([stroke(500, "barlineHeavy", 5)], "heavy"),
        ([stroke(500, "barlineDashed")], "dashed"),
        ([stroke(500), stroke(504), stroke(508)], "light-light"),
        ([stroke(500, "barlineHeavy", 5), stroke(508, "barlineHeavy", 5)], "heavy-heavy"),
    ],
)
def test_measures_name_the_style_of_a_barline(strokes: list[Symbol], style: str) -> None:
    first, _ = measures(*heads(200, 700), *strokes, *barlines(ONE, 50, 940, 945))
    assert first.right.style == style


def test_a_barline_cut_between_two_staves_is_one_stroke() -> None:
    tops = (100.0, 160.0)
    brace = Symbol("brace", Box(30, 100, 40, 200), 0.9)
    cut = barline(499, 100, 140), barline(500, 160, 200)
    first, _ = measures(brace, *heads(200, 700), *cut, tops=tops)
    assert first.right.style == "regular"


def test_measures_begin_and_end_at_repeat_dots() -> None:
    ending = [*dots(490), stroke(500), stroke(505, "barlineHeavy", 5)]
    beginning = [stroke(600, "barlineHeavy", 5), stroke(609), *dots(615)]
    plain = barlines(ONE, 50, 400, 940)
    *_, before, after = measures(*heads(200, 450, 700), *ending, *plain)
    assert (before.right, after.left) == (Barline("light-heavy", "backward"), Barline())
    *_, before, after = measures(*heads(200, 450, 700), *beginning, *plain)
    assert (before.right, after.left) == (Barline(), Barline("regular", "forward"))
    *_, before, after = measures(*heads(200, 450, 700), *ending[:1], *ending[2:], *plain)
    assert before.right.repeat == ""


def test_measures_of_a_staff_of_one_line_end_at_its_barlines() -> None:
    symbols = notehead(200, 100), notehead(700, 100), barline(499, 90, 110)
    layout = place(replace(page(*symbols), staves=(staff(100, lines=1), staff(400))))
    [[system, _]] = lay_out_piece([layout]).systems
    assert edges(find_measures(layout, system, contents(layout))) == [(35, 500), (500, 965)]


def test_measures_of_a_system_narrower_than_its_margins_are_none() -> None:
    narrow = Page(1000, 900, (barline(110, 100, 140),), (staff(100, 100, 120),))
    layout = place(narrow)
    [[system]] = lay_out_piece([layout]).systems
    assert find_measures(layout, system, {}) == []


def test_barline_columns_gather_strokes_on_all_staves() -> None:
    layout = place(
        page(barline(50, 100, 260), *barlines(TOPS[:1], 500, 506), barline(503, 220, 260), tops=TOPS[:2])
    )
    opening, double = find_barline_columns(layout, System((0, 1), ((0,), (1,)), 50, 950))
    assert [stroke.staves for stroke in opening.strokes] == [(0, 1)]
    assert [stroke.staves for stroke in double.strokes] == [(0,), (1,), (0,)]
    assert (double.x0, double.x1, double.staves) == (500, 508, frozenset({0, 1}))
