"""Tests of words in MusicXML."""

from __future__ import annotations

from fractions import Fraction

import pytest
from lxml import etree

from omr.export.musicxml import to_musicxml
from omr.score import Credit, Event, Lyric, Mark, Measure, Note, Part, Pitch, Score, Voice
from omr.text.chord_names import parse_chord_name
from omr.text.instruments import find_instrument
from tests.builders.schema import faults


def written(
    *marks: Mark, name: str = "Part 1", lyrics: tuple[Lyric, ...] = (), credits: tuple[Credit, ...] = ()
) -> etree._Element:
    """Write a whole note with words."""
    note = Event(1, Fraction(0), Fraction(4), "whole", notes=(Note(Pitch("C", 5)),), lyrics=lyrics)
    part = Part(name, 1, (Measure(1, Fraction(4), (Voice((note,)),), marks=marks),))
    return etree.fromstring(to_musicxml(Score((part,), credits)).encode())


def mark(kind: str, text: str) -> Mark:
    return Mark(kind, 1, Fraction(0), text, placement="above")


def test_lyrics_with_their_place_in_the_word() -> None:
    root = written(lyrics=(Lyric(1, "Ro", "begin"), Lyric(2, "Herz", "single", True)))
    first, second = root.findall(".//lyric")
    assert (first.get("number"), first.findtext("syllabic"), first.findtext("text")) == ("1", "begin", "Ro")
    assert second.find("extend") is not None


def test_tempo_with_its_metronome_mark() -> None:
    root = written(mark("tempo", "Allegro (♩. = 96)"))
    assert root.findtext(".//words") == "Allegro"
    assert root.findtext(".//per-minute") == "96" and root.find(".//beat-unit-dot") is not None


def test_metronome_mark_with_a_word_behind_it() -> None:
    root = written(mark("tempo", "J=100 env."))
    assert root.findtext(".//per-minute") == "100" and root.findtext(".//beat-unit") == "quarter"
    assert root.find(".//words") is None


def test_names_of_chords_are_harmony() -> None:
    root = written(mark("harmony", "F#m7/E"))
    assert root.findtext(".//root-step") == "F" and root.findtext(".//root-alter") == "1"
    assert root.findtext(".//harmony/kind") == "minor-seventh" and root.findtext(".//bass-step") == "E"


def test_title_composer_and_rights() -> None:
    root = written(
        credits=(Credit("title", "Lied"), Credit("composer", "A. Nym"), Credit("copyright", "© 1900"))
    )
    assert root.findtext("work/work-title") == "Lied"
    assert root.findtext("identification/creator[@type='composer']") == "A. Nym"
    assert root.findtext("identification/rights") == "© 1900"
    assert [node.findtext("credit-type") for node in root.findall("credit")] == [
        "title",
        "composer",
        "rights",
    ]


def test_instruments_set_programme_and_transposition() -> None:
    root = written(name="Clarinetto in B")
    assert root.findtext(".//midi-program") == "72"
    assert root.findtext(".//transpose/chromatic") == "-2"


@pytest.mark.parametrize("name", ["Part 1", "Anna"])
def test_unknown_instruments_have_no_programme(name: str) -> None:
    assert find_instrument(name) is None


@pytest.mark.parametrize(
    ("text", "root", "alter", "kind"),
    [
        ("C", "C", 0, "major"), ("Bb", "B", -1, "major"), ("Cm7", "C", 0, "minor-seventh"),
        ("F#dim", "F", 1, "diminished"), ("Cmaj7", "C", 0, "major-seventh"),
        ("Gsus2", "G", 0, "suspended-second"),
        ("Em7b5", "E", 0, "half-diminished"), ("H7", "B", 0, "dominant"), ("N.C.", "C", 0, "none"),
    ],
)  # fmt: skip
def test_chord_names(text: str, root: str, alter: int, kind: str) -> None:
    found = parse_chord_name(text)
    assert found is not None and (found.root, found.root_alter, found.kind) == (root, alter, kind)


@pytest.mark.parametrize("text", ["Der", "Am Abend", "viio", "ii6", "Fine", ""])
def test_other_words_are_no_chord_names(text: str) -> None:
    assert parse_chord_name(text) is None


def test_words_of_every_kind_keep_the_schema() -> None:
    kinds = ("title", "subtitle", "composer", "lyricist", "arranger", "copyright")
    marks = (
        mark("tempo", "Allegro (♩. = 96)"), mark("tempo", "Lento"), mark("words", "dolce"),
        mark("rehearsal", "A"), mark("harmony", "Bb7sus4/F"), mark("harmony", "N.C."),
    )  # fmt: skip
    root = written(
        *marks,
        name="Clarinetto in B",
        lyrics=(Lyric(1, "Ro", "begin", True),),
        credits=tuple(Credit(kind, "x") for kind in kinds),
    )
    assert faults("\n\n" + etree.tostring(root, encoding="unicode")) == []
