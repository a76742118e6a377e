from __future__ import annotations

from omr.notation.cleanup import clean
from omr.notation.layout.placement import place
from omr.notation.layout.systems import System, lay_out_piece
from omr.page import Box, Page, Symbol
from tests.builders.pages import TOPS, barline, barlines, page


def found(read: Page) -> list[System]:
    [systems] = lay_out_piece([clean(place(read))]).systems
    return list(systems)


def systems(read: Page) -> list[tuple[int, ...]]:
    return [system.staves for system in found(read)]


def test_lay_out_piece_without_staves_finds_none() -> None:
    assert systems(page(tops=())) == []


def test_lay_out_piece_gives_parts_and_ends() -> None:
    brace = Symbol("brace", Box(36, 220, 44, 540), 0.9)
    [system, rest] = found(page(brace, barline(50, 100, 540)))
    assert (system.staves, system.parts) == ((0, 1, 2), ((0,), (1, 2)))
    assert (system.x0, system.x1) == (50, 950)
    assert rest.parts == ((3,),)


def test_lay_out_piece_joins_staves_by_the_fragments_of_a_barline() -> None:
    fragments = [
        fragment
        for y in (0, 400)
        for fragment in (
            barline(50, 95 + y, 150 + y),
            barline(50.5, 130 + y, 215 + y, 0.7),
            barline(49.5, 212 + y, 262 + y),
        )
    ]
    assert systems(page(*fragments)) == [(0, 1), (2, 3)]


def test_lay_out_piece_does_not_join_by_barlines_apart_or_beside_each_other() -> None:
    assert systems(page(barline(50, 95, 150), barline(50, 205, 262))) == [(0,), (1,), (2,), (3,)]
    assert systems(page(barline(50, 95, 190), barline(56, 180, 262))) == [(0,), (1,), (2,), (3,)]


def test_lay_out_piece_joins_by_a_barline_whose_ends_were_cut_off() -> None:
    assert systems(page(barline(50, 126, 234), barline(50, 526, 634))) == [(0, 1), (2, 3)]
    assert systems(page(barline(50, 126, 226), barline(50, 526, 626))) == [(0,), (1,), (2,), (3,)]


def test_lay_out_piece_under_two_brackets_needs_an_opening_barline() -> None:
    tops = (100.0, 180.0, 270.0, 350.0)
    brackets = [Symbol("bracket", Box(36, y, 44, y + 120), 0.9) for y in (100, 270)]
    assert systems(page(*brackets, barline(948, 100, 390), tops=tops)) == [(0, 1), (2, 3)]
    assert systems(page(*brackets, barline(50, 100, 390), tops=tops)) == [(0, 1, 2, 3)]


def test_lay_out_piece_joins_by_uneven_barlines_in_line() -> None:
    upper = barlines(TOPS[:2], 200, 260, 500, 580, 800, 948)
    lower = barlines(TOPS[2:], 150, 400, 460, 700, 860, 948)
    brackets = [Symbol("bracket", Box(36, y, 44, y + 160), 0.9) for y in (100, 500)]
    assert systems(page(*upper, *lower)) == [(0, 1), (2, 3)]
    assert systems(page(*brackets, *upper, *lower)) == [(0, 1), (2, 3)]


def test_lay_out_piece_keeps_systems_apart_whose_barlines_are_in_line_by_chance() -> None:
    tops = (100.0, 180.0, 270.0, 350.0)
    joining = (barline(50, 100, 220), barline(50, 270, 390))
    assert systems(page(*joining, *barlines(tops, 300, 500, 700, 948), tops=tops)) == [(0, 1), (2, 3)]


def test_lay_out_piece_decides_for_all_pages_together() -> None:
    braced = [
        symbol
        for y in (100, 500)
        for symbol in (Symbol("brace", Box(30, y, 44, y + 160), 0.9), barline(50, y, y + 160))
    ]
    joined = page(*braced, barline(50, 220, 540), barline(400, 220, 540))
    pages = [clean(place(one)) for one in (page(*braced), joined, page(*braced))]
    piece = lay_out_piece(pages)
    assert piece.collation.sizes == (2,)
    assert [[system.staves for system in here] for here in piece.systems] == [[(0, 1), (2, 3)]] * 3


def test_lay_out_piece_explains_its_decisions() -> None:
    piece = lay_out_piece([clean(place(page(barline(50, 100, 260), barline(50, 500, 660))))])
    whole, first, second = piece.decisions
    assert (whole.about, whole.chosen) == ("piece", "2 parts of 1, 1 staves")
    assert (first.about, first.chosen) == ("page 1, system 1", "staves 1 to 2")
    assert "opening line" in " ".join(second.evidence)
    assert second.margin > 0
