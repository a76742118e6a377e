"""Black heads without a stem are no notes where the measure adds up without them."""

from __future__ import annotations

from omr.notation import pipeline
from omr.page import Box, Symbol
from omr.score import Event
from tests.builders.pages import TOPS, barline, notehead, page, stem


def events(*xs_without_stem: float, stemmed: int = 4) -> list[Event]:
    """The notes of a measure in 4/4 with some quarters, and heads without a stem."""
    top = TOPS[0]
    symbols = [
        Symbol("clefG", Box(60, top - 14, 85, top + 56), 0.9),
        *(Symbol("timeSig4", Box(100, top + y, 114, top + y + 20), 0.9) for y in (0, 20)),
        barline(900, top, top + 40),
    ]
    for n in range(stemmed):
        x = 200.0 + 150 * n
        symbols += [notehead(x, top + 25), stem(x + 5.5, top - 10, top + 23)]
    symbols += [notehead(x, top + 25) for x in xs_without_stem]
    score = pipeline.read([page(*symbols, tops=TOPS[:1])])
    return [event for event in score.parts[0].measures[0].events() if event.notes]


def test_a_head_too_many_without_a_stem_is_no_note() -> None:
    assert len(events(760)) == 4


def test_heads_without_a_stem_stay_where_the_measure_needs_them() -> None:
    assert len(events(650, stemmed=3)) == 4
