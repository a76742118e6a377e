"""Stems reach their beams and flags, and are neither cut in two nor left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from omr.page import Box, Page, Symbol
from tests.builders.pages import linked_page, notehead, page

HEADS = (notehead(200, 140), notehead(240, 140))
STEMS = (Symbol("stem", Box(205, 113, 207, 140)), Symbol("stem", Box(245, 92, 247, 140)))
BEAM = Symbol("beam", Box(205, 90, 247, 95))


def inked(read: Page, *boxes: Box) -> Page:
    """Give a page a picture with its symbols, and more ink, in black."""
    image = np.full((read.height, read.width), 255, np.uint8)
    for box in (*(symbol.box for symbol in read.symbols), *boxes):
        image[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)] = 0
    return replace(read, image=image)


def values(read: Page) -> list[tuple[str, int]]:
    return [(chord.value, len(chord.heads)) for chord in linked_page(read).chords]


def test_a_stem_that_ends_short_of_its_beam_is_extended_along_its_ink() -> None:
    read = page(*HEADS, *STEMS, BEAM)
    assert values(inked(read, Box(205, 95, 207, 113))) == [("eighth", 1), ("eighth", 1)]


def test_paper_between_a_stem_and_a_beam_parts_them() -> None:
    read = page(*HEADS, replace(STEMS[0], box=Box(205, 120, 207, 140)), STEMS[1], BEAM)
    assert ("quarter", 1) in values(inked(read))


def test_a_stem_cut_at_a_head_is_one() -> None:
    heads = notehead(200, 100), notehead(200, 120)
    stems = Symbol("stem", Box(194, 100, 196, 121)), Symbol("stem", Box(194, 121, 196, 155))
    assert values(inked(page(*heads, *stems))) == [("quarter", 2)]


def test_a_low_confidence_stem_is_confirmed_by_a_head_without_one() -> None:
    stem = Symbol("stem", Box(205, 110, 207, 140), 0.3)
    read = replace(page(HEADS[0]), low_confidence=(stem,))
    assert [chord.direction for chord in linked_page(read).chords] == ["up"]
    far = replace(stem, box=Box(225, 110, 227, 140))
    assert [c.direction for c in linked_page(replace(read, low_confidence=(far,))).chords] == [""]


def test_a_head_beyond_the_beam_of_a_stem_is_not_on_it() -> None:
    """Of two chords above each other the lower one's head is near the tip of the upper one's stem."""
    upper = Symbol("stem", Box(194, 105, 196, 140))
    lower = Symbol("stem", Box(194, 159, 196, 190))
    beam = Symbol("beam", Box(194, 135, 236, 140))
    other = notehead(240, 105), Symbol("stem", Box(234, 105, 236, 140))
    read = inked(page(notehead(200, 105), notehead(200, 149), upper, lower, beam, *other))
    assert values(read) == [("eighth", 1), ("quarter", 1), ("eighth", 1)]
