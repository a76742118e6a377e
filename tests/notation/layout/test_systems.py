from __future__ import annotations

from dataclasses import replace

import pytest

from omr.notation.cleanup import clean
from omr.notation.layout.placement import place
from omr.notation.layout.system_evidence import StaffPairEvidence
from omr.notation.layout.systems import find_systems, group_staves
from omr.notation.limits import LayoutLimits
from omr.page import Box, Page, Symbol
from tests.builders.pages import TOPS, barline, barlines, page


def systems(read: Page) -> list[tuple[int, ...]]:
    return [system.staves for system in find_systems(clean(place(read)))]


# --- the decision ---

ALONE = StaffPairEvidence(0, 8.0)
IN_LINE = replace(ALONE, barlines_in_line=3, share_in_line=1.0)


def test_group_staves_without_evidence_is_one_staff() -> None:
    assert group_staves([]) == [(0,)]
    assert group_staves([ALONE]) == [(0,), (1,)]


@pytest.mark.parametrize("symbol", ["barline", "brace", "bracket"])
def test_group_staves_joins_staves_under_one_symbol(symbol: str) -> None:
    assert group_staves([replace(ALONE, **{symbol: True})]) == [(0, 1)]


def test_group_staves_between_brackets_needs_an_opening_barline() -> None:
    between = replace(ALONE, barline=True, separate_brackets=True)
    assert group_staves([between]) == [(0,), (1,)]
    assert group_staves([replace(between, opening_barline=True)]) == [(0, 1)]


def test_group_staves_joins_staves_with_barlines_in_line() -> None:
    assert group_staves([IN_LINE]) == [(0, 1)]
    for weaker in (
        replace(IN_LINE, barlines_in_line=2),
        replace(IN_LINE, share_in_line=0.7),
        replace(IN_LINE, gap=12.0),
        replace(IN_LINE, opened_apart=True),
    ):
        assert group_staves([weaker]) == [(0,), (1,)]


def test_group_staves_joins_grouped_staves_in_line_only_where_they_are_near() -> None:
    joined = [replace(ALONE, upper=0, gap=5.0, brace=True), replace(ALONE, upper=2, gap=5.0, brace=True)]
    far, near = (replace(IN_LINE, upper=1, gap=gap) for gap in (6.0, 5.5))
    assert group_staves([joined[0], far, joined[1]]) == [(0, 1), (2, 3)]
    assert group_staves([joined[0], near, joined[1]]) == [(0, 1, 2, 3)]


def test_group_staves_follows_its_limits() -> None:
    limits = LayoutLimits(min_barlines_in_line=4)
    assert group_staves([IN_LINE], limits=limits) == [(0,), (1,)]


# --- whole pages ---


def test_find_systems_without_staves_finds_none() -> None:
    assert systems(page(tops=())) == []


def test_find_systems_gives_parts_and_ends() -> None:
    brace = Symbol("brace", Box(36, 220, 44, 540), 0.9)
    [system, rest] = find_systems(place(page(brace, barline(50, 100, 540))))
    assert (system.staves, system.parts) == ((0, 1, 2), ((0,), (1, 2)))
    assert (system.x0, system.x1) == (50, 950)
    assert rest.parts == ((3,),)


def test_find_systems_joins_staves_by_the_fragments_of_a_barline() -> None:
    fragments = (barline(50, 95, 150), barline(50.5, 130, 215, 0.7), barline(49.5, 212, 262))
    assert systems(page(*fragments)) == [(0, 1), (2,), (3,)]


def test_find_systems_does_not_join_by_barlines_apart_or_beside_each_other() -> None:
    assert systems(page(barline(50, 95, 150), barline(50, 205, 262))) == [(0,), (1,), (2,), (3,)]
    assert systems(page(barline(50, 95, 190), barline(56, 180, 262))) == [(0,), (1,), (2,), (3,)]


def test_find_systems_joins_by_a_barline_whose_ends_were_cut_off() -> None:
    assert systems(page(barline(50, 126, 234))) == [(0, 1), (2,), (3,)]
    assert systems(page(barline(50, 126, 226))) == [(0,), (1,), (2,), (3,)]


def test_find_systems_under_two_brackets_needs_an_opening_barline() -> None:
    tops = (100.0, 180.0, 270.0, 350.0)
    brackets = [Symbol("bracket", Box(36, y, 44, y + 120), 0.9) for y in (100, 270)]
    assert systems(page(*brackets, barline(948, 100, 390), tops=tops)) == [(0, 1), (2, 3)]
    assert systems(page(*brackets, barline(50, 100, 390), tops=tops)) == [(0, 1, 2, 3)]


def test_find_systems_joins_by_barlines_in_line() -> None:
    upper, lower = barlines(TOPS[:2], 300, 500, 700, 948), barlines(TOPS[2:], 250, 400, 600, 948)
    assert systems(page(*upper, *lower)) == [(0, 1), (2, 3)]
    assert systems(page(barline(50, 100, 260), *upper, *lower)) == [(0, 1), (2, 3)]
    assert systems(page(*upper[:-2], *upper[-1:], *lower)) == [(0, 1), (2, 3)]  # one was not detected


def test_find_systems_keeps_systems_apart_whose_barlines_are_in_line_by_chance() -> None:
    tops = (100.0, 180.0, 270.0, 350.0)
    joining = (barline(50, 100, 220), barline(50, 270, 390))
    assert systems(page(*joining, *barlines(tops, 300, 500, 700, 948), tops=tops)) == [(0, 1), (2, 3)]


def test_find_systems_joins_a_near_staff_by_two_barlines_in_line() -> None:
    tops = (100.0, 160.0, 220.0, 400.0)
    joining = Symbol("bracket", Box(36, 160, 44, 260), 0.9)
    assert systems(page(joining, *barlines(tops, 500, 948), tops=tops)) == [(0, 1, 2), (3,)]
    assert systems(page(joining, *barlines(tops[:1], 300, 948), tops=tops)) == [(0,), (1, 2), (3,)]
