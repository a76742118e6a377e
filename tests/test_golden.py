"""From an image to music with the shipped weights, and the same music from stored detections."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

import omr
from omr.cli import app
from omr.datasets.photo import photo, turned
from omr.evaluation.music.comparison import Sounding, compare, notes_by_measure
from omr.evaluation.music.files import read_music
from omr.images import load_pages
from omr.inference import MirrorWarning
from omr.notation.pipeline import read
from omr.page import Box, Page
from omr.view import rotated
from omr.vocabulary.translation import core_page
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


@pytest.fixture(scope="module")
def reader() -> omr.Reader:
    return omr.Reader()


@pytest.fixture(scope="module")
def minuet() -> np.ndarray:
    return next(load_pages(EXAMPLES / "minuet.png")).grey


def notes_of(page: Page) -> list[Counter[Sounding]]:
    return notes_by_measure(read([core_page(page)]))


@pytest.mark.parametrize("degrees", [0, 10, -15, 20, 90, 100, 180, 270])
def test_turned_example_has_the_same_notes(degrees: int, reader: omr.Reader, minuet: np.ndarray) -> None:
    """A page that is turned is read note for note, with its boxes where it was turned to."""
    upright, page = reader.detect(minuet), reader.detect(turned(minuet, degrees))
    assert notes_of(page) == notes_of(upright) == read_music(EXAMPLES / "minuet.musicxml").notes
    assert (page.width, page.height) == turned(minuet, degrees).shape[::-1]
    view = rotated((page.height, page.width), degrees)
    seen = view.boxes_to_view(np.array([symbol.box for symbol in page.symbols]))
    seen -= np.tile([(view.width - upright.width) / 2, (view.height - upright.height) / 2], 2)
    heads = [s.box for s in upright.symbols if s.name.startswith("notehead")]
    assert all(max(head.iou(Box(*box)) for box in seen.tolist()) > 0.7 for head in heads)


def test_inverted_example_has_the_same_symbols(reader: omr.Reader, minuet: np.ndarray) -> None:
    upright, page = reader.detect(minuet), reader.detect(255 - minuet)
    assert page.symbols == upright.symbols
    assert notes_of(page) == notes_of(upright)


def test_twelve_bit_example_has_the_same_symbols(
    reader: omr.Reader, minuet: np.ndarray, tmp_path: Path
) -> None:
    Image.fromarray(minuet.astype(np.uint16) << 4).save(tmp_path / "deep.png")
    assert reader.detect(tmp_path / "deep.png").symbols == reader.detect(minuet).symbols


@pytest.mark.parametrize("down", [False, True])
def test_mirrored_example_is_read_and_said(down: bool, reader: omr.Reader, minuet: np.ndarray) -> None:
    mirrored = np.ascontiguousarray(minuet[::-1] if down else minuet[:, ::-1])
    with pytest.warns(MirrorWarning, match="is mirrored"):
        page = reader.detect(mirrored)
    assert notes_of(page) == read_music(EXAMPLES / "minuet.musicxml").notes


@pytest.mark.parametrize("seed", [0, 2])
def test_photographed_example_is_read_note_for_note(
    seed: int, reader: omr.Reader, minuet: np.ndarray
) -> None:
    page = reader.detect(photo(minuet, np.random.default_rng(seed)))
    assert notes_of(page) == read_music(EXAMPLES / "minuet.musicxml").notes


def test_stored_detections_of_a_photograph_give_the_same_bytes(minuet: np.ndarray, tmp_path: Path) -> None:
    """A view goes through the file, whatever the vocabulary of the names."""
    taken = turned(photo(minuet, np.random.default_rng(2)), 90)
    Image.fromarray(taken).save(tmp_path / "photo.png")
    for names in ("core", "deepscores"):
        stored, music = tmp_path / f"{names}.json", tmp_path / f"{names}.musicxml"
        run("detect", tmp_path / "photo.png", "-o", stored, "-o", music, "--names", names)
        run("export", stored, "-o", tmp_path / f"{names}-again.musicxml")
    assert len({file.read_bytes() for file in tmp_path.glob("*.musicxml")}) == 1


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
