from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from omr.notation.layout.opening_line import opening_ink
from omr.notation.layout.placement import PageLayout, place
from omr.notation.layout.system_evidence import collect_evidence
from tests.builders.pages import TOPS, page

BETWEEN = slice(141, 220)
"""Rows of the gap between the first two staves of the builders' page."""


def picture(*inked: tuple[slice, slice]) -> NDArray[np.uint8]:
    """The page's four staves in ink, and further rows and columns."""
    grey = np.full((900, 1000), 255, np.uint8)
    for top in TOPS:
        for line in range(5):
            y = round(top) + 10 * line
            grey[y : y + 2, 50:950] = 0
    for rows, columns in inked:
        grey[rows, columns] = 0
    return grey


def layout(image: NDArray[np.uint8] | None) -> PageLayout:
    return place(replace(page(), image=image))


def test_a_line_through_the_gap_is_found() -> None:
    shares = opening_ink(layout(picture((BETWEEN, slice(50, 52)))))
    assert len(shares) == len(TOPS) - 1
    assert shares[0] == pytest.approx(1.0)
    assert shares[1] == pytest.approx(0.0)


def test_a_leaning_line_is_found() -> None:
    image = picture()
    cv2.line(image, (48, 140), (54, 220), 0, 2)
    assert (opening_ink(layout(image))[0] or 0) > 0.9


def test_half_a_line_is_doubtful() -> None:
    [pair, *_] = collect_evidence(layout(picture((slice(141, 191), slice(50, 52)))))
    assert pair.opening_line is None


def test_the_shadow_of_a_page_edge_tells_nothing() -> None:
    assert opening_ink(layout(picture((slice(0, 900), slice(0, 52)))))[0] is None


def test_without_a_picture_nothing_is_told() -> None:
    assert opening_ink(layout(None)) == (None,) * (len(TOPS) - 1)


def test_evidence_takes_the_opening_line_from_the_ink() -> None:
    first, second, *_ = collect_evidence(layout(picture((BETWEEN, slice(50, 52)))))
    assert first.opening_line is True
    assert second.opening_line is False
