"""Heads of one kind share a stem; a whole head with a stem is a half."""

from __future__ import annotations

from omr.page import Symbol
from tests.builders.pages import linked_page, notehead, page, stem


def values(*symbols: Symbol) -> list[tuple[str, str]]:
    """Value and stem direction of each chord, from left to right."""
    chords = sorted(linked_page(page(*symbols)).chords, key=lambda chord: (chord.x, chord.direction))
    return [(chord.value, chord.direction) for chord in chords]


def test_a_whole_head_on_a_stem_is_a_half() -> None:
    assert values(notehead(200, 120, "noteheadWhole"), stem(194.5, 122, 157)) == [("half", "down")]


def test_a_whole_head_beside_the_stem_of_a_black_one_stays_whole() -> None:
    black = [notehead(200, 110), stem(205.5, 75, 110)]
    assert ("whole", "") in values(*black, notehead(200, 130, "noteheadWhole"))


def test_a_whole_head_at_the_end_of_a_stem_with_open_heads_is_one_of_them() -> None:
    heads = [notehead(200, 110, "noteheadHalf"), notehead(200, 130, "noteheadWhole")]
    assert values(*heads, stem(205.5, 75, 128)) == [("half", "up")]


def test_black_and_open_heads_go_to_stems_of_their_own() -> None:
    heads = [notehead(200, 115), notehead(211, 120, "noteheadHalf")]
    stems = [stem(205.5, 80, 121), stem(205.6, 121, 157)]
    assert values(*heads, *stems) == [("quarter", "up"), ("half", "down")]


def test_a_chord_with_an_open_head_that_the_ink_filled_is_a_half() -> None:
    heads = [notehead(200, 110, "noteheadHalf"), notehead(200, 130)]
    assert values(*heads, stem(205.5, 75, 128)) == [("half", "up")]
