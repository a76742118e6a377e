"""`omr dataset`."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from omr.datasets import Dataset
from omr.export.overlay import colour
from tests.builders import datasets as tiny
from tests.builders.command import omr


def test_info_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert omr("dataset", "info", tiny.muscima(tmp_path / "m"), "--split", "test") == 0
    said = capsys.readouterr().out
    assert "1 pages, 16 symbols, 10 classes" in said and "0 broken entries" in said
    assert "staff space of 10.0 to 10.0" in said


def test_convert_and_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tiny.coco(tmp_path / "c")
    assert omr("dataset", "convert", folder, tmp_path / "v", "--to", "voc") == 0
    assert len(Dataset(tmp_path / "v")) == 2
    assert omr("dataset", "show", tmp_path / "v", "b", "-o", tmp_path / "b.png") == 0
    picture = Image.open(tmp_path / "b.png")
    assert picture.size == (tiny.WIDTH, tiny.HEIGHT)
    assert picture.getpixel((100, 90)) == colour("noteheadBlack")
    assert capsys.readouterr().out == f"wrote {tmp_path / 'v'}\nwrote {tmp_path / 'b.png'}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("info", "{d}/nowhere"), "nowhere: no such file"),
        (("info", "{d}", "--split", "dev"), "no split 'dev'; there are val2017"),
        (("show", "{d}", "3"), "no page 3; it has 2"),
        (("show", "{d}", "c.png"), "no page of the name c.png"),
        (("convert", "{d}", "{d}", "--to", "yolo"), "is there already"),
        (("convert", "{d}", "{d}/new", "--to", "pdf"), "pdf: no such format"),
    ],
)
def test_bad_input_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    folder = tiny.coco(tmp_path / "c")
    assert omr("dataset", *(argument.format(d=folder) for argument in arguments)) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1 and error.startswith("omr: ")
