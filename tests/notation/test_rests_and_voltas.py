"""Rests of several measures and voltas: engraved, read from their symbols, and written as MusicXML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("verovio")
pytest.importorskip("skia")

from omr.evaluation.music.files import read_music
from omr.export.musicxml import to_musicxml
from omr.notation import pipeline
from omr.page import Box, Page, Symbol
from omr.score import Score
from tests.builders.music import ALONE, FOUR, PIANO, as_page, bar, note, page


def rest(measures: int, font: str = "Leipzig", picture: bool = True) -> Page:
    """A page with a rest of so many measures between two others."""
    long = f'<multiRest num="{measures}" block="true"/>'
    engraved = page(ALONE.format(measures=bar(FOUR) + bar(long) + bar(FOUR)), font)
    return replace(as_page(engraved), image=engraved.draw() if picture else None)


@pytest.mark.parametrize("font", ["Leipzig", "Bravura", "Gootville"])
@pytest.mark.parametrize("measures", [2, 8, 13, 45, 67, 90])
def test_the_number_over_a_long_rest_is_read_off_the_picture(font: str, measures: int) -> None:
    music = pipeline.read([rest(measures, font)])
    (part,) = music.parts
    assert [m.number for m in part.measures] == list(range(1, measures + 3))
    assert part.measures[1].resting == measures and not any(m.problem for m in part.measures)
    assert [bool(list(m.events())) for m in (part.measures[0], part.measures[-1])] == [True, True]


def test_a_number_of_digits_needs_no_picture() -> None:
    blind = rest(24, picture=False)
    assert "wasn't read" in pipeline.read([blind]).parts[0].measures[1].problem
    number = next(s for s in blind.symbols if s.name == "restHNr").box
    middle = number.centre[0]
    digits = (
        Symbol("timeSig2", Box(number.x0, number.y0, middle, number.y1)),
        Symbol("timeSig4", Box(middle, number.y0, number.x1, number.y1)),
    )
    told = blind.with_symbols((*(s for s in blind.symbols if s.name != "restHNr"), *digits))
    assert len(pipeline.read([told]).parts[0].measures) == 26


def test_a_long_rest_opens_elsewhere(tmp_path: Path) -> None:
    xml = to_musicxml(pipeline.read([rest(13)]))
    assert "<multiple-rest>13</multiple-rest>" in xml
    path = tmp_path / "rest.musicxml"
    path.write_text(xml, encoding="utf-8")
    assert len(read_music(path).notes) == 15
    import verovio

    toolkit = verovio.toolkit()
    assert toolkit.loadData(xml) and 'num="13"' in toolkit.getMEI()


def volta(numbers: str, layer: str = FOUR, right: str = "") -> str:
    return f'<ending n="{numbers}">{bar(layer, right)}</ending>'


def endings(music: Score) -> list[tuple[tuple[int, ...], tuple[str, ...], tuple[int, ...], tuple[str, ...]]]:
    """Numbers and ends at the left and at the right of every measure."""
    return [
        (m.left.ending_numbers, m.left.ending, m.right.ending_numbers, m.right.ending)
        for m in music.parts[0].measures
    ]


def test_voltas_count_from_the_repeat() -> None:
    text = bar(FOUR) + volta("1", right="rptend") + volta("2", right="rptend") + volta("3") + bar(FOUR)
    text += volta("1", right="rptend") + volta("2")
    music = pipeline.read([as_page(page(ALONE.format(measures=text)))])
    closed, opened = ("stop",), ("discontinue",)
    none: tuple[tuple[int, ...], tuple[str, ...]] = ((), ())
    assert endings(music) == [
        (*none, *none),
        ((1,), ("start",), (1,), closed),
        ((2,), ("start",), (2,), closed),
        ((3,), ("start",), (3,), opened),
        (*none, *none),
        ((1,), ("start",), (1,), closed),
        ((2,), ("start",), (2,), opened),
    ]


def test_a_second_volta_after_a_first_that_was_missed() -> None:
    whole = as_page(page(ALONE.format(measures=bar(FOUR) + volta("1", right="rptend") + volta("2"))))
    first = min((s for s in whole.symbols if s.name == "voltaBracket"), key=lambda s: s.box.x0)
    music = pipeline.read([whole.only(lambda s: s is not first)])
    assert [numbers for numbers, *_ in endings(music)] == [(), (), (2,)]


def test_digits_under_a_volta_are_its_numbers_and_no_tuplet(tmp_path: Path) -> None:
    text = bar(FOUR) + volta("1, 2", right="rptend") + volta("3")
    plain = as_page(page(ALONE.format(measures=text)))
    box = min((s.box for s in plain.symbols if s.name == "voltaBracket"), key=lambda box: box.x0)
    digits = [
        Symbol(f"{kind}{n}", Box(box.x0 + 14 * n, box.y0 + 6, box.x0 + 14 * n + 8, box.y0 + 22), 0.9)
        for kind, n in (("fingering", 1), ("tuplet", 2))
    ]
    music = pipeline.read([plain.with_symbols([*plain.symbols, *digits])])
    assert [numbers for numbers, *_ in endings(music)] == [(), (1, 2), (3,)]
    assert all(e.tuplet is None and not e.marks for m in music.parts[0].measures for e in m.events())
    xml = to_musicxml(music)
    assert 'number="1, 2" type="start"' in xml
    path = tmp_path / "voltas.musicxml"
    path.write_text(xml, encoding="utf-8")
    assert len(read_music(path).notes) == 3
    import verovio

    toolkit = verovio.toolkit()
    assert toolkit.loadData(xml) and toolkit.getMEI().count("<ending") == 2


def test_a_volta_goes_on_over_a_system_break() -> None:
    first = as_page(page(ALONE.format(measures=bar(FOUR) + f'<ending n="1">{bar(FOUR)}</ending>')))
    second = as_page(page(ALONE.format(measures=f'<ending n="1">{bar(FOUR, "rptend")}</ending>' + bar(FOUR))))
    music = pipeline.read([first, second])
    assert [(m.left.ending, m.right.ending) for m in music.parts[0].measures] == [
        ((), ()),
        (("start",), ()),
        ((), ("stop",)),
        ((), ()),
    ]


def test_nothing_else_changes_under_a_long_rest() -> None:
    """A bar on one staff while the other plays is no rest of all."""
    layer = note("c5", 1)
    piano = PIANO.format(
        measures=f'<measure><staff n="1"><layer n="1"><multiRest num="3" block="true"/></layer></staff>'
        f'<staff n="2"><layer n="1">{layer}</layer></staff></measure>'
    )
    (part,) = pipeline.read([as_page(page(piano))]).parts
    assert len(part.measures) == 1 and part.measures[0].resting == 0
