"""Boxes are believed where ink says nothing, and corrected where it does."""

import numpy as np
import pytest

from omr.detectors.refinement import fit_to_ink
from omr.images import ink_mask
from omr.page import Box, Symbol


def page(*black):
    """A page of 60 x 60 with black boxes on it."""
    image = np.full((60, 60), 255, np.uint8)
    for x0, y0, x1, y1 in black:
        image[y0:y1, x0:x1] = 0
    return image


def fitted(image, name, *box):
    (symbol,) = fit_to_ink(ink_mask(image), [Symbol(name, Box(*map(float, box)), 0.8)])
    assert (symbol.name, symbol.score) == (name, 0.8)
    return symbol.box


@pytest.mark.parametrize("guess", [(8, 2, 14, 55), (10, 12, 14, 45), (10, 10, 14, 50)])
def test_fit_to_ink_free_symbol_gets_the_edges_of_its_ink(guess):
    assert fitted(page((10, 10, 14, 50)), "brace", *guess) == (10, 10, 14, 50)


def test_fit_to_ink_symbol_of_two_components_is_fitted_to_both():
    assert fitted(page((5, 5, 25, 7), (35, 5, 55, 7)), "tupletBracket", 4, 4, 52, 8) == (5, 5, 55, 7)


def test_fit_to_ink_tuplet_number_is_no_part_of_its_bracket():
    image = page((5, 10, 25, 12), (5, 12, 7, 16), (35, 10, 55, 12), (53, 12, 55, 16), (27, 5, 33, 18))
    number = Symbol("tuplet3", Box(27, 5, 33, 18), 0.9)
    guess = Symbol("tupletBracket", Box(4, 4, 56, 19), 0.8)
    found = {s.name: s.box for s in fit_to_ink(ink_mask(image), [number, guess])}
    assert found == {"tuplet3": number.box, "tupletBracket": (5, 10, 55, 16)}


def test_fit_to_ink_letters_in_the_box_do_not_stop_a_long_stroke():
    lyrics = [(x, 16, x + 2, 22) for x in (10, 20, 30)]
    assert fitted(page((5, 5, 55, 12), *lyrics), "tupletBracket", 4, 3, 56, 19) == (5, 5, 55, 12)


def test_fit_to_ink_attached_symbols_keep_their_boxes():
    staff = page((0, 20, 60, 22), (20, 10, 30, 40))
    assert fitted(staff, "fermataAbove", 18, 8, 31, 43) == (18, 8, 31, 43)
    assert fitted(page((20, 10, 30, 40)), "noteheadWhole", 18, 8, 31, 43) == (18, 8, 31, 43)


def test_fit_to_ink_small_free_component_does_not_replace_the_box():
    """The dots of a clef touch nothing, its curve touches the staff."""
    ink = page((0, 20, 60, 22), (10, 10, 20, 40), (24, 14, 27, 17))
    assert fitted(ink, "ornamentTurn", 8, 8, 29, 42) == (8, 8, 29, 42)


def test_fit_to_ink_touching_letters_keep_their_boxes():
    both = page((10, 10, 40, 20))
    assert fitted(both, "dynamicP", 9, 9, 26, 21) == (9, 9, 26, 21)
    assert fitted(both, "dynamicP", 24, 9, 41, 21) == (24, 9, 41, 21)


def test_fit_to_ink_edges_within_a_pixel_stay():
    assert fitted(page((10, 10, 16, 16)), "augmentationDot", 10.4, 9.5, 16.3, 19) == (10.4, 9.5, 16.3, 16)


def test_fit_to_ink_paper_or_foreign_ink_changes_nothing():
    assert fitted(page(), "fermataAbove", 5, 5, 20, 20) == (5, 5, 20, 20)
    assert fitted(page((6, 6, 8, 8)), "fermataAbove", 5, 5, 20, 20) == (5, 5, 20, 20)


def test_fit_to_ink_part_of_a_long_stroke_grows_to_all_of_it():
    assert fitted(page((2, 10, 58, 12)), "dynamicCrescendoHairpin", 20, 8, 40, 14) == (2, 10, 58, 12)
    assert fitted(page((2, 10, 58, 12)), "noteheadWhole", 20, 8, 40, 14) == (20, 8, 40, 14)


def test_fit_to_ink_fragments_of_a_stroke_become_one():
    ink = ink_mask(page((2, 10, 58, 12), (2, 30, 58, 32)))
    parts = [Box(2.0, 9.0, 30.0, 13.0), Box(28.0, 9.0, 58.0, 13.0), Box(5.0, 29.0, 25.0, 33.0)]
    slurs = [Symbol("slur", box, score) for box, score in zip(parts, (0.9, 0.8, 0.7), strict=True)]
    found = list(fit_to_ink(ink, slurs))
    assert [(s.box, s.score) for s in found] == [((2, 10, 58, 12), 0.9), ((2, 30, 58, 32), 0.7)]


def test_fit_to_ink_stroke_with_noteheads_does_not_grow():
    ink = ink_mask(page((2, 10, 58, 12), (10, 6, 16, 16)))
    head, slur = Symbol("noteheadBlack", Box(10, 6, 16, 16), 0.9), Symbol("slur", Box(20, 8, 40, 14), 0.8)
    assert list(fit_to_ink(ink, [head, slur])) == [head, slur]
