from __future__ import annotations

from dataclasses import replace

from omr.notation.cleanup import correct_small_heads
from omr.notation.layout.placement import place
from omr.page import Symbol
from tests.builders.pages import TOPS, notehead, page

FULL = [notehead(100 + 30 * n, TOPS[0] + 10) for n in range(12)]


def small(x: float, ratio: float) -> Symbol:
    """A head called small, `ratio` times as high as the full ones."""
    head = notehead(x, TOPS[0] + 10, "noteheadBlackSmall")
    height = ratio * FULL[0].box.height
    y = head.box.centre[1]
    return replace(head, box=head.box._replace(y0=y - height / 2, y1=y + height / 2))


def names(*symbols: Symbol) -> list[str]:
    return [s.name for s in correct_small_heads(place(page(*symbols))).symbols]


def test_a_small_head_as_high_as_the_others_is_of_full_size() -> None:
    assert names(*FULL, small(700, 0.95))[-1] == "noteheadBlack"


def test_a_small_head_that_is_small_stays() -> None:
    assert names(*FULL, small(700, 0.7))[-1] == "noteheadBlackSmall"


def test_where_nearly_all_heads_are_called_small_the_page_s_own_heads_tell() -> None:
    called_small = [small(100 + 30 * n, 1.0) for n in range(12)]
    assert set(names(*called_small)) == {"noteheadBlack"}


def test_a_page_without_small_heads_stays_as_it_is() -> None:
    layout = place(page(*FULL))
    assert correct_small_heads(layout) is layout
