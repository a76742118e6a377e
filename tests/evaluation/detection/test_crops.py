import numpy as np

from omr.evaluation.detection.crops import Strip, cut, strips
from omr.page import Box, Page, Symbol

STAVES = [Box(10, 300, 900, 340), Box(10, 100, 900, 140), Box(10, 500, 900, 540)]


def test_a_crop_reaches_from_the_staff_above_to_the_staff_below():
    assert list(strips(STAVES, 700)) == [Strip(60, 300), Strip(140, 500), Strip(340, 580)]


def test_several_staves_together_and_what_is_left_over():
    assert list(strips(STAVES, 700, together=2)) == [Strip(60, 500), Strip(340, 580)]


def test_staves_side_by_side_are_one_and_the_page_ends_the_crops():
    halves = [Box(10, 30, 400, 70), Box(450, 33, 900, 73)]
    assert list(strips(halves, 100)) == [Strip(0, 100)]
    assert list(strips([], 100)) == []


def test_symbols_belong_where_four_fifths_of_them_are():
    grey = np.arange(100, dtype=np.uint8)[:, None].repeat(30, 1)
    symbols = (
        Symbol("noteheadBlack", Box(0, 50, 10, 60)),
        Symbol("stem", Box(0, 35, 2, 75), 0.5),  # 35 of 40 pixels inside
        Symbol("slur", Box(0, 30, 9, 50)),  # half of it inside
        Symbol("staff", Box(0, 45, 30, 65)),
    )
    crop = cut(Page(30, 100, symbols, image=grey), Strip(40, 80), 2)
    assert crop.symbols == (
        Symbol("noteheadBlack", Box(0, 10, 10, 20)),
        Symbol("stem", Box(0, 0, 2, 35), 0.5),
    )
    assert (crop.width, crop.height, crop.number) == (30, 40, 2)
    assert crop.image is not None and crop.image[0, 0] == 40


def test_crowds_are_cut_at_the_edges_of_a_crop():
    crowds = (Symbol("stem", Box(0, 0, 9, 50)), Symbol("stem", Box(0, 90, 9, 99)))
    [crowd] = cut(Page(100, 100, crowds=crowds), Strip(40, 80), 1).crowds
    assert crowd.box == Box(0, 0, 9, 10)
