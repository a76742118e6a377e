from __future__ import annotations

from dataclasses import replace

import pytest

from omr.notation.layout.part_collation import PartCollation, StaffTraits, align, collate_parts, find_traits
from omr.notation.layout.placement import place
from omr.notation.layout.systems import find_systems
from omr.notation.limits import LayoutLimits
from omr.page import Box, Page, Symbol
from tests.builders.pages import barline, page

VIOLIN, VIOLA, CELLO = (StaffTraits(f"clef{sign}", 0, 1, bracketed=True) for sign in "GCF")
PIANO = (StaffTraits("clefG", 0, 2, bracketed=False), StaffTraits("clefF", 1, 2, bracketed=False))


def clef(sign: str, top: float) -> Symbol:
    return Symbol(f"clef{sign}", Box(60, top, 80, top + 40), 0.9)


def systems_page(*systems: str) -> Page:
    """A page with a system of each row of clefs, its staves joined by barlines at both ends."""
    symbols, tops, top = [], [], 50.0
    for clefs in systems:
        symbols += [barline(x, top, top + 60 * (len(clefs) - 1) + 40) for x in (50, 948)]
        for sign in clefs:
            symbols.append(clef(sign, top))
            tops.append(top)
            top += 60
        top += 80
    return page(*symbols, tops=tuple(tops))


def collation(*pages: Page) -> PartCollation:
    layouts = [place(one) for one in pages]
    return collate_parts([(layout, find_systems(layout)) for layout in layouts])


def test_collate_parts_without_systems_has_no_parts() -> None:
    assert collation() == collation(page(tops=())) == PartCollation((), {})


def test_collate_parts_takes_the_fullest_system_of_all_pages_for_the_parts() -> None:
    found = collation(systems_page("GF"), systems_page("GCF", "CF"))
    assert found.sizes == (1, 1, 1)
    assert found.staves == {(0, 0): (0, 2), (1, 0): (0, 1, 2), (1, 1): (1, 2)}


def test_part_of_counts_staves_through_parts() -> None:
    parts = PartCollation((1, 2, 1), {})
    assert [parts.part_of(staff) for staff in range(4)] == [(0, 1), (1, 1), (1, 2), (2, 1)]
    with pytest.raises(IndexError):
        parts.part_of(4)


def test_find_traits_tells_clef_place_and_bracket() -> None:
    brace = Symbol("brace", Box(30, 180, 40, 280), 0.9)
    bracket = Symbol("bracket", Box(30, 55, 38, 155), 0.9)
    layout = place(
        page(
            clef("G", 60),
            clef("C", 120),
            clef("G", 180),
            bracket,
            brace,
            barline(50, 60, 280),
            tops=(60, 120, 180, 240),
        )
    )
    [system] = find_systems(layout)
    assert find_traits(layout, system) == (
        VIOLIN,
        VIOLA,
        PIANO[0],
        StaffTraits("", 1, 2, bracketed=False),
    )


@pytest.mark.parametrize(
    ("found", "matches"),
    [
        ((VIOLIN, VIOLA, CELLO, *PIANO), (0, 1, 2, 3, 4)),
        (PIANO, (3, 4)),
        ((VIOLA,), (1,)),
        ((VIOLIN, *PIANO), (0, 3, 4)),
        ((VIOLIN, CELLO), (0, 2)),
        ((replace(VIOLA, bracketed=False),), (1,)),
        ((), ()),
    ],
)
def test_align_matches_staves_in_order_at_least_cost(
    found: tuple[StaffTraits, ...], matches: tuple[int, ...]
) -> None:
    assert align(found, (VIOLIN, VIOLA, CELLO, *PIANO)) == matches


def test_align_prefers_the_upper_of_equal_staves() -> None:
    assert align((VIOLIN,), (VIOLIN, VIOLIN)) == (0,)
    assert align((VIOLIN, VIOLIN), (VIOLA, VIOLIN, VIOLIN, VIOLIN)) == (1, 2)


def test_align_follows_its_limits() -> None:
    wanted = (PIANO[0], replace(VIOLIN, clef="clefF"))
    assert align((VIOLIN,), wanted) == (1,)
    assert align((VIOLIN,), wanted, limits=LayoutLimits(clef_cost=3.0)) == (0,)
