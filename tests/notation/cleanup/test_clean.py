from __future__ import annotations

from dataclasses import replace

from omr.notation.cleanup import clean
from omr.notation.layout.placement import place
from omr.notation.limits import CleanupLimits, Limits
from omr.page import Box, Symbol
from tests.builders.pages import TOPS, barline, notehead, page, staff, stem


def test_clean_of_a_page_without_staves_is_empty() -> None:
    assert clean(place(page(notehead(300, 100), tops=()))).symbols == ()


def test_clean_runs_every_stage() -> None:
    beam = Symbol("beam", Box(200, 100, 240, 105), 0.3)
    read = replace(
        page(
            stem(200),
            stem(239),
            barline(300, TOPS[0], TOPS[0] + 30),
            barline(300, TOPS[0] + 25, TOPS[0] + 40),
            Symbol("clefG", Box(60, 90, 80, 150), 0.9),
            Symbol("clefC", Box(61, 91, 80, 150), 0.5),
            barline(600, TOPS[0] - 40, TOPS[1] + 80),
            low=(beam,),
        ),
        staves=(staff(TOPS[0]), staff(160, 600, 700), staff(TOPS[1])),
    )
    layout = clean(place(read))
    assert sorted(symbol.index for symbol in layout.symbols) == [0, 1, 2, 4, 7]
    assert len(layout.staves) == 2


def test_clean_joins_fragments_after_confirming_and_before_suppressing() -> None:
    fragment = barline(500, TOPS[0], TOPS[0] + 40)
    low = barline(500.5, TOPS[1], TOPS[1] + 40, 0.3)  # in line with the fragment above
    between = barline(500, TOPS[0] + 38, TOPS[1] + 4)
    [whole] = clean(place(page(fragment, between, low=(low,)))).symbols
    assert (whole.box.y0, whole.box.y1) == (TOPS[0], TOPS[1] + 40)


def test_clean_passes_its_limits_on() -> None:
    read = replace(page(), staves=(staff(100), staff(160, 600, 750), staff(220)))
    assert len(clean(place(read)).staves) == 2
    assert len(clean(place(read), limits=Limits(cleanup=CleanupLimits(short_staff_ratio=0.1))).staves) == 3
