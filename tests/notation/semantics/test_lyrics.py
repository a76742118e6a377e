"""Tests of syllables under their notes."""

from __future__ import annotations

from dataclasses import replace

from omr.notation import pipeline
from omr.page import Box, Page, Symbol, Text
from omr.score import Lyric, Score
from tests.builders.pages import barlines, notehead, page, stem

XS = (200.0, 300.0, 400.0, 500.0)
"""Middles of four quarter notes on a staff with its top line at 100."""


def sung(*texts: Text) -> Score:
    """Read four quarters with texts under them."""
    symbols: list[Symbol] = [Symbol("clefG", Box(60, 85, 85, 155), 0.9)]
    for x in XS:
        symbols += [notehead(x, 120), stem(x + 5, 85, 119)]
    symbols += barlines((100.0,), 945)
    read: Page = page(*symbols, tops=(100.0,))
    return pipeline.read([replace(read, texts=texts)])


def syllable(text: str, middle: float, width: float = 30.0, verse: int = 1) -> Text:
    return Text(text, Box(middle - width / 2, 170, middle + width / 2, 185), 0.9, "lyrics", verse)


def lyrics(score: Score) -> list[list[Lyric]]:
    return [list(event.lyrics) for event in score.parts[0].measures[0].events()]


def test_syllables_are_sung_to_the_notes_above_them() -> None:
    found = lyrics(sung(syllable("Ro-", 202), syllable("sen", 297), syllable("blüh", 499)))
    assert found == [[Lyric(1, "Ro", "begin")], [Lyric(1, "sen", "end")], [], [Lyric(1, "blüh")]]


def test_verses_are_aligned_one_by_one() -> None:
    found = lyrics(sung(syllable("du", 200), syllable("ich", 300, verse=2)))
    assert found[:2] == [[Lyric(1, "du")], [Lyric(2, "ich")]]


def test_joined_syllables_are_taken_apart_for_their_notes() -> None:
    found = lyrics(sung(syllable("schönen", 250, 150)))
    assert found[:2] == [[Lyric(1, "schö", "begin")], [Lyric(1, "nen", "end")]]


def test_extender_is_kept() -> None:
    assert lyrics(sung(syllable("Herz_", 200)))[0] == [Lyric(1, "Herz", extend=True)]


def test_more_syllables_than_notes_leave_the_farthest_out() -> None:
    found = lyrics(sung(*(syllable(text, x) for text, x in zip("abcde", (*XS, 700), strict=True))))
    assert [those[0].text for those in found] == ["a", "b", "c", "d"]
