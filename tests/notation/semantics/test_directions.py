"""At which note dynamics stand, and from which note to which a hairpin lasts."""

from __future__ import annotations

from omr.notation import pipeline
from omr.notation.semantics.directions import find_directions
from omr.notation.semantics.rhythm import with_timing
from omr.page import Box, Symbol
from omr.score import Mark
from tests.builders.pages import HEIGHT, barline, notehead, page, stem

TOP = 100.0
XS = (200.0, 300.0, 400.0, 500.0)
"""Middles of the four quarters of the first measure, in pixels."""


def marks_of(*symbols: Symbol) -> dict[tuple[int, int], tuple[Mark, ...]]:
    """The marks on two measures of four quarters, by measure and part."""
    notes = [s for x in (*XS, *(x + 400 for x in XS[:3])) for s in (notehead(x, TOP + 20), stem(x + 5))]
    lines = [barline(x, TOP, TOP + HEIGHT) for x in (560, 940)]
    piece = pipeline.link([page(*notes, *lines, *symbols, tops=(TOP,))])
    drafts = with_timing(piece.drafts, piece.pages, piece.collation)
    return dict(find_directions(drafts, piece.pages, piece.collation))


def test_a_dynamic_stands_at_the_note_above_it() -> None:
    letter = Symbol("dynamicP", Box(395, TOP + 60, 410, TOP + 75), 0.9)
    ((where, (mark,)),) = marks_of(letter).items()
    assert where == (0, 0)
    assert (mark.kind, mark.text, mark.onset, mark.placement) == ("dynamics", "p", 2, "below")


def test_a_hairpin_lasts_to_the_last_note_before_its_end() -> None:
    hairpin = Symbol("dynamicCrescendoHairpin", Box(200, TOP + 60, 420, TOP + 75), 0.9)
    ((where, (start, stop)),) = marks_of(hairpin).items()
    assert where == (0, 0) and start.kind == stop.kind == "crescendo"
    assert (start.end, start.onset, stop.end, stop.onset) == ("start", 0, "stop", 2)


def test_a_hairpin_over_a_barline_ends_in_the_next_measure() -> None:
    hairpin = Symbol("dynamicDiminuendoHairpin", Box(400, TOP + 60, 720, TOP + 75), 0.9)
    found = marks_of(hairpin)
    assert {where: [(mark.end, mark.onset) for mark in marks] for where, marks in found.items()} == {
        (0, 0): [("start", 2)],
        (1, 0): [("stop", 1)],
    }


def test_a_page_without_signs_has_no_marks() -> None:
    assert marks_of() == {}
