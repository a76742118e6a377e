"""Flags, dots, accidentals and ties go to the stem or head that an engraver puts them at."""

from __future__ import annotations

from omr.notation.linking import assign_accidentals
from omr.notation.linking.matching import cheapest_pairs
from omr.page import Box, Symbol
from tests.builders.pages import linked_page, notehead, page, stem


def note(x: float, y: float = 120.0) -> list[Symbol]:
    """A note with its stem up, 35 pixels long."""
    return [notehead(x, y), stem(x + 5.5, y - 35, y - 2)]


def test_cheapest_pairs_uses_every_member_once() -> None:
    pairs = [(1.0, "a", 1), (0.5, "b", 1), (2.0, "a", 2), (3.0, "b", 2)]
    assert list(cheapest_pairs(pairs)) == [("b", 1), ("a", 2)]


def test_flag_goes_to_the_nearest_tip() -> None:
    flag = Symbol("flag16thUp", Box(206, 85, 214, 105), 0.9)
    first, second = linked_page(page(*note(200), *note(240), flag)).chords
    assert (first.value, second.value) == ("16th", "quarter")
    assert [part.name for part in first.flags] == ["flag16thUp"]


def test_flags_of_one_class_are_not_on_one_stem() -> None:
    flags = [Symbol("flag8thUp", Box(206, y, 214, y + 20), 0.9) for y in (85, 90)]
    (chord,) = linked_page(page(*note(200), *flags)).chords
    assert len(chord.flags) == 1


def test_dot_belongs_to_the_head_in_whose_space_it_stands() -> None:
    dots = [Symbol("augmentationDot", Box(x, 113, x + 4, 117), 0.9) for x in (212, 218)]
    heads = [notehead(200, 115), notehead(200, 135), stem(205.5, 75, 133)]
    (chord,) = linked_page(page(*heads, *dots)).chords
    assert chord.dots == 2
    assert {head.y for head in chord.dotted.values()} == {115}


def test_the_dot_of_a_head_on_two_stems_counts_on_both() -> None:
    dot = Symbol("augmentationDot", Box(212, 113, 216, 117), 0.9)
    head = [notehead(200, 115), stem(205.5, 80, 113), stem(194.5, 117, 150)]
    chords = linked_page(page(*head, dot)).chords
    assert [chord.dots for chord in chords] == [1, 1]


def test_accidental_alters_the_head_on_its_right_unless_a_key_signature_has_it() -> None:
    sharp = Symbol("accidentalSharp", Box(180, 106, 188, 134), 0.9)
    linked = linked_page(page(*note(200), sharp))
    (placed,) = linked.layout.named("accidental")
    (head,) = linked.chords[0].heads
    assert dict(assign_accidentals(linked, ()).accidentals) == {head: placed}
    assert not assign_accidentals(linked, {placed}).accidentals
    assert not linked.accidentals  # the page linked first stays as it was


def test_tie_joins_two_heads_of_one_height() -> None:
    tie = Symbol("tie", Box(206, 128, 294, 134), 0.9)
    (found,) = linked_page(page(*note(200), *note(300), *note(300, 135), tie)).ties
    assert found.left and found.right and (found.left.y, found.right.y) == (120, 120)


def test_tie_at_the_end_of_the_staff_has_one_head() -> None:
    tie = Symbol("tie", Box(886, 128, 948, 134), 0.9)
    (found,) = linked_page(page(*note(880), tie)).ties
    assert found.left is not None and found.right is None


def test_fermata_may_stand_at_a_rest_and_an_accent_not() -> None:
    rest = Symbol("restQuarter", Box(195, 105, 205, 135), 0.9)
    marks = [Symbol(name, Box(194, 85, 206, 95), 0.9) for name in ("fermataAbove", "articAccent")]
    (chord,) = linked_page(page(rest, *marks)).chords
    assert [mark.name for mark in chord.marks] == ["fermataAbove"]
