"""Two facing pages on one image are told apart and read in order."""

from __future__ import annotations

import numpy as np
import pytest

from omr.datasets.photo import turned
from omr.images import PageImage
from omr.inference import Reader
from omr.normalise import in_reading_order, normalise_pages
from omr.normalise.facing import find_gutter
from omr.page import Box, Staff, Symbol
from tests.builders.staff_lines import TOPS, drawn_page

LEFT, RIGHT = drawn_page(), drawn_page()[:800]
"""Pages of five and of four staves."""


def spread() -> np.ndarray:
    """The two pages of an open book."""
    right = np.pad(RIGHT, ((0, len(LEFT) - len(RIGHT)), (0, 0)), constant_values=255)
    return np.hstack([LEFT, right])


def staff(left: float, right: float, top: float) -> Staff:
    """A level staff of 10 pixels a staff space."""
    return Staff(np.array([left, right]), np.array([[top + 10 * k] * 2 for k in range(5)]))


@pytest.mark.parametrize("degrees", [0, 90, 180, 4])
def test_facing_pages_are_split(degrees: int) -> None:
    pages = normalise_pages(turned(spread(), degrees))
    staves = [len(page.staves) for page in pages]
    assert staves == ([4, 5] if degrees == 180 else [5, 4])


def test_one_page_is_not_split() -> None:
    (page,) = normalise_pages(LEFT)
    assert len(page.staves) == len(TOPS) and not page.changed


def test_upside_down_facing_pages_are_read_from_the_end() -> None:
    pages = normalise_pages(turned(spread(), 180))
    assert in_reading_order(pages) == [0, 1]
    assert in_reading_order([page.flipped(across=True, down=True) for page in pages]) == [1, 0]


def test_facing_pages_keep_their_place_on_the_image() -> None:
    page = normalise_pages(spread())[1]
    lines = page.view.staff_on_original(page.staves[0])
    assert lines.xs[0] == pytest.approx(1080, abs=8) and lines.ys[0, 0] == pytest.approx(121, abs=1)


def test_systems_side_by_side_are_one_page() -> None:
    """A coda begins on the line of the last system; the staves above run across."""
    columns = [staff(100, 900, 400 + 100 * k) for k in range(3)]
    columns += [staff(1100, 1900, 400 + 100 * k) for k in range(3)]
    assert find_gutter(columns, 2000, 1200) == 1000
    assert find_gutter([staff(100, 1900, 200), *columns], 2000, 1200) is None


def test_upright_picture_is_one_page() -> None:
    columns = [staff(x, x + 300, 100 * k) for x in (100, 600) for k in range(4)]
    assert find_gutter(columns, 1000, 1400) is None and find_gutter([], 1000, 500) is None


class ClefDetector:
    """Finds a clef at the left end of each staff and one notehead."""

    min_score = 0.5

    def detect(self, image: np.ndarray, staff_space: float | None = None) -> list[Symbol]:
        clefs = [Symbol("clefG", Box(90, top, 120, top + 60), 0.9) for top in TOPS]
        return [*clefs, Symbol("noteheadBlack", Box(200, 150, 220, 166), 0.8)]


def test_reader_gives_two_pages_in_pixels_of_the_image() -> None:
    first, second = Reader(detector=ClefDetector()).pages(PageImage(spread(), "book.png", 7))
    assert (first.number, second.number) == (7, 7) and first.width == second.width == 2000
    assert first.symbols[-1].box.x0 == pytest.approx(200, abs=1)
    assert second.symbols[-1].box.x0 == pytest.approx(1200, abs=10)
