from __future__ import annotations

import pytest

from omr.notation.cleanup import suppress_duplicates
from omr.notation.layout.placement import place
from omr.notation.limits import CleanupLimits
from omr.page import Box, Symbol
from tests.builders.pages import page

WHOLE = Box(300, 100, 320, 110)


def kept(*symbols: Symbol, limits: CleanupLimits = CleanupLimits()) -> list[int]:
    return [symbol.index for symbol in suppress_duplicates(place(page(*symbols)), limits=limits).symbols]


def shifted(share: float) -> Box:
    """The whole box moved so that such a share of it lies in the other."""
    by = (1 - share) * WHOLE.width
    return Box(WHOLE.x0 + by, WHOLE.y0, WHOLE.x1 + by, WHOLE.y1)


@pytest.mark.parametrize(
    ("name", "other", "share", "ratio"),
    [
        ("accidentalSharp", "accidentalNatural", 0.5, 1.0),
        ("brace", "bracket", 0.5, 1.0),
        ("augmentationDot", "articStaccato", 0.5, 1.0),
        ("noteheadBlack", "noteheadHalf", 0.55, 0.8),
        ("slur", "tie", 0.8, 0.9),
        ("beam", "beam", 0.85, 0.9),
    ],
)
def test_a_duplicate_overlaps_enough_and_scores_enough_less(
    name: str, other: str, share: float, ratio: float
) -> None:
    strong = Symbol(name, WHOLE, 0.9)
    assert kept(Symbol(other, shifted(share + 0.02), 0.9 * ratio - 0.01), strong) == [1]
    assert kept(Symbol(other, shifted(share - 0.02), 0.9 * ratio - 0.01), strong) == [0, 1]
    if ratio < 1:
        assert kept(Symbol(other, shifted(share + 0.02), 0.9 * ratio + 0.01), strong) == [0, 1]


def test_a_part_of_a_symbol_is_a_duplicate_of_the_whole() -> None:
    part = Symbol("restQuarter", Box(302, 102, 306, 106), 0.5)
    assert kept(part, Symbol("rest8th", WHOLE, 0.9)) == [1]
    assert kept(Symbol("rest8th", WHOLE, 0.5), Symbol("restQuarter", part.box, 0.9)) == [1]


def test_symbols_of_different_families_never_exclude_each_other() -> None:
    assert kept(Symbol("stem", WHOLE, 0.9), Symbol("noteheadBlack", WHOLE, 0.5)) == [0, 1]
    assert kept(Symbol("ledgerLine", WHOLE, 0.9), Symbol("ledgerLine", WHOLE, 0.5)) == [0, 1]


def test_of_equal_scores_the_first_symbol_stays() -> None:
    assert kept(*(Symbol("clefG", WHOLE, 0.9) for _ in range(3))) == [0]
    assert kept(*(Symbol("noteheadBlack", WHOLE, 0.9) for _ in range(2))) == [0, 1]


def test_ground_truth_has_no_duplicates() -> None:
    assert kept(*(Symbol("clefG", WHOLE) for _ in range(2))) == [0, 1]


def test_a_duplicate_suppresses_nothing_itself() -> None:
    chain = [Symbol("rest8th", shifted(share), score) for share, score in ((1, 0.9), (0.6, 0.8), (0.2, 0.7))]
    assert kept(*chain) == [0, 2]


def test_duplicates_follow_their_limits() -> None:
    pair = Symbol("noteheadBlack", WHOLE, 0.9), Symbol("noteheadHalf", WHOLE, 0.8)
    assert kept(*pair) == [0, 1]
    assert kept(*pair, limits=CleanupLimits(notehead_score_ratio=0.95)) == [0]
