from __future__ import annotations

import numpy as np
import pytest

from omr.notation.layout.ledger_spacing import LedgerSpacing, measure_ledger_spacing
from omr.notation.layout.placement import place
from omr.page import Box, Symbol
from tests.builders.pages import SPACE, TOPS, notehead, page


def ledgers(spacing: float, side: int, counts: tuple[int, ...] = (8, 4, 2)) -> np.ndarray:
    """Positions of ledger lines above (side -1) or below (1) a staff, a little off as detectors give them."""
    numbers = np.repeat(np.arange(1, len(counts) + 1), counts)
    distances = 2 * numbers * spacing + np.random.default_rng(0).normal(0, 0.1, len(numbers))
    return -distances if side < 0 else 8 + distances


@pytest.mark.parametrize("spacing", [1.0, 1.08, 1.18])
def test_measure_ledger_spacing_finds_the_spacing_of_each_side(spacing: float) -> None:
    found = measure_ledger_spacing(np.concatenate([ledgers(spacing, -1), ledgers(1.0, 1)]))
    assert found.above == pytest.approx(spacing, abs=0.02)
    assert found.below == pytest.approx(1.0, abs=0.02)


def test_measure_ledger_spacing_without_enough_ledger_lines_is_that_of_the_staff() -> None:
    assert measure_ledger_spacing(np.array([])) == LedgerSpacing()
    assert measure_ledger_spacing(ledgers(1.15, -1, (2,))) == LedgerSpacing()


def test_measure_ledger_spacing_disregards_a_wrong_ledger_line() -> None:
    wrong = np.array([-3.3])
    found = measure_ledger_spacing(np.concatenate([ledgers(1.1, -1), wrong]))
    assert found.above == pytest.approx(1.1, abs=0.02)


def test_place_counts_positions_beyond_the_staff_in_ledger_lines() -> None:
    wide = 1.15 * SPACE
    lines = [
        Symbol("ledgerLine", Box(x, TOPS[0] - n * wide - 1, x + 16, TOPS[0] - n * wide + 1))
        for x in (100, 200, 300)
        for n in (1, 2, 3, 4)
    ]
    head = notehead(108, TOPS[0] - 4.5 * wide)  # in the space over the fourth ledger line
    placed = place(page(*lines, head)).named("notehead")
    assert placed[0].position == pytest.approx(-9.0, abs=0.1)
