"""A detector that needs no weights, and a page for it to read."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from _pytest.mark.structures import ParameterSet

from omr.page import Box, Symbol


def slow_but_dwdnet(names: Iterable[str]) -> list[ParameterSet]:
    """Detectors by name as parameters of a test: `make quick` tries DWDNet alone, `make test` all."""
    return [pytest.param(name, marks=() if name == "dwdnet" else pytest.mark.slow) for name in names]


class FakeDetector:
    """Finds the same three symbols on every page and remembers what it was shown."""

    min_score = 0.5

    def __init__(self) -> None:
        self.seen: list[tuple[tuple[int, ...], float | None]] = []

    def detect(self, image: np.ndarray, staff_space: float | None = None) -> list[Symbol]:
        self.seen.append((image.shape, staff_space))
        return [
            Symbol("clefG", Box(60, 90, 100, 200), 0.9),
            Symbol("noteheadBlack", Box(200, 150, 220, 166), 0.8),
            Symbol("stem", Box(219, 100, 221, 158), 0.3),
        ]


def bare_staves(space: int = 16, width: int = 900, height: int = 500) -> np.ndarray:
    """Two bare staves on white; the first has its lines at 101, 117, ... pixels."""
    page = np.full((height, width), 255, np.uint8)
    for top in (100, 300):
        for line in range(5):
            page[top + line * space : top + line * space + 2, 50:-50] = 0
    return page
