"""Upside-down and mirrored pages, told by symbols."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from omr.normalise import find_flip, is_upright
from omr.page import Box, Symbol
from tests.builders.pages import TOPS, notehead, staff, stem

STAVES = tuple(map(staff, TOPS))
PAGE = np.full((900, 1000), 255, np.uint8)
PAGE[:, :100] = 0  # so that a detector can tell how it is flipped
PAGE[55:70] = 128


def clefs(x: float, tops: Sequence[float] = TOPS) -> list[Symbol]:
    return [Symbol("clefG", Box(x, top - 10, x + 25, top + 60), 0.9) for top in tops]


def notes(heads: int, stems: int) -> list[Symbol]:
    return [*(notehead(200 + 20 * k, 120) for k in range(heads)), *(stem(200 + 20 * k) for k in range(stems))]


class FlippedDetector:
    """Finds symbols on a strip according to how it is flipped."""

    def __init__(self, **found: list[Symbol]) -> None:
        self.found, self.calls = found, 0

    def __call__(self, strip: np.ndarray) -> list[Symbol]:
        self.calls += 1
        across = strip[-60, -1] == 0 or strip[60, -1] == 0
        down = strip[-1, 500] == 128
        return self.found.get(
            {(0, 0): "here", (1, 1): "turned", (1, 0): "mirror"}.get((across, down), "down"), []
        )


def test_clefs_at_the_left_are_upright() -> None:
    assert is_upright(clefs(60), STAVES)
    assert is_upright(clefs(60, TOPS[:2]), STAVES)


def test_clefs_elsewhere_are_doubtful() -> None:
    assert not is_upright(clefs(920), STAVES)
    assert not is_upright([], STAVES)


def test_stems_without_heads_are_doubtful() -> None:
    assert not is_upright([*clefs(60), *notes(2, 12)], STAVES)
    assert is_upright([*clefs(60), *notes(12, 12)], STAVES)


def test_page_without_staves_is_upright() -> None:
    assert is_upright([], ())


def test_clefs_at_the_right_are_upside_down() -> None:
    detect = FlippedDetector()
    assert find_flip(PAGE, STAVES, [*clefs(920), *notes(9, 9)], detect) == (True, True)
    assert detect.calls == 0


def test_telling_symbols_turn_a_page() -> None:
    rests = [Symbol("rest8th", Box(200, 100, 210, 120), 0.9)] * 3
    assert find_flip(PAGE, STAVES, [], FlippedDetector(turned=rests)) == (True, True)
    assert find_flip(PAGE, STAVES, [], FlippedDetector(here=rests, turned=rests)) == (False, False)
    assert find_flip(PAGE, STAVES, [], FlippedDetector(turned=rests[:1])) == (False, False)


def test_heads_on_the_mirror_image_tell_a_mirrored_page() -> None:
    bare = [*clefs(60), *notes(1, 12)]
    rests = [Symbol("rest8th", Box(200, 100, 210, 120), 0.9)]
    detect = FlippedDetector(mirror=[*notes(9, 9), *rests], down=notes(9, 9))
    assert find_flip(PAGE, STAVES, bare, detect) == (True, False)
    detect = FlippedDetector(mirror=notes(9, 9), down=[*notes(9, 9), *rests])
    assert find_flip(PAGE, STAVES, bare, detect) == (False, True)
    assert find_flip(PAGE, STAVES, bare, FlippedDetector()) == (False, False)
