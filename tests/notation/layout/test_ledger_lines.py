"""Noteheads counted from their ledger lines."""

from __future__ import annotations

import numpy as np
import pytest

from omr.notation.layout.ledger_lines import LedgerLines
from omr.notation.layout.placement import place
from omr.notation.limits import LedgerLimits
from omr.page import Box, Symbol
from tests.builders.pages import SPACE, TOPS, notehead, page

NONE = LedgerLines()


@pytest.mark.parametrize(
    ("distance", "lines", "count"),
    [
        (1.2, [], 1),  # touches the staff
        (1.7, [], 1),
        (2.1, [2.2], 2),  # on the first ledger line
        (3.6, [2.2], 3),  # touches it from outside
        (4.7, [2.3, 4.6], 4),  # on the second, wherever that is
        (5.9, [2.3, 4.6], 5),
        (1.1, [2.2], 1),  # touches the first from inside, where the outer one's line was seen
        (3.6, [2.2, 0.3], 3),  # 0.3 is the staff line itself
        (3.2, [2.1, 3.3], 3),  # 3.3 is the edge of the head
        (4.5, [2.1, 3.6], 5),  # 3.6 is no edge of the head, however close to the first line
        (6.1, [2.1, 6.1], 6),  # the line between was not seen
    ],
)
def test_count_takes_a_head_to_the_line_it_touches(distance: float, lines: list[float], count: float) -> None:
    assert NONE.count(distance, np.array(lines)) == count


def test_count_of_a_head_that_touches_no_line_keeps_its_distance() -> None:
    assert NONE.count(4.1, np.array([])) == pytest.approx(4.1)
    assert NONE.count(4.4, np.array([2.3])) == pytest.approx(4.1)


def test_count_with_lines_that_may_be_one_keeps_the_distance() -> None:
    assert NONE.count(3.4, np.array([1.9, 3.4])) == 3.4


def test_heights_at_are_those_of_lines_over_most_of_the_head() -> None:
    lines = LedgerLines.of([Box(100, 50, 120, 52), Box(115, 60, 135, 62)], LedgerLimits())
    assert lines.heights_at(110, 14).tolist() == [51]
    assert lines.heights_at(200, 14).tolist() == NONE.heights_at(110, 14).tolist() == []


@pytest.mark.parametrize("side", [-1, 1])
def test_place_counts_a_head_from_its_own_ledger_line(side: int) -> None:
    edge = TOPS[0] if side < 0 else TOPS[0] + 4 * SPACE
    line = edge + side * 1.3 * SPACE  # too few on the page to tell their spacing
    head = notehead(104, line + side * 0.6 * SPACE)
    placed = place(page(Symbol("ledgerLine", Box(98, line - 1, 118, line + 1)), head)).named("notehead")
    assert placed[0].position == (-3 if side < 0 else 11)


def test_on_staff_counts_a_head_from_its_own_ledger_line() -> None:
    line = TOPS[0] + 5.3 * SPACE
    head = notehead(104, line + 0.6 * SPACE)
    layout = place(page(Symbol("ledgerLine", Box(98, line - 1, 118, line + 1)), head))
    (placed,) = layout.named("notehead")
    away = layout.on_staff(placed, 1)
    assert layout.on_staff(away, 0).position == 11
