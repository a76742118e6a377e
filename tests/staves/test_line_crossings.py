"""Where staff lines are gone, the knots in barlines and stems still say where they were."""

import numpy as np
import pytest

from omr.staves import find_staves
from omr.staves.line_crossings import staves_by_knots

SPACE = 12
TOPS = (100, 240, 380)
BARS = range(60, 900, 120)
LINES = SPACE * np.arange(5)


def page(*, tilt=0.0, through=False, dotted=False, knots=LINES, length=4 * SPACE, shape=(560, 920)):
    """Three staves without lines: barlines and stems that keep the knots of the lines that crossed them."""
    image = np.full(shape, 255, np.uint8)
    image[20, [10, 909]] = 0  # as far as there is ink
    for top in TOPS:
        for x in BARS:
            y = top + round(tilt * x)
            end = y + (TOPS[1] - TOPS[0] if through and top < TOPS[-1] else length) + 1
            if not dotted:
                image[y:end, x : x + 3] = 0
            rows = y + np.asarray(knots, int)
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
def test_staves_lie_where_the_knots_are(tilt, through, dotted):
    assert_staves(find_staves(page(tilt=tilt, through=through, dotted=dotted)), tilt)


def test_a_stem_that_hides_some_knots_does_no_harm():
    image = page()
    for top in TOPS:
        for x in BARS:
            image[top + 20 : top + 34, x + 40 : x + 56] = 0  # a notehead
            image[top - 20 : top + 26, x + 54 : x + 56] = 0
    assert_staves(staves_by_knots(image))


def test_a_staff_that_kept_its_lines_is_joined_by_those_that_did_not():
    image = page()
    for y in TOPS[1] + LINES:
        for x in range(60, 780, 24):  # its lines are shreds
            image[y : y + 2, x : x + 13] = 0
    assert len(find_staves(image)) == len(TOPS)


@pytest.mark.parametrize(
    ("knots", "length"),
    [
        ([], 48),
        ([0, 12, 24], 48),
        ([16, 28], 48),
        ([0, 10, 24, 40, 48], 48),
        (SPACE * np.arange(6), 60),
    ],
)
def test_strokes_with_other_knots_are_letters(knots, length):
    assert staves_by_knots(page(knots=knots, length=length)) == []


def test_a_few_strokes_may_be_anything():
    image = page()
    image[:, 280:] = 255
    assert staves_by_knots(image) == []


def test_texture_is_no_music():
    tile = np.full((40, 12), 255, np.uint8)
    tile[4:30, 5:7] = 0
    tile[4:30:6, 4:8] = 0
    assert staves_by_knots(np.tile(tile, (4, 20)))
    assert staves_by_knots(np.tile(tile, (70, 70))) == []


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (300, 300)])
@pytest.mark.parametrize("grey", [0, 255])
def test_no_strokes_no_staves(shape, grey):
    assert staves_by_knots(np.full(shape, grey, np.uint8)) == []
