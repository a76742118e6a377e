import cv2
import numpy as np
import pytest

from omr.datasets.photo import Sheet, photo, turned
from omr.datasets.ranges import PHOTO


def dots(size=(700, 500), step=100):
    """A page of dots and the middles of the dots."""
    image = np.full(size, 255, np.uint8)
    points = np.array(
        [(x, y) for y in range(60, size[0] - 40, step) for x in range(60, size[1] - 40, step)], float
    )
    for x, y in points.astype(int):
        image[y - 4 : y + 4, x - 4 : x + 4] = 0
    return image, points


@pytest.mark.parametrize("seed", range(8))
def test_points_of_a_sheet_come_back(seed):
    _, points = dots()
    sheet = Sheet.random(np.random.default_rng(seed), (700, 500))
    np.testing.assert_allclose(sheet.source_points(sheet.move_points(points)), points, atol=0.05)


@pytest.mark.parametrize("seed", range(8))
def test_ink_is_where_the_sheet_says(seed):
    image, points = dots()
    sheet = Sheet.random(np.random.default_rng(seed), image.shape)
    taken = sheet.move_image(image, 255)
    for x, y in sheet.move_points(points):
        left, top = int(x) - 12, int(y) - 12
        window = 255.0 - taken[top : top + 24, left : left + 24]
        moments = cv2.moments(window)
        assert abs(moments["m10"] / moments["m00"] + left + 0.5 - x) < 0.5
        assert abs(moments["m01"] / moments["m00"] + top + 0.5 - y) < 0.5


@pytest.mark.parametrize("seed", range(4))
def test_sheet_fits_on_the_photo(seed):
    sheet = Sheet.random(np.random.default_rng(seed), (700, 500))
    corners = sheet.move_points(np.array([(0, 0), (500, 0), (0, 700), (500, 700)], float))
    assert (corners > -1).all() and (corners < [501, 701]).all()


def test_camera_is_tilted_by_no_more_than_is_said():
    for seed in range(20):
        sheet = Sheet.random(np.random.default_rng(seed), (700, 500))
        assert np.degrees(np.arccos(sheet.rotation[2, 2])) <= PHOTO.tilt + 1e-6


def test_photo_is_a_function_of_its_seed():
    image, _ = dots()
    first, again, other = (photo(image, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert (first == again).all() and (first != other).any()
    assert first.shape == image.shape and first.dtype == np.uint8


@pytest.mark.parametrize("degrees", [10, -20, 90, 180, 270])
def test_turned_page_keeps_its_ink(degrees):
    image, _ = dots()
    ink = [(255.0 - page).sum() for page in (image, turned(image, degrees))]
    assert ink[1] == pytest.approx(ink[0], rel=0.01)


def test_turned_by_quarter_is_clockwise():
    image, _ = dots()
    image[:20, :20] = 0  # a mark in the upper left corner
    quarter = turned(image, 90)
    assert quarter.shape == (500, 700) and quarter[5, -5] == 0
    assert (turned(image, 180) == image[::-1, ::-1]).all()
