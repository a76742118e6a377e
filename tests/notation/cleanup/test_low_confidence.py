from __future__ import annotations

from dataclasses import replace

import pytest

from omr.notation.cleanup import clean, confirm_low_confidence
from omr.notation.layout.placement import place
from omr.notation.limits import CleanupLimits, Limits
from omr.page import Box, Symbol
from tests.builders.pages import TOPS, barline, page, stem


def confirmed(
    low: Symbol, *detected: Symbol, tops: tuple[float, ...] = TOPS, limits: Limits = Limits()
) -> bool:
    layout = confirm_low_confidence(place(page(*detected, tops=tops, low=(low,))), limits=limits)
    assert len(layout.symbols) + len(layout.low_confidence) == len(detected) + 1
    return len(layout.symbols) > len(detected)


def test_confirmed_symbols_come_last_and_keep_their_index() -> None:
    low = (Symbol("noteheadBlack", Box(600, 100, 612, 110), 0.4), barline(501, TOPS[1], TOPS[1] + 40, 0.3))
    layout = confirm_low_confidence(place(page(barline(500, TOPS[0], TOPS[0] + 40), low=low)))
    assert [symbol.index for symbol in layout.symbols] == [0, 2]
    assert [symbol.index for symbol in layout.low_confidence] == [1]


# --- beams ---

BEAM = Symbol("beam", Box(200, 100, 240, 105), 0.3)
STEMS = (stem(200), stem(239))


def test_a_beam_is_confirmed_between_the_tips_of_two_stems() -> None:
    assert confirmed(BEAM, *STEMS)
    below = replace(BEAM, box=Box(200, 130, 240, 135))
    assert confirmed(below, *STEMS)


@pytest.mark.parametrize("stems", [(), STEMS[:1], (stem(200), stem(300)), (stem(200, 200, 235), STEMS[1])])
def test_a_beam_without_two_stems_at_its_ends_is_not_confirmed(stems: tuple[Symbol, ...]) -> None:
    assert not confirmed(BEAM, *stems)


def test_a_beam_in_the_middle_of_its_stems_is_not_confirmed() -> None:
    long = stem(200, 60, 140), stem(239, 60, 140)
    assert not confirmed(BEAM, *long)


def test_a_second_guess_at_a_detected_symbol_is_not_confirmed() -> None:
    tenuto = Symbol("articTenuto", Box(201, 100, 240, 105), 0.8)
    assert not confirmed(BEAM, *STEMS, tenuto)
    assert confirmed(BEAM, *STEMS, tenuto, limits=Limits(cleanup=CleanupLimits(max_iou_with_detected=0.99)))


def test_a_symbol_below_its_minimum_score_is_not_confirmed() -> None:
    assert not confirmed(replace(BEAM, score=0.09), *STEMS)
    assert confirmed(replace(BEAM, score=0.1), *STEMS)


# --- barlines ---

DETECTED = barline(500, TOPS[0], TOPS[0] + 40)
IN_LINE = barline(501, TOPS[1], TOPS[1] + 40, 0.3)


def test_a_barline_is_confirmed_in_line_with_that_of_the_next_staff() -> None:
    assert confirmed(IN_LINE, DETECTED)


@pytest.mark.parametrize(
    "low",
    [
        barline(600, TOPS[1], TOPS[1] + 40, 0.3),
        barline(501, TOPS[1], TOPS[1] + 20, 0.3),
        barline(501, TOPS[2], TOPS[2] + 40, 0.3),
        replace(IN_LINE, score=0.05),
    ],
)
def test_a_barline_elsewhere_or_too_short_is_not_confirmed(low: Symbol) -> None:
    assert not confirmed(low, DETECTED)


def test_a_barline_where_one_was_detected_is_not_confirmed() -> None:
    assert not confirmed(IN_LINE, DETECTED, barline(503, TOPS[1], TOPS[1] + 40))


def test_a_barline_from_staff_to_staff_is_confirmed() -> None:
    whole = barline(500, TOPS[0], TOPS[1] + 40, 0.3)
    assert confirmed(whole)
    assert not confirmed(barline(500, TOPS[0] + 9, TOPS[1] + 40, 0.3))
    assert not confirmed(whole, barline(501, TOPS[1], TOPS[1] + 40), barline(502, TOPS[0], TOPS[0] + 40))


# --- brackets ---


def test_a_bracket_is_confirmed_before_two_staves() -> None:
    bracket = Symbol("bracket", Box(35, 90, 45, 270), 0.06)
    assert confirmed(bracket)
    assert not confirmed(replace(bracket, score=0.04))
    assert not confirmed(replace(bracket, box=Box(400, 90, 410, 270)))
    assert not confirmed(replace(bracket, box=Box(20, 90, 30, 270)))
    assert not confirmed(replace(bracket, box=Box(35, 90, 45, 150)))


def f_clef_with_dots(*dots: float) -> list[str]:
    """Names of the symbols confirmed and left for a low-confidence F clef with dots at some heights."""
    weak = Symbol("clefF", Box(300, TOPS[0], 320, TOPS[0] + 30), 0.3)
    signs = [Symbol("repeatDot", Box(322, TOPS[0] + y - 2, 326, TOPS[0] + y + 2), 0.9) for y in dots]
    return [symbol.name for symbol in clean(place(page(*signs, low=(weak,)))).symbols]


def test_the_dots_of_an_f_clef_confirm_it_and_are_no_others() -> None:
    assert f_clef_with_dots(5, 15) == ["clefF"]


def test_the_dots_of_a_repeat_confirm_no_clef() -> None:
    assert f_clef_with_dots(15, 25) == ["repeatDot", "repeatDot"]
    assert f_clef_with_dots(5) == ["repeatDot"]
