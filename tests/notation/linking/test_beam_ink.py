"""Beams drawn on a page are counted, whatever the boxes around them say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from omr.notation.limits import BeamInkLimits
from omr.notation.linking.beam_groups import beam_words
from omr.notation.linking.beam_ink import Gap, count_beams, measured_limits
from omr.page import Box, Ink, Page, Staff, Symbol
from tests.builders.pages import linked_page

SPACE = 20.0
TOP = 200.0
HEAD = TOP + 3 * SPACE
XS = (200.0, 260.0, 320.0, 380.0)


class Drawing:
    """A staff with quarter notes on it, stems up, whose tips lie on a line."""

    def __init__(self, slope: float = 0.0, xs: Sequence[float] = XS) -> None:
        self.image: NDArray[np.uint8] = np.full((500, 700), 255, np.uint8)
        self.slope, self.xs = slope, xs
        for y in TOP + SPACE * np.arange(5):
            self.image[round(y) - 1 : round(y) + 1] = 0
        for x in xs:
            self.image[round(self.tip(x)) : round(HEAD), round(x) - 1 : round(x) + 1] = 0

    def tip(self, x: float) -> float:
        return HEAD - 4 * SPACE + self.slope * (x - self.xs[0])

    def beam(self, level: int, x0: float, x1: float, thickness: float = 0.5, pitch: float = 0.75) -> Drawing:
        """Draw the beam of a level, from 0, between two xs."""
        inwards = pitch * SPACE * level
        top = [(x, self.tip(x) + inwards) for x in (x0, x1)]
        corners = [*top, *((x, y + thickness * SPACE) for x, y in reversed(top))]
        cv2.fillPoly(self.image, [np.rint(corners).astype(np.int32)], 0)
        return self

    def box(self, x0: float, x1: float, levels: int = 1) -> Symbol:
        """What a detector gives that takes `levels` beams for one."""
        ys = [self.tip(x0), self.tip(x1)]
        return Symbol("beam", Box(x0, min(ys), x1, max(ys) + (0.75 * levels - 0.25) * SPACE), 0.9)

    def page(self, *beams: Symbol) -> Page:
        symbols = list(beams)
        for x in self.xs:
            symbols.append(Symbol("stem", Box(x - 1, self.tip(x), x + 1, HEAD)))
            symbols.append(Symbol("noteheadBlack", Box(x - 25, HEAD - 10, x, HEAD + 10)))
        staff = Staff(np.array([20.0, 680.0]), np.array([[TOP + SPACE * k] * 2 for k in range(5)]))
        return Page(700, 500, tuple(symbols), (staff,), image=self.image)


def levels(page: Page) -> list[int]:
    return [chord.levels for chord in sorted(linked_page(page).chords, key=lambda chord: chord.x)]


def groups(page: Page) -> list[int]:
    return sorted(len(group) for group in linked_page(page).groups)


def drawn(drawing: Drawing, beams: Iterable[tuple[int, float, float]]) -> Drawing:
    for level, x0, x1 in beams:
        drawing.beam(level, x0, x1)
    return drawing


@pytest.mark.parametrize("slope", [-0.4, -0.1, 0.0, 0.15])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_beams_stacked_in_one_box_are_counted(slope: float, count: int) -> None:
    drawing = drawn(Drawing(slope), ((level, XS[0], XS[-1]) for level in range(count)))
    assert levels(drawing.page(drawing.box(XS[0], XS[-1], count))) == [count] * 4


def test_blur_and_beams_that_run_together_don_t_change_the_count() -> None:
    drawing = drawn(Drawing(-0.2), ((level, XS[0], XS[-1]) for level in range(3)))
    spread = cv2.erode(drawing.image, np.ones((3, 3)))  # the gaps are 5 pixels
    drawing.image = cv2.GaussianBlur(spread // 2 + 70, (0, 0), 3).astype(np.uint8)
    assert levels(drawing.page(drawing.box(XS[0], XS[-1], 3))) == [3] * 4


def test_short_beams_count_at_the_stem_they_stand_at() -> None:
    a, b, c, d = XS
    drawing = drawn(Drawing(0.1), [(0, a, d), (1, b - 22, b), (1, c, d), (2, c, c + 22)])
    page = drawing.page(drawing.box(a, d))
    assert levels(page) == [1, 2, 3, 2]
    group = linked_page(page).groups[0]
    words = beam_words(group)
    assert [words[chord] for chord in group] == [
        ("begin",),
        ("continue", "backward hook"),
        ("continue", "begin", "forward hook"),
        ("end", "end"),
    ]


def test_a_box_over_two_groups_is_cut_where_there_is_no_ink() -> None:
    a, b, c, d = XS
    drawing = drawn(Drawing(), [(0, a, b), (0, c, d)])
    assert groups(drawing.page(drawing.box(a, d))) == [2, 2]


def test_a_box_that_ends_early_still_reaches_the_last_stem() -> None:
    drawing = Drawing(0.1).beam(0, XS[0], XS[-1])
    page = drawing.page(drawing.box(XS[0], XS[2] + 15))
    assert levels(page) == [1] * 4 and groups(page) == [4]
    assert levels(replace(page, image=None)) == [1, 1, 1, 0]


def test_staff_lines_slurs_and_dynamics_are_no_beams() -> None:
    drawing = Drawing(0.05).beam(0, XS[0], XS[-1])
    page = drawing.page(drawing.box(XS[0], XS[-1]))
    tip = round(drawing.tip(XS[1]))
    drawing.image[tip - 40 : tip - 3, 225:255] = 0  # a letter beyond the tips
    cv2.ellipse(drawing.image, (290, tip - 5), (120, 25), 0, 180, 360, 0, 4)
    assert levels(page) == [1] * 4
    assert levels(Drawing().page()) == [0] * 4


def test_looking_beyond_the_image_finds_nothing() -> None:
    blank = np.full((50, 50), 255, np.uint8)
    gaps = [Gap((-500.0, 900.0), (-80.0, 4000.0), 1, 3.0), Gap((10.0, 10.0), (20.0, 20.0), -1, 0.0)]
    assert [beams.shared for beams in count_beams(Ink(blank, 1.0), 8.0, gaps, BeamInkLimits())] == [0, 0]
    assert count_beams(Ink(blank, 1.0), 8.0, [], BeamInkLimits()) == []


def test_a_box_that_reaches_into_a_group_of_other_stems_doesn_t_join_it() -> None:
    drawing = drawn(Drawing(0.1), ((level, XS[0], XS[1]) for level in (0, 1)))
    down = [(450.0, HEAD + 80), (510.0, HEAD + 86)]
    for x, tip in down:
        drawing.image[round(HEAD) : round(tip), round(x) - 1 : round(x) + 1] = 0
    corners = [(x, tip - dy) for (x, tip), dy in zip([*down, *down[::-1]], [0, 0, 10, 10], strict=True)]
    cv2.fillPoly(drawing.image, [np.rint(corners).astype(np.int32)], 0)
    drawing.xs = XS[:2]
    wide = Symbol("beam", Box(XS[0], drawing.tip(XS[0]), 455, HEAD + 80), 0.9)
    symbols = [Symbol("stem", Box(x - 1, HEAD, x + 1, tip)) for x, tip in down]
    symbols += [Symbol("noteheadBlack", Box(x, HEAD - 10, x + 25, HEAD + 10)) for x, _ in down]
    page = drawing.page(wide, Symbol("beam", Box(450, HEAD + 70, 510, HEAD + 86), 0.9), *symbols)
    assert groups(page) == [2, 2]
    assert levels(page) == [2, 2, 1, 1]


def kneed(drawing: Drawing, beams: int) -> Page:
    """Three stems that go up to the beams, and one that comes down to them; one box around all beams."""
    drawn(drawing, ((level, XS[0], XS[-1]) for level in range(beams)))
    x, outer = XS[-1], drawing.tip(XS[-1])
    inner = outer + (0.75 * beams - 0.25) * SPACE
    drawing.image[round(outer - 3 * SPACE) : round(HEAD), round(x) - 1 : round(x) + 1] = 255
    drawing.image[round(outer - 3 * SPACE) : round(inner), round(x) - 1 : round(x) + 1] = 0
    drawing.xs = XS[:-1]
    top = outer - 3 * SPACE
    ledgers = [TOP - SPACE * k for k in range(1, 6) if TOP - SPACE * k > top - 5]
    return drawing.page(
        *(Symbol("ledgerLine", Box(x - 5, y - 1, x + 30, y + 1)) for y in ledgers),
        drawing.box(XS[0], XS[2] + 40, beams),
        Symbol("stem", Box(x - 1, top, x + 1, inner)),
        Symbol("noteheadBlack", Box(x, top - 10, x + 25, top + 10)),
    )


@pytest.mark.parametrize("beams", [1, 2, 3])
@pytest.mark.parametrize("slope", [-0.1, 0.0, 0.1])
def test_beams_between_stems_that_turn_are_counted(slope: float, beams: int) -> None:
    page = kneed(Drawing(slope), beams)
    assert levels(page) == [beams] * 4 and groups(page) == [4]


def test_a_stem_found_too_short_goes_on_to_its_head() -> None:
    drawing = Drawing()
    x, low = XS[0], HEAD + 2 * SPACE
    drawing.image[round(HEAD) : round(low), round(x) - 1 : round(x) + 1] = 0
    octave = drawing.page(Symbol("noteheadBlack", Box(x - 25, low - 10, x, low + 10)))
    assert [len(chord.heads) for chord in linked_page(octave).chords if abs(chord.x - x) < 25] == [2]
    drawing.image[round(HEAD) + 5 : round(HEAD) + 35, round(x) - 1 : round(x) + 1] = 255  # no ink between
    assert [len(chord.heads) for chord in linked_page(octave).chords if abs(chord.x - x) < 25] == [1, 1]


def test_thick_beams_of_old_engraving_that_run_together_are_not_one_more() -> None:
    xs = tuple(60.0 + 40 * n for n in range(16))
    drawing = Drawing(xs=xs)
    for n in range(0, 16, 4):
        for level in range(2):
            drawing.beam(level, xs[n], xs[n + 3], thickness=0.85, pitch=1.0)
    drawing.image[round(drawing.tip(0)) : round(drawing.tip(0)) + 2 * round(SPACE), 62:98] = 0
    boxes = [drawing.box(xs[n], xs[n + 3], 2) for n in range(0, 16, 4)]
    assert levels(drawing.page(*boxes)) == [2] * 16


def test_few_beams_do_not_tell_how_thick_beams_are() -> None:
    blank = Ink(np.full((50, 50), 255, np.uint8), 1.0)
    assert measured_limits(blank, 8.0, [], BeamInkLimits()) == BeamInkLimits()
    assert measured_limits(blank, 8.0, [Gap((10.0, 30.0), (20.0, 20.0), 1, 3.0)], BeamInkLimits()) == (
        BeamInkLimits()
    )
