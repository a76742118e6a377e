"""Heads, stems and beams make chords with the value that is printed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from omr.page import Box, Symbol
from tests.builders.pages import linked_page, notehead, page, stem


def test_chord_of_an_open_head_on_two_stems_is_black_under_beams() -> None:
    down = Symbol("stem", Box(200, 125, 202, 160))
    ups = [Symbol("stem", Box(x, 80, x + 2, 125)) for x in (212, 262)]
    heads = [
        Symbol("noteheadHalf", Box(201, 120, 213, 130)),
        Symbol("noteheadBlack", Box(251, 120, 263, 130)),
    ]
    beams = [Symbol("beam", Box(212, y, 264, y + 5)) for y in (80, 88)]
    read = linked_page(page(down, *ups, *heads, *beams))
    assert {(c.direction, c.value) for c in read.chords} == {("down", "half"), ("up", "16th")}
    tremolo = linked_page(page(*ups, *(replace(head, name="noteheadHalf") for head in heads), *beams))
    assert [c.value for c in tremolo.chords] == ["half", "half"]  # no other stem makes them open


def test_chord_on_fragments_of_a_stem_that_overlap_is_one() -> None:
    octave = [Symbol("noteheadBlack", Box(201, y - 5, 213, y + 5)) for y in (105, 140)]
    fragments = [Symbol("stem", Box(212, 70, 214, 115)), Symbol("stem", Box(212.5, 78, 214.5, 138), 0.8)]
    [chord] = linked_page(page(*octave, *fragments)).chords
    assert len(chord.heads) == 2 and chord.stem is not None and chord.stem.box[1::2] == (70, 138)
    apart = [fragments[0], replace(fragments[1], box=Box(212.5, 112, 214.5, 150))]
    assert len(linked_page(page(*octave, *apart)).chords) == 2


def test_chord_is_frozen_and_numbered_in_its_page() -> None:
    read = linked_page(page(*(part for x in (200, 300) for part in (notehead(x, 120), stem(x + 6, 90, 120)))))
    assert [chord.number for chord in read.chords] == [0, 1]
    with pytest.raises(FrozenInstanceError):
        read.chords[0].dots = 1  # type: ignore[misc]


def test_stemless_heads_in_one_column_make_one_chord() -> None:
    column = [notehead(200, y, "noteheadWhole") for y in (110, 120)]
    second = notehead(212, 115, "noteheadWhole")  # beside the others
    apart = notehead(260, 110, "noteheadWhole")
    assert [len(chord.heads) for chord in linked_page(page(*column, second, apart)).chords] == [3, 1]
