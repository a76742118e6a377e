"""Views of pages: the map to the original image and back, of points, boxes, staves and pictures."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from omr.datasets.photo import Sheet, turned
from omr.page import Box, Ink, Page, Staff, Symbol
from omr.view import View, on_original, rotated, upright, whole
from omr.vocabulary.translation import core_page, in_names

SHAPE = (1100, 800)


def photographed(seed: int = 3) -> View:
    """The view that undoes a photograph with perspective and curl."""
    sheet = Sheet.random(np.random.default_rng(seed), SHAPE)
    x, y = np.meshgrid(np.linspace(0, SHAPE[1], 30), np.linspace(0, SHAPE[0], 40))
    points = sheet.move_points(np.stack([x.ravel(), y.ravel()], 1)).reshape(40, 30, 2)
    return View(SHAPE[1], SHAPE[0], points)


VIEWS = {
    "whole": whole(SHAPE),
    "skewed": rotated(SHAPE, 17.0),
    "sideways": rotated(SHAPE, 90),
    "upside down": rotated(SHAPE, 180),
    "mirrored": whole(SHAPE).flipped(across=True, down=False),
    "photograph": photographed(),
    "photograph upside down": photographed().flipped(across=True, down=True),
    "skewed photograph": rotated(SHAPE, -95).behind(photographed()),
}


@pytest.fixture(params=VIEWS.values(), ids=VIEWS.keys())
def view(request: pytest.FixtureRequest) -> View:
    return request.param


def some_boxes(count: int = 200) -> np.ndarray:
    rng = np.random.default_rng(0)
    corners = rng.uniform([60, 60], [600, 900], (count, 2))
    return np.hstack([corners, corners + rng.uniform(1, 80, (count, 2))])


def test_points_come_back(view: View) -> None:
    points = some_boxes().reshape(-1, 2)
    np.testing.assert_allclose(view.to_view(view.to_original(points)), points, atol=1e-3)


def test_boxes_come_back(view: View) -> None:
    boxes = some_boxes()
    np.testing.assert_allclose(view.boxes_to_view(view.boxes_to_original(boxes)), boxes, atol=1e-3)


def test_boxes_come_back_after_rounding(view: View) -> None:
    boxes = some_boxes()
    stored = view.rounded().boxes_to_original(boxes).round(2)
    np.testing.assert_allclose(view.rounded().boxes_to_view(stored), boxes, atol=0.05)


@pytest.mark.parametrize("name", ["skewed", "photograph"])
def test_box_is_around_the_mapped_outline(name: str) -> None:
    for x0, y0, x1, y1 in some_boxes(20):
        t = np.linspace(0, 1, 9)[:, None]
        corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)])
        outline = np.concatenate([a + t * (b - a) for a, b in pairwise(corners)])
        moved = VIEWS[name].to_original(outline)
        (box,) = VIEWS[name].boxes_to_original(np.array([[x0, y0, x1, y1]]))
        np.testing.assert_allclose(box, [*moved.min(0), *moved.max(0)], atol=0.5)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_quarter_turn_changes_no_pixel(degrees: int) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (70, 50), np.uint8)
    original = turned(picture, degrees)
    assert (rotated(original.shape, degrees).look(original) == picture).all()


def test_skew_is_undone() -> None:
    picture = np.full((300, 400), 255, np.uint8)
    picture[140:150, 100:300] = 0
    seen = rotated(turned(picture, 12).shape, 12).look(turned(picture, 12))
    rows = np.flatnonzero((seen < 128).any(1))
    assert np.ptp(rows) == pytest.approx(9, abs=1)


def test_outside_of_the_image_is_white() -> None:
    black = np.zeros((100, 100), np.uint8)
    assert rotated(black.shape, 45).look(black)[0, 0] == 255


def test_negative_view_is_black_on_white() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (70, 50), np.uint8)
    assert (replace(whole(picture.shape), negative=True).look(255 - picture) == picture).all()


def test_only_flips_one_way_are_mirrored() -> None:
    page = rotated(SHAPE, 30)
    for across in (False, True):
        for down in (False, True):
            assert page.flipped(across=across, down=down).mirrored == (across != down)


def level_staff(top: float, width: float = 800) -> Staff:
    xs = np.linspace(50, width - 50, 40)
    return Staff(xs, np.array([np.full(40, top + 10 * line) for line in range(5)]))


def test_staff_lies_on_the_skewed_image() -> None:
    view = rotated(SHAPE, 17.0)
    staff = view.staff_on_original(level_staff(400, view.width))
    assert (np.diff(staff.xs) > 0).all()
    points = np.stack([staff.xs, staff.ys[2]], 1)
    np.testing.assert_allclose(view.to_view(points)[:, 1], 420, atol=1e-3)
    assert (staff.ys[-1] - staff.ys[0]).mean() == pytest.approx(40 / np.cos(np.radians(17)), rel=0.01)


def test_staff_of_a_sideways_image_is_its_box() -> None:
    view = rotated(SHAPE, 90)
    staff = view.staff_on_original(level_staff(400, view.width))
    assert len(staff.ys) == 2
    corners = view.to_original(np.array([(50.0, 400), (view.width - 50, 440)]))
    np.testing.assert_allclose(staff.box, [*corners.min(0), *corners.max(0)], atol=0.01)


def test_staves_upside_down_are_sorted_on_the_image() -> None:
    view = replace(rotated(SHAPE, 180), staves=(level_staff(100), level_staff(500)))
    page = on_original(Page(800, 1100), view, Page(800, 1100))
    heights = [float(staff.ys.mean()) for staff in page.staves]
    assert heights == sorted(heights) and heights[0] == pytest.approx(1100 - 520)
    assert (np.diff(page.staves[0].ys, axis=0) > 0).all()


def test_flipped_view_has_flipped_staves() -> None:
    view = replace(whole(SHAPE), staves=(level_staff(100), level_staff(500)))
    turned_view = view.flipped(across=True, down=True)
    assert [float(staff.ys[0].mean()) for staff in turned_view.staves] == [1100 - 540, 1100 - 140]
    for staff in turned_view.staves:
        assert (np.diff(staff.xs) > 0).all() and (np.diff(staff.ys, axis=0) > 0).all()


def page_of(view: View) -> Page:
    """A page with a head on the top line and a clef, seen through a view."""
    view = replace(view, staves=(level_staff(400, view.width),))
    symbols = (Symbol("noteheadBlack", Box(300, 395, 312, 405)), Symbol("clefG", Box(60, 385, 85, 455)))
    seen = Page(view.width, view.height, symbols, view.staves, low_confidence=symbols[:1])
    return on_original(seen, view, Page(SHAPE[1], SHAPE[0]))


def test_upright_page_is_the_page_that_was_seen(view: View) -> None:
    page = page_of(view)
    assert (page.width, page.height) == (800, 1100)
    seen = upright(page)
    assert (seen.width, seen.height, seen.view) == (view.width, view.height, None)
    np.testing.assert_allclose(seen.symbols[0].box, (300, 395, 312, 405), atol=1e-3)
    np.testing.assert_allclose(seen.low_confidence[0].box, (300, 395, 312, 405), atol=1e-3)
    assert seen.staves == page.view.staves


def test_upright_page_has_the_picture_of_the_view_where_there_is_no_ink() -> None:
    picture = np.random.default_rng(0).integers(0, 256, SHAPE, np.uint8)
    page = replace(page_of(rotated(SHAPE, 90)), image=picture)
    assert (upright(page).image == np.rot90(picture)).all()
    assert upright(replace(page, ink=Ink(picture, 1.0))).image is None


def test_names_are_told_on_the_view(view: View) -> None:
    """Whether a head is on a line is told by level staves; the music stays what it is."""
    page = page_of(view)
    named = in_names(page, "deepscores")
    assert [symbol.name for symbol in named.symbols] == ["noteheadBlackOnLine", "clefG", "staff"]
    assert [symbol.name for symbol in core_page(named).symbols] == ["noteheadBlack", "clefG"]
    for now, then in zip(core_page(named).symbols, page.symbols, strict=True):
        np.testing.assert_allclose(now.box, then.box, atol=1e-3)
