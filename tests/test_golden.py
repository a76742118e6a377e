"""From an image to music with the shipped weights, and the same music from stored detections."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import omr
from omr.cli import app
from omr.evaluation.music.comparison import compare, notes_by_measure
from omr.evaluation.music.files import read_music
from tests.builders.schema import faults

EXAMPLES = Path(__file__).parents[1] / "examples"
DATA = Path(os.environ.get("OMR_DATA", "nowhere"))

pytestmark = pytest.mark.slow

SCANS = [
    pytest.param(EXAMPLES / "minuet.png", id="minuet"),
    pytest.param(
        DATA / "scans" / "carmen.png",
        id="carmen",
        marks=[
            pytest.mark.data,
        ],
    ),
]


def run(*arguments: object) -> None:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.exception or result.output


def test_example_is_read_note_for_note(tmp_path: Path) -> None:
    """The notes of examples/minuet.png are those of examples/minuet.musicxml."""
    found = read_music(omr.read(EXAMPLES / "minuet.png").save(tmp_path / "x.musicxml"))
    true = read_music(EXAMPLES / "minuet.musicxml")
    agreement = compare(found.notes, true.notes)
    assert agreement.rhythm.f1 == 1 and agreement.measures.f1 == 1
    assert found.signs == true.signs


@pytest.mark.parametrize("image", SCANS)
def test_stored_detections_give_the_same_bytes(image: Path, tmp_path: Path) -> None:
    """`omr export` of what `omr detect` stored is what `omr detect` wrote, whatever the file shows."""
    direct, elsewhere = tmp_path / "direct", tmp_path / "elsewhere"
    direct.mkdir()
    elsewhere.mkdir()
    shutil.copy(image, direct)
    options: dict[str, tuple[object, ...]] = {
        "plain": (),
        "named": ("--names", "deepscores"),
        "chosen": ("--names", "muscima", "--min-score", 0.9, "--classes", "noteheadFull,stem"),
    }
    for name, given in options.items():
        stored, music = direct / f"{name}.json", direct / f"{name}.musicxml"
        run("detect", direct / image.name, "-o", stored, "-o", music, *given)
        run("export", stored, "-o", direct / "again.musicxml")
        moved = shutil.copy(stored, elsewhere)
        run("export", moved, "-o", elsewhere / "again.musicxml")
        contents = {
            file.read_bytes() for file in (music, direct / "again.musicxml", elsewhere / "again.musicxml")
        }
        assert len(contents) == 1, name
    assert len({file.read_bytes() for file in direct.glob("*.musicxml")}) == 1  # options change what is shown


def test_example_is_valid_musicxml() -> None:
    score = omr.read(EXAMPLES / "minuet.png")
    assert faults(str(score.export("musicxml"))) == []
    (part,) = score.parts
    assert [measure.number for measure in part.measures] == list(range(1, 17))
    assert not any(measure.problem for measure in part.measures)


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="OMR_DATA names no folder")
def test_scan_is_read_note_for_note() -> None:
    """The notes of a scanned print, La Cucaracha, are those of the edition it was made from."""
    score = omr.read(DATA / "scans" / "cucaracha.png")
    assert notes_by_measure(score) == read_music(DATA / "scans" / "cucaracha.musicxml").notes
