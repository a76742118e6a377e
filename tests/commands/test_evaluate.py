"""`omr evaluate` on a dataset of one page that the fake detector reads without a fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

pytest.importorskip("faster_coco_eval")

from omr.commands.evaluate import ProtocolName
from omr.datasets import Dataset
from omr.evaluation.detection.protocols import PROTOCOLS
from omr.export import save
from omr.page import Page
from omr.vocabulary.translation import classes_of
from tests.builders.command import omr
from tests.builders.detector import FakeDetector, bare_staves


class OnePage(Dataset):
    """Its truth is what the fake detector finds, the stem it is unsure of included."""

    names = "core"
    categories = frozenset(classes_of("core"))

    def __init__(self) -> None:
        super().__init__("anywhere")

    def __len__(self) -> int:
        return 1

    def __getitem__(self, i: int) -> Page:
        return Page(900, 500, tuple(FakeDetector().detect(self.image(i))), source="page.png")

    def image(self, i: int) -> np.ndarray:
        return bare_staves()

    def staff_space(self, i: int) -> float:
        return 16.0


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("omr.registry.load", lambda weights, device: FakeDetector())
    monkeypatch.setattr("omr.datasets.open_dataset", lambda path, split: OnePage())


@pytest.mark.slow
def test_the_figures_and_the_threshold_of_the_weights(capsys: pytest.CaptureFixture[str]) -> None:
    assert omr("evaluate", "anywhere", "--json", "figures.json", "--report", "report") == 0
    out = capsys.readouterr().out
    assert "1 image, 3 symbols, 3 classes" in out and "shipped threshold 0.50" in " ".join(out.split())
    figures = json.loads(Path("figures.json").read_text())
    assert figures["map50"] == figures["weighted_map50"] == 1
    assert figures["threshold"]["precision"] == 1
    assert figures["threshold"]["recall"] == pytest.approx(2 / 3)  # the stem scores 0.3
    assert figures["about"]["weights"] == "printed"
    assert Path("report/index.html").exists()


def test_stored_detections(capsys: pytest.CaptureFixture[str]) -> None:
    save([OnePage()[0].only(lambda s: s.name != "stem")], "found.json")
    assert omr("evaluate", "anywhere", "--detections", "found.json", "-o", "figures.json") == 0
    figures = json.loads(Path("figures.json").read_text())
    assert figures["map50"] == pytest.approx(2 / 3)
    assert figures["threshold"]["origin"] == "best"
    assert figures["about"]["detections"] == "found.json"
    capsys.readouterr()
    save([Page(900, 500, source="other.png")], "found.json")
    assert omr("evaluate", "anywhere", "--detections", "found.json") == 2
    assert capsys.readouterr().err.startswith("omr: found.json: has no image page.png, 1 of the dataset's 1")


def test_crops_of_staves() -> None:
    assert omr("evaluate", "anywhere", "--staves", "1", "-o", "figures.json") == 0
    figures = json.loads(Path("figures.json").read_text())
    assert figures["pages"] == 2  # the page has two staves, and the detector finds the same on both
    assert figures["about"]["images"] == "crops, 1 staves each"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--detector", "printed", "--weights", "printed"), "exclude each other"),
        (("--detector", "nonsense"), "nonsense: no such detector; choose one of dwdnet"),
        (("--detections", "missing.json"), "missing.json: can't be read"),
        (("--report", "file"), "file: is a file; give a folder"),
    ],
)
def test_mistakes_are_one_line(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("file").write_text("")
    assert omr("evaluate", "anywhere", *arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("omr: ") and message in error and error.count("\n") == 1


def test_every_protocol_can_be_named() -> None:
    assert set(get_args(ProtocolName)) == set(PROTOCOLS)
