"""MusicXML, MIDI and MEI: other programs read back the music that was written."""

from __future__ import annotations

import zipfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from omr.evaluation.music.comparison import notes_by_measure
from omr.evaluation.music.files import read_music
from omr.export import save
from omr.export.musicxml import to_musicxml
from omr.page import Page
from omr.score import (
    Barline,
    Clef,
    ClefChange,
    Event,
    KeyChange,
    Mark,
    Measure,
    Note,
    Part,
    Pitch,
    Score,
    Spanner,
    TimeSignature,
    Tuplet,
    Voice,
)
from tests.builders.schema import faults

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def sound(
    onset: Fraction | int, duration: Fraction | int, value: str, *pitches: str, **more: object
) -> Event:
    notes = tuple(Note(Pitch(p[0], int(p[1]), more.pop("alter", 0))) for p in pitches)  # type: ignore[arg-type]
    staff = int(more.pop("staff", 1))  # type: ignore[call-overload]
    return Event(staff, Fraction(onset), Fraction(duration), value, notes=notes, **more)  # type: ignore[arg-type]


def piano() -> Score:
    """Two measures: two voices, a triplet, a grace note, marks, a repeat under a volta, a new clef."""
    upper = Voice(
        (
            sound(0, 0, "eighth", "D5", grace="slashed", small=True),
            sound(
                0,
                1,
                "quarter",
                "C5",
                "E5",
                marks=("staccato", "fermata"),
                slurs=(Spanner("start", 1, "above"),),
            ),
            *(
                sound(
                    1 + THIRD * i, THIRD, "eighth", "G5", tuplet=Tuplet(3, 2), beams=(word,), tuplet_ends=ends
                )
                for i, (word, ends) in enumerate(
                    [("begin", ("start",)), ("continue", ()), ("end", ("stop",))]
                )
            ),
            sound(2, 2, "half", "F5", alter=1, slurs=(Spanner("stop", 1),), tremolo=2),
        )
    )
    lower = Voice((sound(0, 3, "half", "C4", dots=1), sound(3, 1, "quarter")))
    bass = Voice((sound(0, 4, "whole", "C3", staff=2),))
    first = Measure(
        1, Fraction(4), (upper, lower, bass),
        clefs=(ClefChange(1, Fraction(0), Clef("G", 2)), ClefChange(2, Fraction(0), Clef("F", 4)),
               ClefChange(2, Fraction(4), Clef("C", 3))),
        keys=(KeyChange(1, -3), KeyChange(2, -3)), time=TimeSignature(4, 4, "common"),
        left=Barline("regular", "forward", ("start",), (1,)),
        right=Barline("light-heavy", "backward", ("stop",), (1,)),
        marks=(Mark("dynamics", 1, Fraction(0), "mf", placement="below"),
               Mark("crescendo", 1, Fraction(1), "", "start", "below"),
               Mark("crescendo", 1, Fraction(3), "", "stop", "below"),
               Mark("pedal", 2, Fraction(0), "", "start", "below"),
               Mark("pedal", 2, Fraction(2), "", "stop", "below")),
    )  # fmt: skip
    rest = Event(1, Fraction(0), Fraction(3), "whole", whole_measure=True)
    second = Measure(2, Fraction(3), (Voice((rest,)),), repeats_previous=(), new_system=True, problem="short")
    return Score((Part("Piano", 2, (first, second)),))


def test_music21_reads_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "x.musicxml"
    path.write_text(to_musicxml(piano()), encoding="utf-8")
    music = read_music(path)
    assert music.notes == notes_by_measure(piano())
    assert music.signs[0][1, "key"] == -3 and music.signs[0][2, "clef"] == ("F", 4, 0)
    assert music.signs[0][1, "time"] == "4/4" and music.signs[1][2, "clef"] == ("C", 3, 0)


