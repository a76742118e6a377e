"""Hairpins belong to one staff and cover its chords."""

from __future__ import annotations

import pytest

from omr.notation.linking.hairpins import Hairpin
from omr.page import Box, Symbol
from tests.builders.pages import TOPS, barline, linked_page, notehead, page, stem

THREE = (100.0, 200.0, 300.0)
"""Top lines of three staves of one system; the gaps between them are 60 pixels high."""


def notes(top: float) -> list[Symbol]:
    """Three notes in the middle of the staff with its top line there."""
    return [s for x in (300, 400, 500) for s in (notehead(x, top + 20), stem(x + 5.5, top - 15, top + 18))]


def hairpin(y: float) -> Symbol:
    return Symbol("dynamicCrescendoHairpin", Box(300, y - 5, 420, y + 5), 0.9)


def linked_hairpin(*symbols: Symbol, tops: tuple[float, ...]) -> Hairpin:
    found: Hairpin
    (found,) = linked_page(page(barline(50, tops[0], tops[-1] + 40), *symbols, tops=tops)).hairpins
    return found


@pytest.mark.parametrize(("y", "staff"), [(155, 0), (175, 1), (195, 1)])
def test_hairpin_between_two_parts_belongs_to_the_upper_only_if_that_is_much_nearer(
    y: float, staff: int
) -> None:
    every = [symbol for top in THREE for symbol in notes(top)]
    found = linked_hairpin(*every, hairpin(y), tops=THREE)
    assert found.staff == staff and {chord.staff for chord in found.chords} == {staff}
    assert len(found.chords) == 2


@pytest.mark.parametrize("y", [155, 195])
@pytest.mark.parametrize("staff", [0, 1])
def test_hairpin_between_two_staves_belongs_to_the_one_that_plays(y: float, staff: int) -> None:
    assert linked_hairpin(*notes(THREE[staff]), hairpin(y), tops=THREE).staff == staff


def test_hairpin_between_the_staves_of_one_part_covers_both() -> None:
    found = linked_hairpin(*notes(100), *notes(200), hairpin(170), tops=(100.0, 200.0))
    assert found.staff == 0 and [chord.staff for chord in found.chords].count(1) == 2


def test_hairpin_between_two_systems_belongs_to_the_nearest_staff() -> None:
    every = [symbol for top in TOPS for symbol in notes(top)]
    found = linked_page(page(*every, hairpin(TOPS[1] - 25))).hairpins[0]
    assert found.staff == 1
