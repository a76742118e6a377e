from __future__ import annotations

from dataclasses import replace

from omr.notation.cleanup import remove_false_staves
from omr.notation.layout.placement import place
from omr.notation.limits import CleanupLimits, Limits
from omr.page import Box, Page, Staff, Symbol
from tests.builders.pages import notehead, page, staff


def kept(read: Page, limits: Limits = Limits()) -> tuple[Staff, ...]:
    return remove_false_staves(place(read), limits=limits).staves


def between(x0: float, x1: float, *symbols: Symbol) -> Page:
    """Two whole staves and a third between them from `x0` to `x1`."""
    return replace(page(*symbols), staves=(staff(100), staff(160, x0, x1), staff(220)))


def test_a_short_staff_without_clef_is_removed() -> None:
    read = between(600, 750)
    assert kept(read) == (read.staves[0], read.staves[2])


def test_a_short_staff_with_a_clef_stays() -> None:
    clef = Symbol("clefG", Box(605, 155, 630, 215))
    assert len(kept(between(600, 750, clef))) == 3
    indented = replace(clef, box=Box(580, 155, 605, 215))
    assert len(kept(between(600, 750, indented))) == 3
    before = replace(clef, box=Box(575, 155, 600, 215))
    assert len(kept(between(600, 750, before))) == 2


def test_a_staff_of_more_than_half_the_usual_length_stays() -> None:
    assert len(kept(between(450, 950))) == 3
    assert len(kept(between(500, 950))) == 2
    assert len(kept(between(500, 950), Limits(cleanup=CleanupLimits(short_staff_ratio=0.4)))) == 3


def test_the_only_staff_of_a_page_stays() -> None:
    assert len(kept(replace(page(), staves=(staff(100, 600, 610),)))) == 1


def test_symbols_of_a_removed_staff_move_to_the_next_one() -> None:
    read = replace(between(600, 750, notehead(700, 175)), low_confidence=(notehead(700, 205),))
    assert [place(read).symbols[0].staff, place(read).low_confidence[0].staff] == [1, 1]
    layout = remove_false_staves(place(read))
    assert [(s.staff, s.position) for s in layout.symbols] == [(0, 15)]
    assert [(s.staff, s.position) for s in layout.low_confidence] == [(1, -3)]
