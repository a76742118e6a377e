from __future__ import annotations

import pytest

from omr.text.chord_names import ChordName, parse_chord_name


@pytest.mark.parametrize(
    ("text", "chord"),
    [
        ("C", ChordName("C")),
        ("F#", ChordName("F", 1)),
        ("H", ChordName("B")),
        ("Am", ChordName("A", 0, "minor", "m")),
        ("Bbmaj7", ChordName("B", -1, "major-seventh", "maj7")),
        ("C(maj7)", ChordName("C", 0, "major-seventh", "(maj7)")),
        ("Cm(maj7)", ChordName("C", 0, "major-minor", "m(maj7)")),
        ("Cm7b5", ChordName("C", 0, "half-diminished", "m7b5")),
        ("D7/F#", ChordName("D", 0, "dominant", "7", (), "F", 1)),
        ("Gsus4", ChordName("G", 0, "suspended-fourth", "sus4")),
        ("C7(b9)", ChordName("C", 0, "dominant", "7(b9)", (("add", 9, -1),))),
        ("G7b5", ChordName("G", 0, "dominant", "7b5", (("alter", 5, -1),))),
        ("N.C.", ChordName("C", 0, "none", "N.C.")),
    ],
)
def test_parse_chord_name_takes_names_apart(text: str, chord: ChordName) -> None:
    assert parse_chord_name(text) == chord


@pytest.mark.parametrize("text", ["", "Der", "Ave", "IV", "c", "C//E", "Em(x)", "B9/Z"])
def test_parse_chord_name_of_other_words_is_none(text: str) -> None:
    assert parse_chord_name(text) is None
