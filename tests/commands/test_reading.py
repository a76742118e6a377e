from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from omr.commands.reading import read_nothing, remark
from omr.export.coco import load_coco, to_coco
from omr.page import Page, ReadingQuality
from tests.builders.command import omr
from tests.builders.music import FOUR, as_page, note, page, score
from tests.builders.pages import page as bare_page

GOOD = ReadingQuality(0.97, 0.99, 120, 16)


def rated(quality: ReadingQuality | None) -> Page:
    return Page(800, 600, quality=quality)


def stored(read: Page, path: Path) -> Path:
    path.write_text(json.dumps(to_coco([read])), encoding="utf-8")
    return path


def test_remark_of_a_good_page_is_empty() -> None:
    assert remark(rated(GOOD)) == remark(rated(None)) == ""


def test_remark_of_a_page_without_music() -> None:
    assert remark(rated(ReadingQuality())) == "no music was read"


def test_remark_says_that_ossias_were_left_out() -> None:
    assert remark(rated(replace(GOOD, ossias=1))) == "1 ossia was left out"
    assert remark(rated(replace(GOOD, ossias=2))) == "2 ossias were left out"


def test_remark_counts_the_measures_that_do_not_add_up() -> None:
    assert remark(rated(replace(GOOD, odd_measures=(3,)))) == "1 of 16 measures doesn't add up (3)"
    many = remark(rated(replace(GOOD, odd_measures=tuple(range(1, 13)))))
    assert many.startswith("12 of 16 measures don't add up (1, 2") and many.endswith("8, ...)")


def test_remark_warns_of_a_page_that_was_not_read_well() -> None:
    assert "probably not read well" in remark(rated(replace(GOOD, score=0.7)))
    assert remark(rated(replace(GOOD, score=0.7, heads=3))) == ""  # too few notes to tell


def test_remark_hints_at_handwriting() -> None:
    page = rated(replace(GOOD, head_score=0.87))
    assert "--weights handwritten" in remark(page)
    assert remark(page, handwriting=True) == ""


def test_read_nothing_needs_pages_without_a_note_and_a_rest() -> None:
    assert read_nothing([rated(ReadingQuality()), rated(None)])
    assert not read_nothing([rated(ReadingQuality()), rated(GOOD)])


def test_export_of_nothing_has_a_status_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = stored(bare_page(), tmp_path / "bare.json")
    assert omr("export", file, "-o", tmp_path / "bare.musicxml") == 3
    assert "no music was read" in capsys.readouterr().err
    assert (tmp_path / "bare.musicxml").exists()


def test_export_stores_the_quality_of_the_reading(tmp_path: Path) -> None:
    short = as_page(page(score(FOUR, note("c5", 4) + note("d5", 8), FOUR)))
    file = stored(short, tmp_path / "short.json")
    assert omr("export", file, "-o", tmp_path / "again.json") == 0
    content = json.loads((tmp_path / "again.json").read_text(encoding="utf-8"))
    quality = content["images"][0]["omr"]["quality"]
    assert quality["odd_measures"] == [2] and quality["measures"] == 3
    [again] = load_coco(tmp_path / "again.json")
    assert again.quality is not None
    assert again.quality.odd_measures == (2,)
    assert again.quality.score == quality["score"]


def test_export_explains_its_decisions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = stored(as_page(page(score(FOUR, FOUR))), tmp_path / "piano.json")
    assert omr("export", file, "-o", tmp_path / "piano.musicxml", "--explain") == 0
    out = capsys.readouterr().out.splitlines()
    assert any(line.startswith("piece: 1 part of 2 staves") for line in out)
    assert any(line.startswith("page 1, system 1: staves 1 to 2") and "brace" in line for line in out)
    assert omr("export", file, "-o", tmp_path / "piano.musicxml") == 0
    assert "piece:" not in capsys.readouterr().out


def test_bad_quality_in_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = to_coco([replace(bare_page(), quality=GOOD)])
    content["images"][0]["omr"]["quality"]["heads"] = "many"
    file = tmp_path / "bad.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    assert omr("export", file, "-o", tmp_path / "x.musicxml") == 2
    assert "omr.quality.heads" in capsys.readouterr().err
