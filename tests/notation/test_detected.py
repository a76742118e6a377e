"""Symbols as detectors see them, in fragments or hidden by others, still make the music of the page."""

from __future__ import annotations

from dataclasses import replace

from omr.notation.linking.linked_page import read_page
from omr.notation.semantics.directions import staff_of
from omr.page import Box, Symbol
from tests.notation.pages import TOPS, page


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
