"""Tests of finding words, with a recogniser that knows where they are."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from omr.page import Box, Staff, Symbol, Text
from omr.text import find_texts, load_recogniser, without_letters
from omr.text.recogniser import Grey, Letters
from tests.builders.pages import staff

WIDTH, HEIGHT = 1000, 700
STAVES = (staff(200.0), staff(400.0))
LETTER = 10
"""Width of a letter in pixels, as wide as a staff space."""


@dataclass
class Known:
    """Finds and reads the words that it is told of; reads them in the order in which it finds them."""

    words: dict[str, tuple[float, float]]
    """Left upper corner, by text."""
    scale: float = 0.8
    """Of the picture that words are searched on."""
    queue: list[str] = field(default_factory=list)

    def find(self, grey: Grey) -> list[Box]:
        boxes = {text: Box(x, y, x + LETTER * len(text), y + 15) for text, (x, y) in self.words.items()}
        self.queue = sorted(boxes, key=lambda text: boxes[text])
        return [Box(*(edge * self.scale for edge in boxes[text])) for text in self.queue]

    def read(self, grey: Grey) -> Letters:
        text = self.queue.pop(0)
        return Letters(text, tuple((i + 0.5) / len(text) for i in range(len(text))), 0.99)


def texts(words: dict[str, tuple[float, float]], *symbols: Symbol, ink: tuple[Box, ...] = ()) -> list[Text]:
    """Find words on a page of two staves, with black boxes of ink."""
    grey = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for box in ink:
        grey[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)] = 0
    return list(find_texts(grey, STAVES, symbols, Known(words)))


def said(found: list[Text]) -> list[tuple[str, str]]:
    return [(text.kind, text.text) for text in found]


def test_head_of_a_page_by_place_and_size() -> None:
    found = texts({"Abendlied": (455, 20), "Opus 3": (470, 50), "A. Nym": (880, 90), "Langsam": (60, 170)})
    assert said(found) == [
        ("title", "Abendlied"), ("subtitle", "Opus 3"), ("composer", "A. Nym"), ("tempo", "Langsam")
    ]  # fmt: skip


def test_lyrics_are_cut_at_hyphens_and_numbered_by_verse() -> None:
    found = texts({"Ro-sen blü-hen": (300, 262), "Son-ne scheint": (300, 282)})
    assert [(text.text, text.verse) for text in found] == [
        ("Ro-", 1), ("sen", 1), ("blü-", 1), ("hen", 1), ("Son-", 2), ("ne", 2), ("scheint", 2),
    ]  # fmt: skip
    assert found[1].box.x0 == pytest.approx(330, abs=6)


def test_hyphen_of_the_ink_joins_syllables() -> None:
    words = {"Ro-sen": (200, 262), "blü": (400, 262), "hen": (500, 262)}
    apart = texts(words)
    joined = texts(words, ink=(Box(462, 269, 468, 271),))
    assert [text.text for text in apart] == ["Ro-", "sen", "blü", "hen"]
    assert [text.text for text in joined] == ["Ro-", "sen", "blü-", "hen"]


def test_directions_by_their_words() -> None:
    found = texts({"pizz.": (100, 262), "poco cresc.": (300, 262), "D.C. al Fine": (700, 372)})
    assert said(found) == [("technique", "pizz."), ("dynamics", "poco cresc."), ("jump", "D.C. al Fine")]


def test_row_of_chord_names_above_a_staff() -> None:
    assert said(texts({"Cm7": (100, 170), "F#dim": (300, 170), "Bb": (500, 170)})) == [
        ("chord name", "Cm7"), ("chord name", "F#dim"), ("chord name", "Bb")
    ]  # fmt: skip


def test_texts_in_a_staff_and_texts_that_symbols_explain_are_none() -> None:
    forte = Symbol("dynamicF", Box(300, 262, 310, 276), 0.9)
    assert texts({"y": (400, 212), "f": (300, 262)}, forte) == []


def test_part_names_and_measure_numbers() -> None:
    narrow = {"Viola": (0, 212), "17": (52, 380)}
    assert said(texts(narrow)) == [("part name", "Viola"), ("measure number", "17")]


def test_page_without_staves_has_no_texts() -> None:
    nothing: tuple[Staff, ...] = ()
    assert find_texts(np.full((50, 50), 255, np.uint8), nothing, (), Known({"Ave": (5, 5)})) == ()


def test_symbols_in_words_are_letters() -> None:
    word = Text("cresc.", Box(100, 100, 160, 115), 0.99, "dynamics")
    dot, slur = (
        Symbol("augmentationDot", Box(155, 110, 158, 113), 0.7),
        Symbol("slur", Box(90, 95, 300, 112), 0.7),
    )
    assert without_letters([dot, slur], [word]) == (slur,)


def test_sure_symbols_in_words_stay() -> None:
    word = Text("cresc.", Box(100, 100, 160, 115), 0.99, "dynamics")
    sure = Symbol("augmentationDot", Box(155, 110, 158, 113), 0.95)
    assert without_letters([sure], [word]) == (sure,)


@pytest.mark.parametrize("text", ["tr", "trm", "tr6", "Ped.", "fz"])
def test_signs_that_are_read_as_words_leave_their_symbols(text: str) -> None:
    sign = Symbol("ornamentTrill", Box(105, 102, 125, 114), 0.7)
    assert without_letters([sign], [Text(text, Box(100, 100, 130, 115), 0.99)]) == (sign,)


def test_notes_with_stems_are_no_letters() -> None:
    word = Text("Ro-sen", Box(100, 100, 160, 120), 0.99, "lyrics", 1)
    head, lone = (
        Symbol("noteheadBlack", Box(110, 102, 120, 110), 0.7),
        Symbol("noteheadBlack", Box(140, 105, 150, 113), 0.7),
    )
    stem = Symbol("stem", Box(119, 70, 121, 106), 0.7)
    assert without_letters([head, lone, stem], [word]) == (head, stem)


@pytest.mark.words
@pytest.mark.slow
@pytest.mark.skipif(load_recogniser() is None, reason="no recogniser of words is installed")
def test_installed_recogniser_reads_a_drawn_word() -> None:
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", (WIDTH, HEIGHT), 255)
    ImageDraw.Draw(picture).text((400, 20), "Abendlied", 0, ImageFont.load_default(40))
    recogniser = load_recogniser()
    assert recogniser is not None
    found = find_texts(np.array(picture), STAVES, (), recogniser)
    assert said(list(found)) == [("title", "Abendlied")]
