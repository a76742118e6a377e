"""Slurs bind the chords at their ends and the chords of their voice between."""

from __future__ import annotations

from omr.notation.linking import LinkedPage
from omr.notation.linking.slurs import Slur
from omr.page import Box, Symbol
from tests.builders.pages import linked_page, notehead, page, stem


def note(x: float, y: float = 130.0) -> list[Symbol]:
    """A note with its stem up."""
    return [notehead(x, y), stem(x + 5.5, y - 35, y - 2)]


def slur(x0: float, x1: float, y0: float = 145.0) -> Symbol:
    return Symbol("slur", Box(x0, y0, x1, y0 + 10), 0.9)


def only_slur(linked: LinkedPage) -> Slur:
    (found,) = linked.slurs
    return found


def test_slur_binds_its_ends_and_the_notes_between() -> None:
    notes = [symbol for x in (200, 260, 320, 380) for symbol in note(x)]
    found = only_slur(linked_page(page(*notes, slur(200, 320))))
    assert found.left and found.right and found.cut == ""
    assert [round(chord.x) for chord in found.chords] == [200, 260, 320]
    assert not found.above


def test_slur_leaves_out_the_other_voice() -> None:
    upper = [symbol for x in (200, 260, 320) for symbol in note(x, 110)]
    lower = [notehead(260, 135), stem(253.5, 137, 170)]
    found = only_slur(linked_page(page(*upper, *lower, slur(200, 320, 60))))
    assert found.above and all(chord.direction == "up" for chord in found.chords)


def test_slur_to_the_end_of_the_system_is_cut() -> None:
    found = only_slur(linked_page(page(*note(880), slur(880, 948))))
    assert found.left and found.right is None and found.cut == "end"


def test_slur_from_the_start_of_the_system_is_cut() -> None:
    found = only_slur(linked_page(page(*note(200), slur(120, 200))))
    assert found.left is None and found.right and found.cut == "start"


def test_slur_far_from_every_note_is_left_out() -> None:
    assert linked_page(page(*note(200), slur(500, 600))).slurs == ()
