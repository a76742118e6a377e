from __future__ import annotations

from dataclasses import replace

import pytest

from omr.notation.layout.placement import place
from omr.notation.layout.system_evidence import StaffPairEvidence, collect_evidence, typical_gap
from omr.notation.limits import SystemLimits
from omr.page import Box, Page, Symbol
from tests.builders.pages import barline, barlines, page

CLOSE = (100.0, 180.0, 270.0, 350.0)


def evidence(read: Page) -> list[StaffPairEvidence]:
    return collect_evidence(place(read))


def test_evidence_counts_a_pair_for_every_two_neighbours() -> None:
    assert evidence(page(tops=())) == evidence(page(tops=CLOSE[:1])) == []
    assert [(pair.upper, pair.gap) for pair in evidence(page())] == [(0, 8.0), (1, 24.0), (2, 8.0)]


def test_evidence_compares_gaps_with_those_of_the_page() -> None:
    first, second, third = evidence(page())
    assert first.gap_ratio == third.gap_ratio < 1 < second.gap_ratio
    assert all(pair.gap_ratio == pytest.approx(1) for pair in evidence(page(tops=(100, 200, 300))))
    assert typical_gap([]) == 0.0


def test_evidence_names_what_joins_two_staves() -> None:
    brace, bracket = (Symbol(name, Box(36, 100, 44, 220), 0.9) for name in ("brace", "bracket"))
    [first, second, _] = evidence(page(brace, barline(500, 180, 310), tops=CLOSE))
    assert (first.brace, first.bracket, first.through) == (True, False, 0)
    assert (second.brace, second.bracket, second.through) == (False, False, 1)
    assert evidence(page(bracket, tops=CLOSE))[0].bracket


def test_evidence_tells_an_opening_line_from_others() -> None:
    [opening, *_] = evidence(page(barline(50, 100, 220), tops=CLOSE))
    [inner, *_] = evidence(page(barline(500, 100, 220), tops=CLOSE))
    assert opening.opening_line and (opening.through, opening.columns) == (0, 0)
    assert not inner.opening_line and (inner.through, inner.columns) == (1, 1)


@pytest.mark.parametrize("kind", ["brace", "bracket"])
def test_evidence_finds_separate_groupings(kind: str) -> None:
    both = [Symbol(kind, Box(36, y, 44, y + 120), 0.9) for y in (100, 270)]
    found = [getattr(pair, f"separate_{kind}s") for pair in evidence(page(*both, tops=CLOSE))]
    assert found == [False, True, False]


def test_evidence_counts_inner_barlines_in_line_and_out_of_line() -> None:
    upper, lower = barlines(CLOSE[:1], 300, 500, 700, 948), barlines(CLOSE[1:2], 303, 550, 700, 948)
    [pair, *_] = evidence(page(*upper, *lower, tops=CLOSE))
    assert (pair.in_line, pair.out_of_line) == (2, 2)


def test_evidence_measures_how_uneven_the_barlines_in_line_stand() -> None:
    even, uneven = (
        evidence(page(*barlines(CLOSE[:2], *xs), tops=CLOSE))[0] for xs in ((349, 649), (150, 750))
    )
    assert even.unevenness < 0.01
    assert uneven.unevenness > 0.5
    assert even.in_line == uneven.in_line == 2


def test_evidence_counts_the_staves_that_two_barlines_open_apart() -> None:
    tops = (100.0, 180.0, 260.0, 340.0, 420.0, 500.0)
    both = [barline(50, 100, 300), barline(50, 340, 540)]
    assert [pair.opened_apart for pair in evidence(page(*both, tops=tops))] == [0, 0, 3, 0, 0]
    assert not any(pair.opened_apart for pair in evidence(page(both[0], tops=tops)))


ALONE = StaffPairEvidence(0, 8.0)


def total(pair: StaffPairEvidence) -> float:
    return sum(pair.weights().values())


def test_weights_tell_for_and_against_one_system() -> None:
    assert total(ALONE) < 0
    for stronger in (
        {"brace": True},
        {"bracket": True},
        {"opening_line": True},
        {"columns": 4, "through": 4},
        {"in_line": 4, "unevenness": 0.5},
        {"gap_ratio": 0.6},
    ):
        assert total(replace(ALONE, **stronger)) > total(ALONE)
    for weaker in (
        {"separate_braces": True},
        {"separate_brackets": True},
        {"opened_apart": 3},
        {"columns": 4},
        {"out_of_line": 4},
        {"gap_ratio": 1.6},
    ):
        assert total(replace(ALONE, **weaker)) < total(ALONE)


def test_weights_of_one_barline_among_many_through_the_gap_join_nothing() -> None:
    assert total(replace(ALONE, columns=7, through=1, in_line=1, out_of_line=5)) < total(ALONE)


def test_weights_of_barlines_at_equal_distances_in_line_are_small() -> None:
    even, uneven = (replace(ALONE, in_line=4, unevenness=u) for u in (0.0, 0.5))
    assert total(even) < 0 < total(uneven)


def test_weights_of_separate_braces_vanish_where_a_bracket_or_an_opening_line_joins() -> None:
    for joint in ({"bracket": True}, {"opening_line": True}):
        pair = replace(ALONE, **joint)
        assert total(replace(pair, separate_braces=True)) == total(pair)


def test_weights_follow_their_limits() -> None:
    pair = replace(ALONE, brace=True)
    assert pair.weights(SystemLimits(brace=1.0))["brace"] == 1.0
