from __future__ import annotations

import pytest

from omr.text.instruments import Transposition, find_instrument

VIOLIN, CELLO, TRUMPET, HORN, CLARINET = 41, 43, 57, 61, 72


@pytest.mark.parametrize(
    ("name", "program"),
    [("Violino I", VIOLIN), ("2nd Violin", VIOLIN), ("Vc.", CELLO), ("Corno in F", HORN), ("Klavier", 1)],
)
def test_find_instrument_knows_names_numbers_and_abbreviations(name: str, program: int) -> None:
    found = find_instrument(name)
    assert found is not None and found.program == program


@pytest.mark.parametrize(
    ("name", "semitones"),
    [("Horn in F", -7), ("Clarinet in B-flat", -2), ("Klarinette in Es", 3), ("Tromba in D", 2)],
)
def test_find_instrument_gives_the_transposition(name: str, semitones: int) -> None:
    found = find_instrument(name)
    assert found is not None and found.transposition is not None
    assert found.transposition.semitones == semitones


def test_find_instrument_that_does_not_transpose_ignores_a_key() -> None:
    found = find_instrument("Violin in A")
    assert found is not None and found.transposition is None


def test_find_instrument_of_an_unknown_name_is_none() -> None:
    assert find_instrument("Part 1") is None


def test_steps_and_semitones_of_a_clarinet_in_a() -> None:
    found = find_instrument("Clarinetto in A")
    assert found is not None and found.transposition == Transposition(-2, -3)
