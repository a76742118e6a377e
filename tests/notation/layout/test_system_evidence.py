from __future__ import annotations

from omr.notation.layout.placement import place
from omr.notation.layout.system_evidence import StaffPairEvidence, collect_evidence
from omr.page import Box, Page, Symbol
from tests.builders.pages import barline, barlines, page

CLOSE = (100.0, 180.0, 270.0, 350.0)


def evidence(read: Page) -> list[StaffPairEvidence]:
    return collect_evidence(place(read))


def test_evidence_counts_a_pair_for_every_two_neighbours() -> None:
    assert evidence(page(tops=())) == evidence(page(tops=CLOSE[:1])) == []
    assert evidence(page()) == [
        StaffPairEvidence(0, 8.0),
        StaffPairEvidence(1, 24.0),
        StaffPairEvidence(2, 8.0),
    ]


def test_evidence_names_what_joins_two_staves() -> None:
    brace, bracket = (Symbol(name, Box(36, 100, 44, 220), 0.9) for name in ("brace", "bracket"))
    [first, second, _] = evidence(page(brace, barline(500, 180, 310), tops=CLOSE))
    assert (first.brace, first.bracket, first.barline) == (True, False, False)
    assert (second.brace, second.bracket, second.barline) == (False, False, True)
    assert evidence(page(bracket, tops=CLOSE))[0].bracket


def test_evidence_tells_an_opening_barline_from_others() -> None:
    [opening, *_] = evidence(page(barline(50, 100, 220), tops=CLOSE))
    [inner, *_] = evidence(page(barline(500, 100, 220), tops=CLOSE))
    assert opening.barline and opening.opening_barline
    assert inner.barline and not inner.opening_barline


def test_evidence_finds_separate_brackets() -> None:
    brackets = [Symbol("bracket", Box(36, y, 44, y + 120), 0.9) for y in (100, 270)]
    assert [pair.separate_brackets for pair in evidence(page(*brackets, tops=CLOSE))] == [False, True, False]


def test_evidence_counts_barlines_in_line() -> None:
    upper, lower = barlines(CLOSE[:1], 300, 500, 700, 948), barlines(CLOSE[1:2], 303, 550, 700)
    [pair, *_] = evidence(page(*upper, *lower, tops=CLOSE))
    assert (pair.barlines_in_line, pair.share_in_line) == (2, 0.5)


def test_evidence_finds_two_openings_of_three_staves_each() -> None:
    tops = (100.0, 180.0, 260.0, 340.0, 420.0, 500.0)
    both = [barline(50, 100, 300), barline(50, 340, 540)]
    assert [pair.opened_apart for pair in evidence(page(*both, tops=tops))] == [
        False,
        False,
        True,
        False,
        False,
    ]
    assert not any(pair.opened_apart for pair in evidence(page(both[0], tops=tops)))
