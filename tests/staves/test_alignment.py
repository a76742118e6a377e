"""Staves whose outer line is hidden by beams are put on their five lines."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from omr.page import Staff
from omr.staves import find_staves
from omr.staves.alignment import line_offsets, on_its_lines
from omr.staves.following import respond
from omr.staves.gauge import gauges, squeeze

SPACE, TOP, LEFT, RIGHT = 20, 160, 100, 1900


def beamed_staff(first: int = LEFT, above: bool = False) -> np.ndarray:
    """Draw a staff whose bottom line is hidden by pairs of beams from x = `first` on, under ledger lines.

    `above` turns it upside down: the beams hide the top line.
    """
    page = np.full((400, 2000), 255, np.uint8)
    for line in range(5):
        page[TOP + line * SPACE :][:2, LEFT:RIGHT] = 0
    for group in range(first + 60, RIGHT - 200, 230):
        for beam in (4, 4.75):
            y = round(TOP + (beam - 0.25) * SPACE)
            page[y : y + SPACE // 2, group : group + 184] = 0
        for x in range(group, group + 185, 46):
            head = (x - 10, TOP - SPACE)
            cv2.ellipse(page, head, (12, 9), -20, 0, 360, 0, -1)
            page[TOP - SPACE :][:2, x - 28 : x + 8] = 0
            page[TOP - SPACE : TOP + 5 * SPACE, x : x + 2] = 0
    return page[::-1].copy() if above else page


def straight_staff(top: float, off: float = 0.0, first: int = LEFT) -> Staff:
    """A staff with its top line at `top`, or `off` lines lower from x = `first` on."""
    xs = np.arange(LEFT, RIGHT, 10.0)
    return Staff(xs, np.array([top + k * SPACE + off * SPACE * (xs >= first) + 1 for k in range(5)]))


@pytest.mark.parametrize("above", [False, True])
def test_staff_behind_beams_is_found_on_its_lines(above: bool) -> None:
    page = beamed_staff(above=above)
    (staff,) = find_staves(page)
    top = 400 - TOP - 4 * SPACE - 2 if above else TOP
    assert np.abs(staff.ys - straight_staff(top).ys[:, :1]).max() < 0.15 * SPACE


@pytest.mark.parametrize("off", [-2, -1, 0, 1, 2])
def test_shifted_staff_is_put_on_its_lines(off: int) -> None:
    page = beamed_staff()
    squeezed = squeeze(page)
    response = respond(squeezed, gauges(squeezed)[0])
    staff = on_its_lines(page, response, straight_staff(TOP, off))
    assert np.abs(staff.ys - straight_staff(TOP).ys[:, :1]).max() < 0.15 * SPACE


def test_line_offsets_tell_the_part_that_is_off() -> None:
    xs, offsets = line_offsets(beamed_staff(first=1000), straight_staff(TOP, -1, first=1000))
    assert (offsets[xs < 800] == 0).all() and (offsets[xs > 1200] == 1).all()


def test_line_offsets_are_0_where_all_is_hidden() -> None:
    page = np.full((400, 2000), 255, np.uint8)
    page[TOP - 2 * SPACE : TOP + 6 * SPACE, LEFT:RIGHT] = 0
    assert not line_offsets(page, straight_staff(TOP))[1].any()
