"""Clefs: the line that a sign names, and the octave number at it."""

from __future__ import annotations

from omr.notation.layout.placement import PlacedSymbol, place
from omr.notation.limits import SignatureLimits
from omr.notation.semantics.clefs import read_clef
from omr.page import Box, Symbol
from omr.score import Clef
from tests.builders.pages import SPACE, TOPS, page


def read(clef: Symbol, *numbers: Symbol) -> Clef:
    placed: list[PlacedSymbol] = list(place(page(clef, *numbers)).symbols)
    return read_clef(placed[0], placed[1:], SPACE, SignatureLimits())


def g_clef(rise: float = 0.0) -> Symbol:
    """A G clef, `rise` pixels above its place."""
    return Symbol("clefG", Box(60, TOPS[0] - 14 - rise, 85, TOPS[0] + 56 - rise), 0.9)


def test_a_g_clef_whose_box_is_too_high_still_names_the_second_line() -> None:
    assert read(g_clef()) == read(g_clef(rise=9)) == Clef("G", 2)


def test_an_eight_at_a_clef_shifts_it_by_an_octave() -> None:
    eight = Symbol("clef8", Box(70, TOPS[0] - 26, 78, TOPS[0] - 14), 0.9)
    assert read(g_clef(), eight) == Clef("G", 2, 1)


def test_an_eight_far_above_a_clef_is_not_its() -> None:
    eight = Symbol("clef8", Box(70, TOPS[0] - 60, 78, TOPS[0] - 45), 0.9)
    assert read(g_clef(), eight) == Clef("G", 2)