def test_music21_sees_marks_breaks_and_repeats(tmp_path: Path) -> None:
    from music21 import converter

    path = tmp_path / "x.musicxml"
    path.write_text(to_musicxml(piano()), encoding="utf-8")
    score = converter.parse(path, forceSource=True)
    chord = score.parts[0].recurse().getElementsByClass("Chord")[0]
    assert [a.name for a in chord.articulations] == ["staccato"]
    assert [type(e).__name__ for e in chord.expressions] == ["Fermata"]
    assert len(list(score.recurse().getElementsByClass("Slur"))) == 1
    assert len(list(score.recurse().getElementsByClass("Crescendo"))) == 1
    assert [d.value for d in score.recurse().getElementsByClass("Dynamic")] == ["mf"]
    assert len(list(score.parts[0].recurse().getElementsByClass("RepeatBracket"))) == 1
    assert any(layout.isNew for layout in score.recurse().getElementsByClass("SystemLayout"))
    triplet = score.parts[0].recurse().notes[2].duration
    assert triplet.tuplets[0].numberNotesActual == 3 and triplet.quarterLength == THIRD


def test_verovio_reads_what_was_written() -> None:
    verovio = pytest.importorskip("verovio")
    toolkit = verovio.toolkit()
    toolkit.loadData(to_musicxml(piano()))
    mei = toolkit.getMEI()
    for element in ("<tuplet ", "<slur ", "<fermata ", "<dynam ", "<hairpin ", "<pedal ", "<ending ", "<sb "):
        assert element in mei, element
    assert mei.count("<note ") == 9 and mei.count("<measure ") == 2


def test_a_measure_that_does_not_add_up_says_so() -> None:
    text = to_musicxml(piano())
    assert "? short" in text and text.count("<words") == 1


def test_a_sign_to_repeat_the_measure_is_written_out() -> None:
    one = Measure(1, Fraction(1), (Voice((sound(0, 1, "quarter", "C5"),)),))
    again = Measure(2, Fraction(1), (), repeats_previous=(1,))
    assert to_musicxml(Score((Part("x", 1, (one, again)),))).count("<step>C</step>") == 2


def test_no_staves_are_a_measure_of_silence(tmp_path: Path) -> None:
    music = read_music(save([Page(500, 300)], tmp_path / "x.musicxml"))
    assert len(music.notes) == 1 and not music.notes[0]


def test_compressed_files_hold_the_same(tmp_path: Path) -> None:
    pages = [Page(500, 300)]
    plain, packed = save(pages, tmp_path / "x.musicxml"), save(pages, tmp_path / "x.mxl")
    with zipfile.ZipFile(packed) as archive:
        assert archive.read("score.musicxml") == plain.read_bytes()
    assert read_music(packed).notes == read_music(plain).notes


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 6, 7, 11])
def test_random_music_comes_back_equal_from_the_file(seed: int, tmp_path: Path) -> None:
    """Random music, engraved, its true symbols read, written, and read again by both programs."""
    verovio = pytest.importorskip("verovio")
    pytest.importorskip("skia")
    from omr.engraving.random_music import random_mei
    from omr.notation import pipeline
    from tests.builders.music import as_page, page

    music = pipeline.read([as_page(page(random_mei(np.random.default_rng(seed))))])
    path = music.save(tmp_path / "x.musicxml")
    assert read_music(path).notes == notes_by_measure(music)
    assert faults(path.read_text(encoding="utf-8")) == []
    verovio.enableLog(verovio.LOG_OFF)
    assert verovio.toolkit().loadData(path.read_text(encoding="utf-8"))


def test_what_is_written_is_valid() -> None:
    assert faults(to_musicxml(piano())) == [] and faults(to_musicxml(Score())) == []


def test_a_pickup_is_measure_0_and_implicit() -> None:
    measures = tuple(
        Measure(number, Fraction(beats), (Voice((sound(0, beats, value, "C5"),)),))
        for number, beats, value in ((0, 1, "quarter"), (1, 4, "whole"))
    )
    xml = to_musicxml(Score((Part("x", 1, measures),)))
    assert faults(xml) == []
    assert '<measure number="0" implicit="yes">' in xml and '<measure number="1">' in xml


def test_a_tied_cue_is_valid() -> None:
    notes = (Note(Pitch("C", 5), ties=("start",)),)
    cue = Event(1, Fraction(0), Fraction(4), "whole", notes=notes, small=True)
    xml = to_musicxml(Score((Part("x", 1, (Measure(1, Fraction(4), (Voice((cue,)),)),)),)))
    assert faults(xml) == [] and "<tied" in xml
