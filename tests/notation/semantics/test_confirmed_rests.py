from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from omr.notation import pipeline
from omr.notation.graph import notation_graph
from omr.page import Box, Page, Symbol
from tests.builders.pages import TOPS, barline, notehead, page, stem

TOP = TOPS[0]


def symbol(name: str, x: float, y: float, width: float, height: float, score: float = 0.9) -> Symbol:
    return Symbol(name, Box(x, y, x + width, y + height), score)


def measure(*more: Symbol, low: tuple[Symbol, ...] = ()) -> Page:
    """A measure of 2/4: a quarter, then room for an eighth's rest and an eighth with its flag."""
    return page(
        symbol("clefG", 60, TOP - 10, 25, 65),
        symbol("timeSig2", 110, TOP, 15, 20),
        symbol("timeSig4", 110, TOP + 20, 15, 20),
        notehead(200, TOP + 20),
        stem(205, TOP - 12, TOP + 20),
        notehead(400, TOP + 20),
        stem(405, TOP - 12, TOP + 20),
        symbol("flag8thUp", 406, TOP - 12, 10, 28),
        barline(500, TOP, TOP + 40),
        *more,
        tops=TOPS[:1],
        low=low,
    )


def rest(score: float, x: float = 300.0, name: str = "rest8th") -> Symbol:
    return symbol(name, x, TOP + 12, 10, 18, score)


def values(read: Page) -> list[tuple[Fraction, Fraction, bool]]:
    """Onset and duration of each event of the measure, and whether it is a rest."""
    (part,) = pipeline.read([read]).parts
    return [(event.onset, event.duration, not event.notes) for event in part.measures[0].events()]


def test_confirm_rests_takes_a_low_confidence_rest_that_completes_the_measure() -> None:
    half = Fraction(1, 2)
    assert values(measure(low=(rest(0.2),))) == [
        (Fraction(0), Fraction(1), False),
        (Fraction(1), half, True),
        (Fraction(3, 2), half, False),
    ]


def test_confirm_rests_leaves_a_complete_measure_alone() -> None:
    complete = measure(rest(0.9), low=(rest(0.4, x=250.0),))
    assert sum(is_rest for *_, is_rest in values(complete)) == 1


def test_confirm_rests_takes_no_rest_below_the_minimum_score() -> None:
    assert not any(is_rest for *_, is_rest in values(measure(low=(rest(0.05),))))


def test_confirm_rests_puts_the_rest_into_the_notation_graph_too() -> None:
    confirmed = measure(low=(rest(0.2),))
    assert "rest8th" in [s.name for s in notation_graph(confirmed).symbols]
    assert "rest8th" not in [s.name for s in notation_graph(replace(confirmed, low_confidence=())).symbols]
