from __future__ import annotations

from dataclasses import replace

from omr.notation import pipeline
from omr.page import Page, ReadingQuality, Symbol
from tests.builders.music import FOUR, as_page, note, page, score
from tests.builders.pages import page as bare_page


def qualities(*pages: Page) -> tuple[ReadingQuality, ...]:
    return pipeline.read_piece(pages).qualities


GOOD = as_page(page(score(FOUR, FOUR, FOUR)))
SHORT = as_page(page(score(FOUR, note("c5", 4) + note("d5", 8), FOUR)))


def test_quality_of_music_that_adds_up_is_high() -> None:
    [quality] = qualities(GOOD)
    assert quality.has_music
    assert quality.score is not None and quality.score > 0.95
    assert (quality.head_score, quality.heads, quality.measures) == (1.0, 12, 3)
    assert quality.odd_measures == ()


def test_quality_names_the_measures_that_do_not_add_up() -> None:
    [good], [bad] = qualities(GOOD), qualities(SHORT)
    assert bad.odd_measures == (2,)
    assert (bad.score or 0) < (good.score or 0)


def test_quality_falls_with_noteheads_of_low_confidence() -> None:
    heads = [symbol for symbol in GOOD.symbols if symbol.name == "noteheadBlack"]
    low = tuple(Symbol(head.name, head.box, 0.3) for head in heads[6:])
    kept = tuple(symbol for symbol in GOOD.symbols if symbol not in heads[6:])
    [whole], [doubtful] = qualities(GOOD), qualities(replace(GOOD, symbols=kept, low_confidence=low))
    assert (doubtful.score or 0) < 0.8 * (whole.score or 0)


def test_quality_of_pages_without_music() -> None:
    empty = bare_page(tops=())
    first, second, third = qualities(empty, GOOD, bare_page())
    assert not first.has_music and not third.has_music
    assert second.has_music
    assert first.measures == 0


def test_quality_counts_measures_through_the_piece() -> None:
    _, second = qualities(GOOD, SHORT)
    assert second.odd_measures == (5,)
