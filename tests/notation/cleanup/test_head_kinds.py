from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from omr.notation.cleanup import correct_head_kinds
from omr.notation.layout.placement import place
from omr.page import Page, Symbol
from tests.builders.pages import TOPS, notehead, page

HEADS = [notehead(100 + 30 * n, TOPS[0] + 15) for n in range(24)]


def drawn(mark: str) -> Page:
    """Black heads, the last of which has a mark in paper."""
    read = page(*HEADS)
    image = np.full((round(read.height), round(read.width)), 255, np.uint8)
    for head in HEADS:
        x, y = (round(v) for v in head.box.centre)
        cv2.ellipse(image, (x, y), (6, 5), 0, 0, 360, 0, -1)
    if mark == "slit":
        cv2.line(image, (x - 2, y + 1), (x + 2, y - 1), 255, 2)
    elif mark == "cut":
        image[y - 6 : y + 7, x - 7 : x] = 255
    return replace(read, image=image)


def kinds(read: Page) -> list[str]:
    return [symbol.name for symbol in correct_head_kinds(place(read)).symbols]


def test_a_black_head_with_paper_inside_is_open() -> None:
    assert kinds(drawn("slit")) == ["noteheadBlack"] * 23 + ["noteheadHalf"]


@pytest.mark.parametrize("mark", ["", "cut"])
def test_a_head_without_enclosed_paper_stays_black(mark: str) -> None:
    assert set(kinds(drawn(mark))) == {"noteheadBlack"}


def test_without_a_picture_heads_stay_as_they_are() -> None:
    assert set(kinds(replace(drawn("slit"), image=None))) == {"noteheadBlack"}


def test_a_page_with_few_heads_is_not_judged() -> None:
    few: tuple[Symbol, ...] = tuple(HEADS[-3:])
    assert set(kinds(replace(drawn("slit"), symbols=few))) == {"noteheadBlack"}
