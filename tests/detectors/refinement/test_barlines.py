"""A barline is one symbol from top to bottom, and two barlines stay two."""

import numpy as np

from omr.detectors.refinement import join_barlines
from omr.page import Box, Symbol

SPACE = 10.0


def joined(*boxes, ink=(), name="barline", score=0.9):
    page = np.zeros((400, 100), np.uint8)
    for x0, y0, x1, y1 in ink:
        page[y0:y1, x0:x1] = 1
    symbols = [Symbol(name, Box(*map(float, box)), score) for box in boxes]
    return sorted(tuple(symbol.box) for symbol in join_barlines(page, symbols, SPACE))


def test_join_barlines_overlapping_or_adjacent_fragments_are_one():
    assert joined((10, 20, 12, 90), (10, 80, 12, 150), (10, 155, 12, 200)) == [(10, 20, 12, 200)]


def test_join_barlines_fragments_of_a_skewed_barline_are_one():
    assert joined((10, 20, 13, 90), (16, 150, 19, 220), (13, 85, 16, 152)) == [(10, 20, 19, 220)]


def test_join_barlines_over_a_wide_gap_needs_ink():
    parts = ((10, 20, 12, 90), (10, 140, 12, 220))
    assert joined(*parts) == sorted(parts)
    assert joined(*parts, ink=[(10, 20, 12, 220)]) == [(10, 20, 12, 220)]
    far = ((10, 20, 12, 90), (10, 190, 12, 260))
    assert joined(*far, ink=[(10, 20, 12, 260)]) == sorted(far)


def test_join_barlines_ends_where_the_ink_ends():
    """The stroke of a divider between two systems, at one end of the line, is none of it."""
    ink = [(10, 60, 12, 200), (8, 210, 20, 218)]
    assert joined((9, 20, 13, 220), ink=ink) == [(9, 60, 13, 200)]
    assert joined((9, 20, 13, 220)) == [(9, 20, 13, 220)]  # nothing is known of a line that has faded
    systems = ((9, 20, 13, 225), (9, 205, 13, 400))
    assert len(joined(*systems, ink=[*ink, (10, 240, 12, 390)])) == 2


def test_join_barlines_short_box_gets_the_length_of_its_ink():
    assert joined((9, 80, 13, 150), ink=[(10, 60, 12, 120), (10, 121, 12, 180)]) == [(9, 60, 13, 180)]
    streak = [(10, 0, 12, 400)]
    assert joined((9, 80, 13, 150), ink=streak) == [(9, 80, 13, 150)]  # no end is near
    assert joined((9, 10, 13, 150), ink=[(10, 0, 12, 170)]) == [(9, 0, 13, 170)]  # but for the page's


def test_join_barlines_bracket_fragments_are_one_with_the_hooks():
    ink = [(10, 60, 14, 300), (10, 50, 22, 60), (10, 300, 22, 310)]
    parts = ((9, 70, 15, 175), (9, 172, 15, 290))
    assert joined(*parts, ink=ink, name="bracket") == [(9, 50, 15, 310)]
    next_system = ((9, 80, 15, 140), (9, 150, 15, 240))
    assert joined(*next_system, ink=[(10, 78, 14, 242)], name="bracket") == [
        (9, 78, 15, 140),
        (9, 150, 15, 242),
    ]


def test_join_barlines_double_bar_stays_two():
    pair = ((10, 20, 12, 90), (15, 20, 17, 90))
    assert joined(*pair, ink=[(10, 20, 12, 90), (15, 20, 17, 90)]) == sorted(pair)


def test_join_barlines_low_scores_and_other_classes_stay():
    parts = ((10, 20, 12, 90), (10, 80, 12, 150))
    assert joined(*parts, score=0.4) == sorted(parts)
    assert joined(*parts, name="stem") == sorted(parts)


def test_join_barlines_keeps_the_best_score_and_classes_apart():
    thin = [Symbol("barline", Box(10, 80, 12, 150), 0.7), Symbol("barline", Box(10, 20, 12, 90), 0.9)]
    heavy = Symbol("barlineHeavy", Box(12, 20, 16, 90), 0.8)
    found = join_barlines(np.zeros((400, 100), np.uint8), [*thin, heavy], SPACE)
    assert found == [Symbol("barline", Box(10, 20, 12, 150), 0.9), heavy]
