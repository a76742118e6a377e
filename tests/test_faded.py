"""Where staff lines are gone, barlines still say where they were."""

import numpy as np
import pytest

from omr.faded import staves_by_barlines
from omr.staves import find_staves

SPACE = 12
TOPS = (100, 240, 380)
BARS = range(60, 900, 120)


def page(*, heads=True, shreds=True, tilt=0.0):
    """Three staves with next to no lines; in each measure a quarter note with its stem."""
    image = np.full((500, 920), 255, np.uint8)
    for top in TOPS:
        for x in BARS:
            y = top + round(tilt * x)
            image[y : y + 4 * SPACE + 1, x : x + 3] = 0
            if shreds and x < 850:
                image[y : y + 1, x + 3 : x + 43] = 0
                image[y + 4 * SPACE, x + 70 : x + 100] = 0
            if heads and x < 850:
                image[y : y + 3 * SPACE, x + 60 : x + 62] = 0
                image[y + 3 * SPACE - 6 : y + 3 * SPACE + 6, x + 48 : x + 62] = 0
    return image


@pytest.mark.parametrize("tilt", [0.0, 0.02, -0.02])
def test_staves_lie_where_barlines_stand(tilt):
    staves = find_staves(page(tilt=tilt))
    assert len(staves) == len(TOPS)
    for staff, top in zip(staves, TOPS, strict=True):
        assert staff.space == pytest.approx(SPACE, abs=0.5)
        for x in BARS:
            expected = top + round(tilt * x) + SPACE * np.arange(5)
            assert staff.lines_at(x + 1.5) == pytest.approx(expected, abs=2)


def test_a_staff_whose_barlines_touch_notes_is_found_by_those_above():
    image = page()
    for x in BARS:
        image[TOPS[1] + 20 : TOPS[1] + 32, x + 3 : x + 15] = 0
    assert len(staves_by_barlines(image)) == len(TOPS)


def test_strokes_without_notes_are_no_music():
    assert staves_by_barlines(page(heads=False)) == []


def test_strokes_of_one_height_that_no_lines_cross_are_letters():
    assert staves_by_barlines(page(shreds=False)) == []


def test_knots_in_barlines_tell_where_lines_were():
    image = page(shreds=False)
    for x in BARS:
        for top in TOPS:
            image[top + SPACE * np.arange(5), x - 1 : x + 4] = 0
    staves = find_staves(image)
    assert len(staves) == len(TOPS)
    for staff, top in zip(staves, TOPS, strict=True):
        assert staff.lines_at(400.0) == pytest.approx(top + SPACE * np.arange(5), abs=1)


@pytest.mark.parametrize("knots", [(1,), (2,), (1, 3), (0.5, 1.5, 2.5, 3.5)])
def test_strokes_with_other_knots_are_letters(knots):
    image = page(shreds=False)
    for x in BARS:
        for top in TOPS:
            image[top + (SPACE * np.array(knots)).astype(int), x - 1 : x + 4] = 0
    assert staves_by_barlines(image) == []


def test_no_strokes_no_staves():
    assert staves_by_barlines(np.full((300, 300), 255, np.uint8)) == []
    assert staves_by_barlines(np.zeros((300, 300), np.uint8)) == []


def test_stems_and_barlines_of_all_heights_are_no_staves():
    image = page()
    for k, x in enumerate(BARS):
        for top in TOPS:
            image[top + 49 - 3 * k : top + 60, x : x + 3] = 255
    assert staves_by_barlines(image) == []
