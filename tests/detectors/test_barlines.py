"""One piece of a barline is enough to know all of it."""

import cv2
import numpy as np
import pytest

from omr.detectors.barlines import follow_barlines
from omr.page import Box, Symbol

SPACE = 10


@pytest.fixture
def ink():
    """Two staves of five lines, and a barline through both, from 20 to 160 at 100."""
    page = np.zeros((180, 200), np.uint8)
    for top in (20, 120):
        for line in range(5):
            page[top + line * SPACE : top + line * SPACE + 1, 5:195] = 1
    page[20:161, 99:102] = 1
    return page


def followed(ink, *boxes, name="barline"):
    symbols = [Symbol(name, Box(*map(float, box)), 0.9 - k / 10) for k, box in enumerate(boxes)]
    return list(follow_barlines(ink, symbols, SPACE))


def test_a_piece_grows_to_the_whole(ink):
    (symbol,) = followed(ink, (98.8, 50, 102.1, 90))
    assert symbol.box == pytest.approx((98.8, 20, 102.1, 161), abs=0.01)


def test_of_several_pieces_the_best_remains(ink):
    (symbol,) = followed(ink, (99, 20, 102, 60), (99, 110, 102, 160), (99, 55, 102, 100))
    assert symbol.score == 0.9
    assert symbol.box == (99, 20, 102, 161)


def test_a_leaning_barline_is_as_wide_as_it_leans(ink):
    ink[20:161, 99:102] = 0
    cv2.line(ink, (90, 20), (104, 160), 1, 3)
    (symbol,) = followed(ink, (95, 70, 100, 110))
    assert symbol.box == pytest.approx((89, 20, 106, 161), abs=2)


def test_barlines_side_by_side_stay_two(ink):
    ink[20:161, 106:109] = 1
    assert len(followed(ink, (99, 20, 102, 160), (106, 20, 109, 160))) == 2


def test_what_is_on_no_stroke_and_what_is_no_barline_stay(ink):
    blank = (150.0, 70.0, 153.0, 110.0)
    assert followed(ink, blank)[0].box == blank
    piece = (99.0, 50.0, 102.0, 90.0)
    assert followed(ink, piece, name="stem")[0].box == piece
