"""Stems that no detector found are seen in the page's ink."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from omr.page import Box, Page, Symbol
from tests.builders.pages import linked_page, notehead, page

HEAD = notehead(200, 120)


def drawn(*symbols: Symbol) -> tuple[Page, NDArray[np.uint8]]:
    """A page with its heads in ink, and its picture."""
    read = page(HEAD, *symbols)
    image = np.full((read.height, read.width), 255, np.uint8)
    for symbol in read.symbols:
        x0, y0, x1, y1 = (round(v) for v in symbol.box)
        image[y0:y1, x0:x1] = 0
    return replace(read, image=image), image


def values(read: Page) -> list[tuple[str, str]]:
    return [(chord.value, chord.direction) for chord in linked_page(read).chords]


def test_an_upright_line_at_the_right_of_a_head_is_its_stem() -> None:
    read, image = drawn()
    image[85:120, 205:207] = 0
    assert values(read) == [("quarter", "up")]


def test_a_line_at_the_left_goes_down() -> None:
    read, image = drawn()
    image[120:155, 194:196] = 0
    assert values(read) == [("quarter", "down")]


def test_a_short_stroke_or_a_wide_one_is_no_stem() -> None:
    for x0, x1, y0 in ((205, 207, 108), (200, 216, 85)):
        read, image = drawn()
        image[y0:120, x0:x1] = 0
        assert values(read) == [("quarter", "")]


def test_a_stem_worn_to_dashes_leads_to_its_beam() -> None:
    beam = Symbol("beam", Box(204, 80, 260, 85), 0.9)
    read, image = drawn(beam)
    for y in range(86, 115, 6):
        image[y : y + 3, 205:207] = 0
    assert values(read) == [("eighth", "up")]
    image[86:115, 205:207] = 255
    assert values(read) == [("quarter", "")]


def test_without_a_picture_no_stem_is_recovered() -> None:
    read, image = drawn()
    image[85:120, 205:207] = 0
    assert values(replace(read, image=None)) == [("quarter", "")]
