from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from omr.images import ink_mask, reduce_ink
from omr.notation.cleanup import join_line_fragments
from omr.notation.layout.ink_column import inked_share
from omr.notation.layout.placement import PageLayout, place
from tests.builders.pages import SPACE, TOPS, page, stem

X = 300


def drawn(*strokes: tuple[float, float], fragments: tuple[tuple[float, float], ...] = ()) -> PageLayout:
    """A page with upright strokes at one x, of which a detector found some fragments."""
    image = np.full((900, 1000), 255, np.uint8)
    for y0, y1 in strokes:
        image[int(y0) : int(y1), X : X + 2] = 0
    found = page(*(stem(X, y0, y1) for y0, y1 in fragments))
    return place(replace(found, ink=reduce_ink(image, SPACE)))


@pytest.mark.parametrize(("y1", "share"), [(150.0, 1.0), (125.0, 0.5), (110.0, 0.2)])
def test_inked_share_counts_the_rows_with_ink(y1: float, share: float) -> None:
    layout = drawn((100.0, y1))
    assert layout.ink is not None
    found = inked_share(layout, ink_mask(layout.ink.grey), X + 1, 100, 150, 2)
    assert found == pytest.approx(share, abs=0.05)


def test_inked_share_outside_of_the_page_is_nothing() -> None:
    layout = drawn((100.0, 150.0))
    assert layout.ink is not None
    assert inked_share(layout, ink_mask(layout.ink.grey), 5000, 100, 150, 2) == 0


def test_join_line_fragments_joins_a_stem_whose_ink_goes_on() -> None:
    top = TOPS[0]
    parts = ((top, top + 20), (top + 26, top + 45))
    (joined,) = join_line_fragments(drawn((top, top + 45), fragments=parts)).symbols
    assert (joined.box.y0, joined.box.y1) == (top, top + 45)


def test_join_line_fragments_leaves_stems_apart_that_paper_separates() -> None:
    top = TOPS[0]
    parts = ((top, top + 20), (top + 26, top + 45))
    assert len(join_line_fragments(drawn(*parts, fragments=parts)).symbols) == 2
