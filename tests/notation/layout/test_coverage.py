from __future__ import annotations

import pytest

from omr.notation.layout.coverage import crossed_staves, staff_coverage
from omr.notation.layout.placement import place
from omr.page import Page
from tests.builders.pages import HEIGHT, TOPS, barline, page, staff


@pytest.mark.parametrize(
    ("y0", "y1", "coverage"),
    [
        (TOPS[0], TOPS[0] + HEIGHT, 1.0),
        (TOPS[0] - 50, TOPS[0] + HEIGHT + 50, 1.0),
        (TOPS[0] + 10, TOPS[0] + HEIGHT, 0.75),
        (TOPS[0] - 10, TOPS[0] + 10, 0.25),
        (TOPS[0] + 10, TOPS[0] + 20, 0.25),
        (TOPS[0] - 20, TOPS[0] - 10, 0.0),
        (TOPS[0] + HEIGHT + 10, TOPS[1], 0.0),
    ],
)
def test_staff_coverage_is_the_share_of_the_staff_s_height(y0: float, y1: float, coverage: float) -> None:
    layout = place(page(barline(500, y0, y1)))
    assert staff_coverage(layout, layout.symbols[0], 0) == coverage


@pytest.mark.parametrize(("y0", "y1", "coverage"), [(290, 310, 1.0), (300, 310, 1.0), (301, 310, 0.0)])
def test_staff_coverage_of_one_line_is_all_or_nothing(y0: float, y1: float, coverage: float) -> None:
    drums = Page(1000, 900, (barline(500, y0, y1),), (staff(100), staff(300, lines=1)))
    layout = place(drums)
    assert staff_coverage(layout, layout.symbols[0], 1) == coverage


def test_crossed_staves_lists_staves_with_enough_coverage() -> None:
    layout = place(page(barline(500, TOPS[0] + 20, TOPS[2] + 10)))
    [line] = layout.symbols
    assert crossed_staves(layout, line, 0.5) == [0, 1]
    assert crossed_staves(layout, line, 0.6) == [1]
    assert crossed_staves(layout, line, 0.25) == [0, 1, 2]
    assert crossed_staves(layout, line, 0.25, (1, 3)) == [1]
