from __future__ import annotations

import numpy as np
import pytest

from omr.notation.layout.staff_begin import begin_before_clefs
from omr.page import Box, Staff

SPACE = 10.0


def staff(x0: float, x1: float = 900.0, top: float = 100.0, slope: float = 0.0) -> Staff:
    ys = top + SPACE * np.arange(5)[:, None] + slope * (np.array([x0, x1]) - x0)
    return Staff(np.array([x0, x1]), ys)


def clef(x: float, y: float = 120.0) -> Box:
    return Box(x, y - 30, x + 25, y + 30)


def test_a_staff_begins_left_of_a_clef_before_it() -> None:
    [found] = begin_before_clefs([staff(150)], [clef(110)], 0.0, SPACE)
    assert found.xs.tolist() == pytest.approx([103, 150, 900])
    assert np.allclose(found.ys[:, 0], found.ys[:, 1])


def test_the_lines_go_on_along_the_slope_of_the_page() -> None:
    [found] = begin_before_clefs([staff(150, slope=0.02)], [clef(110)], 0.02, SPACE)
    assert found.ys[0, 0] == pytest.approx(100 - 0.02 * 47)


@pytest.mark.parametrize(
    "box", [clef(160), clef(110, y=400), clef(-100)], ids=["on the staff", "at another height", "far away"]
)
def test_other_clefs_leave_a_staff_as_it_is(box: Box) -> None:
    whole = staff(150)
    assert begin_before_clefs([whole], [box], 0.0, SPACE) == (whole,)


def test_a_clef_on_a_staff_extends_none_to_its_right() -> None:
    both = [staff(50, 400), staff(420)]
    assert begin_before_clefs(both, [clef(370)], 0.0, SPACE) == tuple(both)


def test_a_short_staff_is_not_extended() -> None:
    short = staff(150, 300)
    assert begin_before_clefs([short], [clef(110)], 0.0, SPACE) == (short,)
