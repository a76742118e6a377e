from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, replace

import pytest

from omr.notation.layout.placement import place
from omr.page import Box, Page, Symbol
from tests.builders.pages import SPACE, TOPS, notehead, page, staff


def test_place_puts_a_symbol_on_the_nearest_staff() -> None:
    layout = place(page(*(notehead(300, y) for y in (90, 175, 185, 700))))
    assert [symbol.staff for symbol in layout.symbols] == [0, 0, 1, 3]
    assert [symbol.position for symbol in layout.symbols] == [-2, 15, -7, 16]


def test_place_counts_positions_from_the_middle_of_a_flat_s_bowl() -> None:
    flat = Symbol("accidentalFlat", Box(300, 100, 308, 125))
    sharp = replace(flat, name="accidentalSharp")
    places = place(page(flat, sharp)).symbols
    assert [symbol.anchor_y for symbol in places] == pytest.approx([118.25, 112.5])
    assert [symbol.position for symbol in places] == pytest.approx([3.65, 2.5])


def test_place_counts_on_from_symbols_to_low_confidence_ones() -> None:
    layout = place(page(notehead(300, 100), notehead(400, 100), low=(notehead(500, 100),)))
    assert [symbol.index for symbol in layout.symbols] == [0, 1]
    assert [symbol.index for symbol in layout.low_confidence] == [2]


def test_place_drops_symbols_without_size_or_far_off_the_page() -> None:
    boxes = [
        Box(300, 100, 300, 110),
        Box(300, 110, 310, 100),
        Box(-1200, 100, 310, 110),
        Box(300, 100, 310, 1900),
        Box(math.nan, 100, 310, 110),
        Box(-900, 100, 310, 110),
    ]
    layout = place(page(*(Symbol("noteheadBlack", box) for box in boxes)))
    assert [symbol.index for symbol in layout.symbols] == [5]


def test_place_without_staves_has_no_symbols() -> None:
    layout = place(page(notehead(300, 100), tops=()))
    assert layout.symbols == () and layout.space == 1.0


def test_place_levels_a_skewed_page() -> None:
    skewed = Page(
        1000,
        900,
        tuple(
            Symbol("barline", Box(x - 2, y0, x + 2, y0 + 40)) for x, y0 in ((503.0, 110.0), (493.0, 610.0))
        ),
        (staff(100, fall=18), staff(600, fall=18)),
    )
    layout = place(skewed)
    assert layout.slope == pytest.approx(0.02)
    first, second = layout.symbols
    assert first.x == pytest.approx(second.x) == pytest.approx(503 + 0.02 * 130)
    assert layout.on_image(second.x, second.y) == pytest.approx(493)
    assert first.box.width == pytest.approx(4 - 0.02 * 40)
    assert layout.span(1)[0] == pytest.approx(50 + 0.02 * (620 + 9))


def test_place_takes_the_only_line_of_a_staff_for_the_middle_one() -> None:
    drums = Page(1000, 900, (notehead(300, 300), notehead(300, 305)), (staff(100), staff(300, lines=1)))
    layout = place(drums)
    assert [(symbol.staff, symbol.position) for symbol in layout.symbols] == [(1, 4.0), (1, 5.0)]
    assert layout.space == SPACE
    assert layout.position(1, 300, 295) == 3.0


def test_layout_on_staff_gives_the_position_there() -> None:
    layout = place(page(notehead(300, 175)))
    [head] = layout.symbols
    assert layout.on_staff(head, 0) is head
    seen = layout.on_staff(head, 1)
    assert (seen.staff, seen.position, seen.index) == (1, -9, head.index)


def test_layout_named_lists_symbols_from_left_to_right_by_prefix() -> None:
    layout = place(
        page(notehead(400, 100), notehead(300, 100, "noteheadHalf"), notehead(200, 100, "rest8th"))
    )
    assert [symbol.index for symbol in layout.named("notehead")] == [1, 0]
    assert [symbol.index for symbol in layout.named("notehead", "rest")] == [2, 1, 0]


def test_layout_with_symbols_leaves_the_first_layout_alone() -> None:
    layout = place(page(notehead(300, TOPS[0])))
    assert layout.by_name.keys() == {"noteheadBlack"}
    assert layout.with_symbols(()).by_name == {}
    assert len(layout.symbols) == 1
    with pytest.raises(FrozenInstanceError):
        layout.symbols = ()  # type: ignore[misc]


def test_placed_symbol_equals_only_itself() -> None:
    [head] = place(page(notehead(300, TOPS[0]))).symbols
    assert head != replace(head)
    assert len({head, head, replace(head)}) == 2
