"""Dynamics, segno and coda belong to one staff of the two they stand between."""

from __future__ import annotations

import pytest

from omr.page import Box, Symbol
from tests.builders.pages import HEIGHT, TOPS, linked_page, page


@pytest.mark.parametrize(
    ("name", "owners"),
    [("dynamicP", [0, 0, 1]), ("segno", [0, 1, 1])],
)
def test_direction_between_two_systems_belongs_to_the_staff_of_its_kind(name: str, owners: list[int]) -> None:
    """Dynamics belong to the upper staff unless the lower is much nearer; a segno stands above its system."""
    gap = TOPS[1] - TOPS[0] - HEIGHT
    found: list[int] = []
    for part in (0.2, 0.6, 0.8):
        y = TOPS[0] + HEIGHT + part * gap
        linked = linked_page(page(Symbol(name, Box(490, y - 5, 510, y + 5), 0.9)))
        found += [direction.staff for direction in (*linked.dynamics, *linked.signs)]
    assert found == owners
