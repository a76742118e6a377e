"""Symbols as detectors see them, in pieces or not surely, still make the music that is on the page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from omr.notation.cleanup import confirm_low_confidence
from omr.notation.layout.placement import place
from omr.notation.linking.linked_page import read_page
from omr.notation.semantics.directions import staff_of
from omr.page import Box, Page, Staff, Symbol

SPACE = 10.0
TOPS = (100.0, 220.0, 500.0, 620.0)


def staff(top: float, x0: float = 50.0, x1: float = 950.0) -> Staff:
    return Staff(np.array([x0, x1]), np.array([[top + k * SPACE] * 2 for k in range(5)]))


def barline(x: float, y0: float, y1: float, score: float = 0.9) -> Symbol:
    return Symbol("barline", Box(x, y0, x + 2, y1), score)


def page(*symbols: Symbol, tops: tuple[float, ...] = TOPS) -> Page:
    return Page(1000, 900, symbols, tuple(map(staff, tops)))


def systems(read: Page) -> list[tuple[int, ...]]:
    return [system.staves for system in read_page(read).systems]


def test_pieces_of_a_barline_that_run_on_join_their_staves() -> None:
    pieces = (barline(50, 95, 150), barline(50.5, 130, 215, 0.7), barline(49.5, 212, 262))
    assert systems(page(*pieces)) == [(0, 1), (2,), (3,)]


def test_pieces_apart_or_beside_each_other_stay_apart() -> None:
    assert systems(page(barline(50, 95, 150), barline(50, 205, 262))) == [(0,), (1,), (2,), (3,)]
    assert systems(page(barline(50, 95, 190), barline(56, 180, 262))) == [(0,), (1,), (2,), (3,)]


def test_a_line_that_was_found_without_its_ends_joins_the_staves_it_reaches() -> None:
    assert systems(page(barline(50, 126, 234))) == [(0, 1), (2,), (3,)]
    assert systems(page(barline(50, 126, 226))) == [(0,), (1,), (2,), (3,)]


def test_what_sticks_out_of_its_staves_at_both_ends_is_no_barline() -> None:
    assert systems(page(barline(500, 70, 300))) == [(0,), (1,), (2,), (3,)]
    assert systems(page(barline(500, 95, 300))) == [(0, 1), (2,), (3,)]
    assert systems(page(barline(50, 70, 300))) == [(0, 1), (2,), (3,)]  # where it opens a system


def test_staves_under_two_brackets_are_joined_only_where_a_system_opens() -> None:
    tops = (100.0, 180.0, 270.0, 350.0)
    brackets = [Symbol("bracket", Box(36, y, 44, y + 120), 0.9) for y in (100, 270)]
    assert systems(page(*brackets, barline(948, 100, 390), tops=tops)) == [(0, 1), (2, 3)]
    assert systems(page(*brackets, barline(50, 100, 390), tops=tops)) == [(0, 1, 2, 3)]


def with_confirmed(read: Page) -> Page:
    """The page with its confirmed low-confidence symbols among its symbols."""
    every = (*read.symbols, *read.low_confidence)
    symbols = (every[symbol.index] for symbol in confirm_low_confidence(place(read)).symbols)
    return replace(read, symbols=tuple(symbols), low_confidence=())


def own_barlines(tops: tuple[float, ...], *xs: float) -> list[Symbol]:
    return [barline(x, top, top + 40) for top in tops for x in xs]


def test_barlines_in_line_join_staves_that_nothing_else_joins() -> None:
    upper, lower = own_barlines(TOPS[:2], 300, 500, 700, 948), own_barlines(TOPS[2:], 250, 400, 600, 948)
    assert systems(page(*upper, *lower)) == [(0, 1), (2, 3)]
    assert systems(page(barline(50, 100, 260), *upper, *lower)) == [(0, 1), (2, 3)]
    assert systems(page(*upper[:-2], *upper[-1:], *lower)) == [(0, 1), (2, 3)]  # one wasn't seen


def test_barlines_in_line_by_chance_don_t_join_systems() -> None:
    tops = (100.0, 180.0, 270.0, 350.0)
    joining = (barline(50, 100, 220), barline(50, 270, 390))
    assert systems(page(*joining, *own_barlines(tops, 300, 500, 700, 948), tops=tops)) == [(0, 1), (2, 3)]


def test_two_barlines_in_line_join_a_staff_as_near_as_those_that_are_joined() -> None:
    tops = (100.0, 160.0, 220.0, 400.0)
    joining = Symbol("bracket", Box(36, 160, 44, 260), 0.9)
    assert systems(page(joining, *own_barlines(tops, 500, 948), tops=tops)) == [(0, 1, 2), (3,)]
    assert systems(page(joining, *own_barlines(tops[:1], 300, 948), tops=tops)) == [(0,), (1, 2), (3,)]


def test_a_short_staff_without_clef_is_none() -> None:
    whole = replace(
        page(barline(50, 100, 260), *own_barlines(TOPS[:2], 300, 500, 700)),
        staves=(staff(100), staff(160, 600, 750), staff(220)),
    )
    assert systems(whole) == [(0, 1)]
    clef = Symbol("clefG", Box(605, 155, 630, 215))
    ossia = whole.with_symbols((*whole.symbols, clef))
    assert len(read_page(ossia).layout.staves) == 3


def stem(x: float) -> Symbol:
    return Symbol("stem", Box(x, 100, x + 1, 135), 0.9)


def test_a_doubtful_beam_counts_between_the_tips_of_two_stems() -> None:
    beam = Symbol("beam", Box(200, 100, 240, 105), 0.3)
    stems = (stem(200), stem(239))
    assert with_confirmed(replace(page(*stems), low_confidence=(beam,))).symbols == (*stems, beam)
    for others in ((), stems[:1], (stem(200), stem(300))):
        assert with_confirmed(replace(page(*others), low_confidence=(beam,))).symbols == others
    tenuto = Symbol("articTenuto", Box(201, 100, 240, 105), 0.8)  # there the beam was another guess at it
    assert with_confirmed(replace(page(*stems, tenuto), low_confidence=(beam,))).symbols == (*stems, tenuto)
    faint = replace(beam, score=0.02)
    assert with_confirmed(replace(page(*stems), low_confidence=(faint,))).symbols == stems


def test_a_doubtful_barline_counts_in_line_with_that_of_the_next_staff() -> None:
    sure, doubt = barline(500, TOPS[0], TOPS[0] + 40), replace(barline(501, TOPS[1], TOPS[1] + 40), score=0.3)
    assert with_confirmed(replace(page(sure), low_confidence=(doubt,))).symbols == (sure, doubt)
    elsewhere = replace(doubt, box=barline(600, TOPS[1], TOPS[1] + 40).box)
    stump = replace(doubt, box=barline(501, TOPS[1], TOPS[1] + 20).box)
    for unlikely in (elsewhere, stump, replace(doubt, score=0.05)):
        assert with_confirmed(replace(page(sure), low_confidence=(unlikely,))).symbols == (sure,)
    both = (sure, barline(503, TOPS[1], TOPS[1] + 40))
    assert with_confirmed(replace(page(*both), low_confidence=(doubt,))).symbols == both


def test_a_doubtful_barline_counts_from_staff_to_staff() -> None:
    doubt = replace(barline(500, TOPS[0], TOPS[1] + 40), score=0.3)
    assert with_confirmed(replace(page(), low_confidence=(doubt,))).symbols == (doubt,)
    short = replace(doubt, box=barline(500, TOPS[0] + 9, TOPS[1] + 40).box)
    assert with_confirmed(replace(page(), low_confidence=(short,))).symbols == ()
    sure = (barline(501, TOPS[1], TOPS[1] + 40), barline(502, TOPS[0], TOPS[0] + 40))
    assert with_confirmed(replace(page(*sure), low_confidence=(doubt,))).symbols == sure


def test_a_doubtful_bracket_counts_before_two_staves() -> None:
    bracket = Symbol("bracket", Box(35, 90, 45, 270), 0.06)
    inside = replace(bracket, box=Box(400, 90, 410, 270))
    assert systems(with_confirmed(replace(page(), low_confidence=(bracket,))))[0] == (0, 1)
    assert systems(with_confirmed(replace(page(), low_confidence=(inside,))))[0] == (0,)


def test_loudness_between_two_systems_belongs_to_the_upper_unless_the_lower_is_much_nearer() -> None:
    gap = TOPS[1] - TOPS[0] - 40

    def owner(name: str, part: float) -> int:
        y = TOPS[0] + 40 + part * gap
        reading = read_page(page(Symbol(name, Box(490, y - 5, 510, y + 5), 0.9)))
        [mark] = [place for place in reading.layout.symbols if place.name == name]
        return staff_of(mark, reading)

    assert [owner("dynamicP", part) for part in (0.2, 0.6, 0.8)] == [0, 0, 1]
    assert [owner("segno", part) for part in (0.2, 0.6, 0.8)] == [0, 1, 1]


def test_an_open_head_that_two_stems_share_is_black_under_beams() -> None:
    down = Symbol("stem", Box(200, 125, 202, 160))
    ups = [Symbol("stem", Box(x, 80, x + 2, 125)) for x in (212, 262)]
    heads = [
        Symbol("noteheadHalf", Box(201, 120, 213, 130)),
        Symbol("noteheadBlack", Box(251, 120, 263, 130)),
    ]
    beams = [Symbol("beam", Box(212, y, 264, y + 5)) for y in (80, 88)]
    read = read_page(page(down, *ups, *heads, *beams))
    assert {(c.direction, c.value) for c in read.chords} == {("down", "half"), ("up", "16th")}
    tremolo = read_page(page(*ups, *(replace(head, name="noteheadHalf") for head in heads), *beams))
    assert [c.value for c in tremolo.chords] == ["half", "half"]  # no other stem makes them open


def test_pieces_of_a_stem_that_overlap_are_one() -> None:
    octave = [Symbol("noteheadBlack", Box(201, y - 5, 213, y + 5)) for y in (105, 140)]
    pieces = [Symbol("stem", Box(212, 70, 214, 115)), Symbol("stem", Box(212.5, 78, 214.5, 138), 0.8)]
    [chord] = read_page(page(*octave, *pieces)).chords
    assert len(chord.heads) == 2 and chord.stem is not None and chord.stem.box[1::2] == (70, 138)
    apart = [pieces[0], replace(pieces[1], box=Box(212.5, 112, 214.5, 150))]
    assert len(read_page(page(*octave, *apart)).chords) == 2
