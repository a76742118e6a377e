"""Staves whose lines are gone are recovered from their crossings with barlines and stems."""

import numpy as np
import pytest

from omr.staves import find_staves
from omr.staves.line_crossings import staves_from_crossings

SPACE = 12
TOPS = (100, 240, 380)
BARS = range(60, 900, 120)
LINES = SPACE * np.arange(5)


def page(*, tilt=0.0, through=False, dotted=False, crossings=LINES, length=4 * SPACE, shape=(560, 920)):
    """Draw three staves without lines: barlines that are thicker where the lines crossed them."""
    image = np.full(shape, 255, np.uint8)
    image[20, [10, 909]] = 0  # as far as there is ink
    for top in TOPS:
        for x in BARS:
            y = top + round(tilt * x)
            end = y + (TOPS[1] - TOPS[0] if through and top < TOPS[-1] else length) + 1
            if not dotted:
                image[y:end, x : x + 3] = 0
            rows = y + np.asarray(crossings, int)
            for row in (*rows, *(rows + 1)):
                image[row, x - 1 : x + 4] = 0
    return image


def assert_staves(staves, tilt=0.0):
    assert len(staves) == len(TOPS)
    for staff, top in zip(staves, TOPS, strict=True):
        assert staff.space == pytest.approx(SPACE, abs=0.3)
        for x in (*BARS, 20, 900):
            assert staff.lines_at(x + 1.5) == pytest.approx(top + tilt * x + LINES + 1, abs=1.5)


@pytest.mark.parametrize("tilt", [0.0, 0.02, -0.02])
@pytest.mark.parametrize("through", [False, True])
@pytest.mark.parametrize("dotted", [False, True])
def test_find_staves_without_lines(tilt, through, dotted):
    assert_staves(find_staves(page(tilt=tilt, through=through, dotted=dotted)), tilt)


def test_staves_from_crossings_with_covered_crossings():
    image = page()
    for top in TOPS:
        for x in BARS:
            image[top + 20 : top + 34, x + 40 : x + 56] = 0  # a notehead
            image[top - 20 : top + 26, x + 54 : x + 56] = 0
    assert_staves(staves_from_crossings(image))


def test_find_staves_adds_faded_staves_to_a_worn_one():
    image = page()
    for y in TOPS[1] + LINES:
        for x in range(60, 780, 24):  # parts of its lines are left
            image[y : y + 2, x : x + 13] = 0
    assert len(find_staves(image)) == len(TOPS)


@pytest.mark.parametrize(
    ("crossings", "length"),
    [
        ([], 48),
        ([0, 12, 24], 48),
        ([16, 28], 48),
        ([0, 10, 24, 40, 48], 48),
        (SPACE * np.arange(6), 60),
    ],
)
def test_staves_from_crossings_at_uneven_distances_or_other_than_five(crossings, length):
    assert staves_from_crossings(page(crossings=crossings, length=length)) == []


def test_staves_from_crossings_of_too_few_strokes():
    image = page()
    image[:, 280:] = 255
    assert staves_from_crossings(image) == []


def test_staves_from_crossings_in_texture():
    tile = np.full((40, 12), 255, np.uint8)
    tile[4:30, 5:7] = 0
    tile[4:30:6, 4:8] = 0
    assert staves_from_crossings(np.tile(tile, (4, 20)))
    assert staves_from_crossings(np.tile(tile, (70, 70))) == []


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (300, 300)])
@pytest.mark.parametrize("grey", [0, 255])
def test_staves_from_crossings_without_strokes(shape, grey):
    assert staves_from_crossings(np.full(shape, grey, np.uint8)) == []
