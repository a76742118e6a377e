"""Tests of credits, part names and directions in words."""

from __future__ import annotations

from dataclasses import replace

from omr.notation import pipeline
from omr.page import Box, Symbol, Text
from omr.score import Credit, Score
from tests.builders.pages import barlines, notehead, page, stem


def score(*texts: Text) -> Score:
    """Read two staves of one system, each with two quarters, with texts."""
    symbols: list[Symbol] = [Symbol("clefG", Box(60, 85, 85, 155), 0.9)]
    for top in (100.0, 220.0):
        for x in (300.0, 600.0):
            symbols += [notehead(x, top + 20), stem(x + 5, top - 15, top + 19)]
    symbols += [*barlines((100.0, 220.0), 945), Symbol("barline", Box(50, 100, 52, 260), 0.9)]
    return pipeline.read([replace(page(*symbols, tops=(100.0, 220.0)), texts=texts)])


def text(kind: str, words: str, x: float, y: float) -> Text:
    return Text(words, Box(x, y, x + 10 * len(words), y + 15), 0.9, kind)


def test_credits_of_several_lines_are_joined() -> None:
    read = score(
        text("title", "Abendlied", 400, 10),
        text("lyricist", "A. Nym", 50, 30),
        text("lyricist", "(1800)", 50, 50),
    )
    assert read.credits == (Credit("title", "Abendlied"), Credit("lyricist", "A. Nym (1800)"))


def test_parts_have_the_names_beside_their_staves() -> None:
    read = score(text("part name", "Flöte", 0, 110), text("part name", "Oboe", 0, 232))
    assert [part.name for part in read.parts] == ["Flöte", "Oboe"]


def test_directions_stand_at_the_note_below_them() -> None:
    read = score(text("tempo", "Langsam", 296, 70), text("expression", "dolce", 596, 180))
    [tempo], [dolce] = (
        [m for part in read.parts for m in part.measures[0].marks if m.kind == kind]
        for kind in ("tempo", "words")
    )
    assert (tempo.text, tempo.onset, tempo.placement) == ("Langsam", 0, "above")
    assert (dolce.text, dolce.onset) == ("dolce", 1)
