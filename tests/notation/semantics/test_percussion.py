"""Percussion comes out unpitched, from staves of five lines and of one, and opens elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from omr.commands.music import export
from omr.evaluation.music.files import read_music
from omr.export.musicxml import to_musicxml
from omr.notation import pipeline
from omr.page import Box, Page, Symbol
from omr.score import Pitch, Score
from tests.builders.pages import HEIGHT, barline, notehead, staff
from tests.builders.schema import faults

TOP = 100.0


def page_of_drums(
    lines: int, clef: str = "clefPercussion", heads: tuple[str, ...] = ("noteheadBlack",) * 4
) -> Page:
    """A measure of four quarters, on the middle of five lines or on the only one, with stems up."""
    middle = TOP + HEIGHT / 2 if lines == 5 else TOP
    xs = [200.0 + 60 * i for i in range(len(heads))]
    symbols = [Symbol(clef, Box(60, middle - 10, 80, middle + 10), 0.9)]
    for x, name in zip(xs, heads, strict=True):
        symbols += [
            notehead(x, middle, name),
            Symbol("stem", Box(x + 5, middle - 35, x + 6, middle - 2), 0.9),
        ]
    symbols += [barline(900, middle - HEIGHT / 2, middle + HEIGHT / 2)]
    return Page(1000, 300, tuple(symbols), (staff(TOP, lines=lines),), "drums.png")


def drums(*arguments: Any, **options: Any) -> Score:
    return pipeline.read([page_of_drums(*arguments, **options)])


@pytest.mark.parametrize(("lines", "place"), [(5, Pitch("B", 4)), (1, Pitch("E", 4))])
def test_percussion_is_unpitched_at_its_place_on_the_staff(lines: int, place: Pitch) -> None:
    (part,) = drums(lines).parts
    (measure,) = part.measures
    events = list(measure.events())
    assert [event.duration for event in events] == [1, 1, 1, 1]
    assert {(note.pitch, note.unpitched) for event in events for note in event.notes} == {(place, True)}
    assert [change.clef.sign for change in measure.clefs] == ["percussion"]
    assert part.staff_lines == (() if lines == 5 else (1,))


def test_a_staff_of_one_line_is_unpitched_whatever_its_clef() -> None:
    (part,) = drums(1, "clefG").parts
    assert all(note.unpitched for event in part.measures[0].events() for note in event.notes)


def test_crossed_heads_keep_their_shape() -> None:
    (part,) = drums(5, heads=("noteheadX", "noteheadBlack")).parts
    assert [event.notes[0].head for event in part.measures[0].events()] == ["x", ""]


@pytest.mark.parametrize("lines", [5, 1])
def test_percussion_is_written_in_the_words_of_musicxml(lines: int) -> None:
    xml = to_musicxml(drums(lines))
    assert faults(xml) == []
    assert xml.count("<unpitched>") == 4 and "<pitch>" not in xml and "<sign>percussion</sign>" in xml
    assert ("<staff-lines>1</staff-lines>" in xml) == (lines == 1)


@pytest.mark.parametrize("lines", [5, 1])
def test_percussion_opens_in_music21(lines: int, tmp_path: Path) -> None:
    from music21 import converter

    path = tmp_path / "drums.musicxml"
    path.write_text(to_musicxml(drums(lines)), encoding="utf-8")
    notes = list(converter.parse(path, forceSource=True).recurse().notes)
    assert [type(note).__name__ for note in notes] == ["Unpitched"] * 4
    assert read_music(path).notes[0].total() == 4


@pytest.mark.parametrize("lines", [5, 1])
def test_percussion_opens_in_verovio(lines: int) -> None:
    verovio = pytest.importorskip("verovio")
    toolkit = verovio.toolkit()
    assert toolkit.loadData(to_musicxml(drums(lines)))
    mei = toolkit.getMEI()
    assert mei.count("<note ") == 4 and f'lines="{lines}"' in mei and "perc" in mei


@pytest.mark.parametrize("lines", [5, 1])
def test_percussion_becomes_midi_and_mei(lines: int) -> None:
    pytest.importorskip("verovio")
    music = drums(lines)
    midi, mei = music.export("midi"), music.export("mei")
    assert isinstance(midi, bytes) and midi.startswith(b"MThd") and "<note " in str(mei)


@pytest.mark.parametrize("lines", [5, 1])
@pytest.mark.parametrize("names", ["core", "deepscores"])
def test_percussion_is_unpitched_from_stored_detections(lines: int, names: Any, tmp_path: Path) -> None:
    stored, music = page_of_drums(lines).save(tmp_path / "x.json", names), tmp_path / "x.musicxml"
    export(stored, output=[str(music)])
    assert music.read_text(encoding="utf-8") == to_musicxml(drums(lines))


@pytest.mark.parametrize("lines", [5, 1])
def test_percussion_is_unpitched_from_detections_with_staves_beside_the_size(
    lines: int, tmp_path: Path
) -> None:
    """As release 0.1.0 and other programs write them: without the field `omr`."""
    stored, music = page_of_drums(lines).save(tmp_path / "x.json"), tmp_path / "x.musicxml"
    content = json.loads(stored.read_text())
    (image,) = content["images"]
    image["staves"] = image.pop("omr")["staves"]
    stored.write_text(json.dumps(content))
    export(stored, output=[str(music)])
    assert music.read_text(encoding="utf-8").count("<unpitched>") == 4
