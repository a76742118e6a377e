"""Tests of the words of engraved songs."""

from __future__ import annotations

from collections import Counter

import numpy as np

from omr.engraving.engraved_page import EngravedPage
from omr.engraving.glyphs import MusicFont
from omr.engraving.layout import Layout
from omr.engraving.songs import random_song, verses_of
from omr.engraving.true_words import TrueSyllable, true_syllables, true_texts
from omr.engraving.verovio import engrave
from tests.builders import music

WORDS = (
    '<note pname="c" oct="5" dur="2"><verse n="1"><syl wordpos="i" con="d">Ro</syl></verse></note>'
    '<note pname="d" oct="5" dur="2"><verse n="1"><syl wordpos="t">sen</syl></verse></note>'
    '|<tempo tstamp="1" staff="1">Poco adagio</tempo><harm tstamp="1" staff="1">Cm7</harm>'
)


def song() -> EngravedPage:
    """The first page of a random song with its head and foot."""
    layout = Layout(1500, 2000, 16.0, {"header": "encoded", "footer": "encoded"})
    return next(engrave(random_song(np.random.default_rng(1), "val", 6), MusicFont("Leipzig"), layout))


def test_true_texts_have_spaces_kinds_and_boxes() -> None:
    found = {text.text: text for text in true_texts(music.page(music.score(WORDS)))}
    assert found["Poco adagio"].kind == "tempo" and found["Cm7"].kind == "chord name"
    assert found["Ro"].box.x1 < found["sen"].box.x0


def test_true_syllables_stand_at_their_notes() -> None:
    page = music.page(music.score(WORDS))
    assert true_syllables(page) == [TrueSyllable(0, 1, 0, 1, "Ro"), TrueSyllable(0, 1, 1, 1, "sen")]


def test_random_song_has_head_and_foot() -> None:
    kinds = Counter(text.kind for text in true_texts(song()))
    assert all(kinds[kind] == 1 for kind in ("title", "composer", "lyricist", "copyright", "tempo"))


def test_no_verse_is_in_two_splits() -> None:
    assert not set(verses_of("val")) & set(verses_of("test"))
