"""`omr export` and `omr evaluate-music`, from files to files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from typer.testing import CliRunner

from omr.cli import app
from omr.export import save
from omr.page import Box, Page, Staff, Symbol

STAFF = Staff(np.array([20.0, 380.0]), np.array([[100.0 + 10 * k] * 2 for k in range(5)]))
SYMBOLS = (
    Symbol("clefG", Box(30, 85, 55, 155)),
    Symbol("noteheadWhole", Box(150, 125, 166, 135), 0.9),
    Symbol("barline", Box(378, 100, 380, 140)),
)


def test_stored_detections_become_music_that_agrees_with_itself(tmp_path: Path) -> None:
    stored = save([Page(400, 300, SYMBOLS, (STAFF,), "x.png")], tmp_path / "x.json")
    out = tmp_path / "x.musicxml"
    result = CliRunner().invoke(app, ["export", str(stored), "-o", str(out)])
    assert result.exit_code == 0 and out.read_text(encoding="utf-8").count("<pitch>") == 1
    compared = CliRunner().invoke(app, ["evaluate-music", str(out), str(out)])
    assert compared.exit_code == 0 and "1.000" in compared.output


def test_detections_of_others_without_staves_or_image_are_refused(tmp_path: Path) -> None:
    stored = save([Page(400, 300, SYMBOLS, (), "x.png")], tmp_path / "x.json")
    content = json.loads(stored.read_text())
    del content["images"][0]["omr"]
    stored.write_text(json.dumps(content))
    result = CliRunner().invoke(app, ["export", str(stored), "-o", str(tmp_path / "x.musicxml")])
    assert "give --images" in str(result.exception) and not (tmp_path / "x.musicxml").exists()


def test_what_is_no_music_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.musicxml").write_text("no music")
    path = str(tmp_path / "x.musicxml")
    result = CliRunner().invoke(app, ["evaluate-music", path, path])
    assert "x.musicxml: " in str(result.exception)
