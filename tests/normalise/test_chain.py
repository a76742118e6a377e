"""Pages made level and flat, step by step and as a chain."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from omr.datasets.photo import Sheet, photo, turned
from omr.normalise import normalise
from omr.normalise.direction import find_direction, find_slant
from omr.normalise.flattening import flattened, is_uneven, straightened, unevenness
from omr.normalise.light import even_light
from omr.page import Staff
from omr.staves import find_staves
from omr.view import whole
from tests.builders.staff_lines import SPACE, TOPS, drawn_page

PAGE = drawn_page()


@pytest.mark.parametrize("degrees", [0, 7, 20, -20])
@pytest.mark.parametrize("quarter", [0, 90])
def test_direction_is_found(degrees: int, quarter: int) -> None:
    found = find_direction(turned(turned(PAGE, quarter), degrees))
    assert found.sideways == (quarter == 90)
    assert found.skew == pytest.approx(degrees, abs=0.2)


def test_beams_do_not_tell_the_direction() -> None:
    """Dense beams that rise alike have a sharp profile at their own angle."""
    page = PAGE.copy()
    for y in range(100, 1000, 10):
        cv2.line(page, (300, y), (700, y - 90), 0, 5)
    assert find_direction(page).skew == pytest.approx(0, abs=0.2)


def test_blank_page_is_level() -> None:
    assert find_direction(np.full((300, 200), 255, np.uint8)) == (False, 0.0)


@pytest.mark.parametrize("degrees", [10, -15, 20, 90, 100, 270])
def test_turned_page_is_made_level(degrees: int) -> None:
    page = normalise(turned(PAGE, degrees))
    assert page.changed and len(page.staves) == len(TOPS)
    slope, bend, _ = unevenness(page.staves)
    assert slope < 0.003 and bend < 0.2
    assert page.staves[0].space == pytest.approx(SPACE, rel=0.02)


def test_level_page_is_left_alone() -> None:
    page = normalise(PAGE)
    assert not page.changed and page.grey is PAGE
    assert len(page.staves) == len(TOPS)


def test_blank_page_is_left_alone() -> None:
    blank = np.full((300, 200), 255, np.uint8)
    page = normalise(blank)
    assert page.staves == () and not page.changed and (page.grey == blank).all()


def test_white_on_black_is_inverted() -> None:
    page = normalise(255 - PAGE)
    assert page.view.negative and (page.grey == PAGE).all()


def test_dark_paper_is_not_inverted() -> None:
    dark = (PAGE // 4).astype(np.uint8)
    page = normalise(dark)
    assert not page.changed and len(page.staves) == len(TOPS)


@pytest.mark.parametrize("seed", range(6))
def test_photograph_is_made_flat(seed: int) -> None:
    page = normalise(photo(PAGE, np.random.default_rng(seed)))
    assert len(page.staves) == len(TOPS)
    slope, bend, narrowing = unevenness(page.staves)
    assert slope < 0.02 and bend < 1 and narrowing < 0.15


@pytest.mark.parametrize("seed", range(6))
def test_flat_view_follows_the_known_warp(seed: int) -> None:
    """What is on one height of the page is on one height of the view, and margins are upright."""
    sheet = Sheet.random(np.random.default_rng(seed), PAGE.shape)
    taken = sheet.move_image(PAGE, 255)
    view = flattened(find_staves(taken), taken.shape)
    x = np.linspace(90, 910, 9)
    for top in TOPS:
        seen = view.to_view(sheet.move_points(np.stack([x, np.full(9, top + 2 * SPACE + 1.0)], 1)))
        assert np.ptp(seen[:, 1]) < 0.15 * SPACE
    for left in (81.5, 918.5):
        edge = np.stack([np.full(5, left), np.add(TOPS, 2 * SPACE)], 1).astype(float)
        assert np.ptp(view.to_view(sheet.move_points(edge))[:, 0]) < 0.6 * SPACE


def test_level_staves_are_even() -> None:
    assert not is_uneven(find_staves(PAGE))
    assert not is_uneven([])


def test_shadow_is_evened_out() -> None:
    shadow = np.where(np.arange(1000) < 400, 0.5, 1.0)
    lit = even_light((PAGE * shadow).astype(np.uint8), SPACE)
    far = np.r_[0:350, 450:1000]  # the edge of the shadow itself is blurred
    assert np.percentile(lit[:, far], 20) > 230
    assert np.abs(lit[:, far].astype(int) - PAGE[:, far])[PAGE[:, far] == 0].max() < 30


def test_even_light_is_left_alone() -> None:
    assert even_light(PAGE, SPACE) is PAGE


def staff_of(space: float, top: float, fall: float = 0.0) -> Staff:
    """A staff of one size whose lines fall by `fall` pixels in all."""
    xs = np.linspace(100, 900, 30)
    return Staff(xs, np.array([top + k * space + fall * (xs - 100) / 800 for k in range(5)]))


SIZES = (13.7, 19.6, 19.6, 13.7, 19.6, 19.6)
"""Staff spaces of two systems of a voice in small staves and a piano."""


def test_staves_of_two_sizes_are_even() -> None:
    assert not is_uneven([staff_of(space, 100 + 150 * k) for k, space in enumerate(SIZES)])


def test_staves_of_two_sizes_keep_their_sizes() -> None:
    staves = [staff_of(space, 100 + 150 * k, fall=40) for k, space in enumerate(SIZES)]
    view = flattened(staves, (1100, 1000))
    for staff, space in zip(staves, SIZES, strict=True):
        lines = [view.to_view(np.stack([staff.xs, line], 1))[:, 1] for line in staff.ys]
        assert np.ptp(lines, axis=1).max() < 1
        assert (np.mean(lines[-1]) - np.mean(lines[0])) / 4 == pytest.approx(space, rel=0.02)


@pytest.mark.parametrize("slant", [0.08, -0.05])
def test_slant_of_barlines_is_found_and_undone(slant: float) -> None:
    """On staves alone, without margins that tell."""
    view = whole(PAGE.shape)
    x, y = np.meshgrid(np.linspace(0, 1000, 20), np.linspace(0, 1100, 20))
    leaning = replace(view, points=np.stack([x - slant * (y - 550), y], -1)).look(PAGE)
    assert find_slant(leaning[100:900, 150:850]) == pytest.approx(slant, abs=0.01)
    upright = straightened(whole(leaning.shape), leaning, find_staves(leaning)).look(leaning)
    assert find_slant(upright[100:900, 150:850]) == pytest.approx(0, abs=0.01)
