import cv2
import numpy as np
import pytest

from omr.datasets.degrade import EFFECTS, _spread, degrade, scan
from omr.datasets.warp import Warp


def blobs(seed=0, size=400):
    """A page of filled rectangles and their boxes."""
    rng = np.random.default_rng(seed)
    image = np.full((size, size), 255, np.uint8)
    boxes = []
    for y in range(20, size - 40, 60):
        for x in range(20, size - 40, 60):
            w, h = rng.integers(4, 30, 2)
            image[y : y + h, x : x + w] = 0
            boxes.append([x, y, x + w, y + h])
    return image, np.array(boxes, np.float32)


def ink_bounds(image, box, margin=6):
    x0, y0, x1, y1 = np.add(box, [-margin, -margin, margin, margin]).astype(int)
    if min(x0, y0) < 0 or x1 > image.shape[1] or y1 > image.shape[0]:
        return None
    rows, columns = np.nonzero(image[y0:y1, x0:x1] < 128)
    return [x0 + columns.min(), y0 + rows.min(), x0 + columns.max() + 1, y0 + rows.max() + 1]


@pytest.mark.parametrize("seed", range(12))
def test_boxes_follow_the_ink_through_a_warp(seed):
    image, boxes = blobs(seed)
    warp = Warp.random(np.random.default_rng(seed), image.shape, 12)
    warped, moved = warp(image, boxes)
    checked = 0
    for box in moved:
        bounds = ink_bounds(warped, box)
        if bounds is not None:
            np.testing.assert_allclose(box, bounds, atol=1.5)
            checked += 1
    assert checked > 20


@pytest.mark.parametrize("effect", [e for _, e in EFFECTS], ids=lambda e: e.__name__)
@pytest.mark.parametrize("space", [10, 25])
def test_no_effect_moves_or_loses_what_is_as_thick_as_a_notehead(effect, space):
    image = np.full((300, 300), 255, np.uint8)
    image[100 : 100 + space, 120 : 120 + space] = 0
    for seed in range(5):
        aged = effect(image.copy(), np.random.default_rng(seed), space)
        assert aged.shape == image.shape
        assert aged.dtype == np.uint8
        inside = aged[102 : 98 + space, 122 : 118 + space].mean()
        assert inside + 50 < np.median(aged)


def test_most_of_every_staff_line_survives():
    image = np.full((300, 400), 255, np.uint8)
    lines = list(range(100, 149, 12))
    image[lines] = 20
    for seed in range(40):
        aged, _ = degrade(image, np.zeros((0, 4), np.float32), np.random.default_rng(seed))
        # a line may bend, so look for darkness anywhere around it
        around = np.median(aged[60:190, 50:350])
        band = aged[90:160, 50:350].astype(int)
        dark = (band < around - 12).any(0).mean()
        assert dark > 0.7, seed


def test_the_same_generator_gives_the_same_page():
    image, boxes = blobs()
    for make in (degrade, scan):
        first, second = (make(image, boxes, np.random.default_rng(5), staff_space=12) for _ in range(2))
        np.testing.assert_array_equal(first[0], second[0])
        np.testing.assert_array_equal(first[1], second[1])


def test_strength_zero_changes_nothing():
    image, boxes = blobs()
    aged, same = degrade(image, boxes, np.random.default_rng(0), strength=0)
    assert aged is image
    assert same is boxes


def test_a_scan_is_never_clean():
    image, boxes = blobs()
    for seed in range(10):
        aged, moved = scan(image, boxes, np.random.default_rng(seed), 12)
        assert (aged != image).mean() > 0.02
        assert moved.shape == boxes.shape


@pytest.mark.parametrize("radius", [0.3, 1.0, 1.6])
def test_ink_spreads_by_fractions_of_a_pixel(radius):
    image = np.full((40, 60), 255, np.uint8)
    image[18:22] = 0
    for operation, sign in ((cv2.MORPH_ERODE, 1), (cv2.MORPH_DILATE, -1)):
        thickness = (255 - _spread(image, radius, operation).astype(float))[:, 30].sum() / 255
        assert thickness == pytest.approx(4 + 2 * sign * radius, abs=0.05)


def test_scanned_staff_lines_are_about_as_thick_as_on_real_scans():
    """Real scans have lines of .13 to .18 staff spaces; here they are engraved at .1."""
    image = np.full((700, 500), 255, np.uint8)
    for top in range(60, 600, 180):
        for line in range(5):
            image[top + 20 * line : top + 20 * line + 2] = 0
    spread = []
    for seed in range(30):
        aged, _ = scan(image, np.zeros((0, 4), np.float32), np.random.default_rng(seed), 20)
        middle = aged[40:640, 200:300].astype(float)
        paper, ink = np.median(middle), np.percentile(middle, 1)
        spread.append(((middle < (paper + ink) / 2).mean(0) * 600 / 20 / 20).mean())  # thickness a line
    assert 0.1 < np.median(spread) < 0.22
