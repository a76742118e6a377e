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

SCANS = sorted(file for file in (DATA / "scans").glob("*") if file.suffix in (".jpg", ".pdf", ".png"))

SELECTIONS: dict[str, tuple[object, ...]] = {
    "plain": (),
    "named": ("--names", "deepscores"),
    "chosen": ("--names", "muscima", "--min-score", 0.9, "--classes", "noteheadFull,stem"),
}
"""Options that change what a file of symbols shows and must not change the music."""


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


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A folder for an image and its detections, and another one for the detections alone."""
    direct, elsewhere = tmp_path / "direct", tmp_path / "elsewhere"
    direct.mkdir()
    elsewhere.mkdir()
    return direct, elsewhere


def musics(image: Path, options: tuple[object, ...], direct: Path, elsewhere: Path) -> set[bytes]:
    """What `omr detect` writes, and `omr export` of what it stored, with the image at hand and without."""
    stored, music = direct / "x.json", direct / "x.musicxml"
    shutil.copy(image, direct)
    run("detect", direct / image.name, "-o", stored, "-o", music, *options)
    run("export", stored, "-o", direct / "again.musicxml")
    run("export", shutil.copy(stored, elsewhere), "-o", elsewhere / "again.musicxml")
    files = (music, direct / "again.musicxml", elsewhere / "again.musicxml")
    return {file.read_bytes() for file in files}


def test_stored_detections_give_the_same_bytes_whatever_they_show(folders: tuple[Path, Path]) -> None:
    found = [musics(EXAMPLES / "minuet.png", options, *folders) for options in SELECTIONS.values()]
    assert len(set.union(*found)) == 1


@pytest.mark.data
@pytest.mark.parametrize("scan", SCANS, ids=lambda scan: scan.name)
def test_stored_detections_of_a_scan_give_the_same_bytes(scan: Path, folders: tuple[Path, Path]) -> None:
    assert len(musics(scan, SELECTIONS["named"], *folders)) == 1


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


def test_facing_pages_are_read_one_after_the_other(minuet: np.ndarray, tmp_path: Path) -> None:
    gap = np.full((len(minuet), 200), 255, np.uint8)
    Image.fromarray(np.hstack([gap, minuet, gap, minuet, gap])).save(tmp_path / "spread.png")
    run("detect", "--no-words", tmp_path / "spread.png", "-o", tmp_path / "x.musicxml")
    twice, once = (read_music(file).notes for file in (tmp_path / "x.musicxml", EXAMPLES / "minuet.musicxml"))
    assert len(twice) == 2 * len(once)
    assert twice[: len(once)] == once


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
