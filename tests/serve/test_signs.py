from __future__ import annotations

import pytest

from omr.errors import InputError
from omr.notation.pipeline import read_piece
from omr.page import Page
from omr.score import Measure, Score, TimeSignature
from omr.serve import signs
from omr.serve.edits import Edit, apply
from tests.builders.music import ALONE, FOUR, as_page, bar, note, page, score


@pytest.fixture(scope="module")
def piano() -> Page:
    return as_page(page(score(FOUR, FOUR)))


def mended(read: Page, edit: Edit) -> Score:
    return read_piece(apply([read], edit)).score


def first(music: Score) -> Measure:
    return music.parts[0].measures[0]


@pytest.mark.parametrize("fifths", [-7, -3, 0, 1, 4, 7])
def test_set_key_is_read_as_that_key_on_both_staves(piano: Page, fifths: int) -> None:
    music = mended(piano, signs.set_key(piano, read_piece([piano]).piece, 0, 0, fifths))
    assert {change.fifths for change in first(music).keys} <= {fifths}
    c = next(first(music).events(1)).notes[0]
    assert (c.pitch.step, c.pitch.alter) == ("C", 1 if fifths >= 2 else -1 if fifths <= -6 else 0)


@pytest.mark.parametrize(("beats", "unit"), [(3, 4), (12, 8), (2, 2)])
def test_set_metre_is_read_as_that_metre(piano: Page, beats: int, unit: int) -> None:
    music = mended(piano, signs.set_metre(piano, read_piece([piano]).piece, 0, 0, beats, unit))
    time = first(music).time
    assert time and (time.beats, time.unit) == (beats, unit)


def test_set_metre_removes_the_metre(piano: Page) -> None:
    assert first(read_piece([piano]).score).time == TimeSignature(4, 4)
    assert first(mended(piano, signs.set_metre(piano, read_piece([piano]).piece, 0, 0, 0, 4))).time is None


@pytest.mark.parametrize(
    ("value", "dots"), [("eighth", 0), ("16th", 1), ("half", 0), ("half", 1), ("quarter", 1), ("whole", 0)]
)
def test_set_duration_of_a_note(value: str, dots: int) -> None:
    read = as_page(page(ALONE.format(measures=bar(note("c5", 4), "end"))))
    head = next(n for n, s in enumerate(read.symbols) if s.name == "noteheadBlack")
    music = mended(read, signs.set_duration(read, read_piece([read]).piece, 0, head, value, dots))
    [event] = first(music).events()
    assert (event.value, event.dots) == (value, dots)


@pytest.mark.parametrize("value", ["half", "eighth", "16th"])
def test_set_duration_of_a_rest(value: str) -> None:
    read = as_page(page(ALONE.format(measures=bar(note("c5", 4) + '<rest dur="4"/>', "end"))))
    rest = next(n for n, s in enumerate(read.symbols) if s.name == "restQuarter")
    music = mended(read, signs.set_duration(read, read_piece([read]).piece, 0, rest, value, 0))
    assert [event.value for event in first(music).events()][1] == value


def test_set_duration_refuses_what_has_none(piano: Page) -> None:
    clef = next(n for n, s in enumerate(piano.symbols) if s.name == "clefG")
    with pytest.raises(InputError, match="choose a notehead or a rest"):
        signs.set_duration(piano, read_piece([piano]).piece, 0, clef, "half", 0)


def test_set_join_splits_and_joins_systems(piano: Page) -> None:
    piece = read_piece([piano]).piece
    assert [gap["joined"] for gap in signs.gaps(piano, piece, 0)] == [True]
    apart = apply([piano], signs.set_join(piano, piece, 0, 0, False))
    split = read_piece(apart)
    assert [gap["joined"] for gap in signs.gaps(apart[0], split.piece, 0)] == [False]
    assert [len(part.measures) for part in split.score.parts] == [4]
    again = apply(apart, signs.set_join(apart[0], split.piece, 0, 0, True))
    assert read_piece(again).score == read_piece([piano]).score
