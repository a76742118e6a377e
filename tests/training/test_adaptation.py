"""Adaptation to pages without truth: pseudo-labels, ignore regions, statistics."""

import cv2
import numpy as np
import pytest
import torch
from torch.nn.modules.batchnorm import _BatchNorm

from omr.commands.train import train
from omr.datasets import Coco, open_dataset
from omr.detectors.dwdnet import DeepWatershedDetector
from omr.errors import InputError
from omr.page import Box, Symbol
from omr.registry import DETECTORS
from omr.training.adaptation import CONFIDENT, LOW_CONFIDENCE, adapt, renormalise
from tests.builders.crops import TINY

CLASSES = ("noteheadBlack", "stem", "beam", "slur")
SPACE = 20
SEEN = [
    Symbol("noteheadBlack", Box(200, 130, 226, 150), CONFIDENT + 0.1),
    Symbol("stem", Box(300, 80, 303, 150), (CONFIDENT + LOW_CONFIDENCE) / 2),
    Symbol("slur", Box(400, 80, 500, 100), LOW_CONFIDENCE / 2),
]


@pytest.fixture(autouse=True)
def few_small_crops(monkeypatch):
    monkeypatch.setattr("omr.training.adaptation.CROPS", 8)
    monkeypatch.setattr("omr.training.adaptation.CROP_SIZE", 160)
    torch.manual_seed(0)


@pytest.fixture
def detector(monkeypatch):
    """A net that sees the same three symbols on every page."""
    monkeypatch.setattr(DeepWatershedDetector, "detect", lambda self, image, space=None: SEEN)
    return DETECTORS["dwdnet"](CLASSES, **TINY["dwdnet"])


@pytest.fixture
def scans(tmp_path):
    """A page of two staves, one without any, and a file that is no picture."""
    folder = tmp_path / "scans"
    folder.mkdir()
    page = np.full((600, 900), 240, np.uint8)
    cv2.imwrite(str(folder / "blank.png"), page)
    for top in (100, 350):
        for line in range(5):
            page[top + line * SPACE : top + line * SPACE + 2, 50:850] = 20
    cv2.imwrite(str(folder / "page.png"), page)
    (folder / "notes.txt").write_text("no picture")
    return folder


@pytest.mark.slow
def test_adapt_makes_confident_symbols_labels_and_uncertain_ones_ignore_regions(detector, scans, tmp_path):
    _, believed = adapt(detector, scans, tmp_path / "adapted", "cpu")
    assert len(believed) == 1
    assert [(s.name, s.box) for s in believed[0].symbols] == [("noteheadBlack", SEEN[0].box)]
    np.testing.assert_allclose(believed.ignore_regions(0), [SEEN[1].box])
    assert believed.image(0).shape == (600, 900)


@pytest.mark.slow
def test_adapt_again_reads_the_result_that_is_there(detector, scans, tmp_path, monkeypatch):
    first, _ = adapt(detector, scans, tmp_path / "adapted", "cpu")
    monkeypatch.setattr(DeepWatershedDetector, "detect", lambda *_: pytest.fail("looked again"))
    second, believed = adapt(detector, scans, tmp_path / "adapted", "cpu")
    assert len(believed[0].symbols) == 1
    for ours, theirs in zip(first.state_dict().values(), second.state_dict().values(), strict=True):
        assert torch.equal(ours, theirs)


@pytest.mark.slow
def test_renormalise_takes_the_statistics_of_the_new_pages(detector, scans, tmp_path):
    adapted, believed = adapt(detector, scans, tmp_path / "adapted", "cpu")
    stem = adapted.trunk.encoder.stem
    dim = tmp_path / "dim"
    dim.mkdir()
    cv2.imwrite(str(dim / "page.png"), believed.image(0) // 10 * 7)  # darker paper
    there, _ = adapt(detector, dim, tmp_path / "darker", "cpu")
    assert not torch.allclose(there.trunk.encoder.stem.norm.running_mean, stem.norm.running_mean, rtol=0.2)
    # a second look at the same crops changes nothing: the mean of all, not the last one's
    before = stem.norm.running_mean.clone()
    renormalise(adapted, believed)
    torch.testing.assert_close(stem.norm.running_mean, before, rtol=5e-3, atol=1e-3)
    assert {m.momentum for m in adapted.modules() if isinstance(m, _BatchNorm)} == {0.1}


def test_ignore_regions_weigh_nothing_but_for_known_symbols():
    detector = DETECTORS["dwdnet"](CLASSES)
    boxes, labels = np.array([[20, 20, 40, 30]], np.float32), np.array([0])
    targets = detector.targets(boxes, labels, (64, 96))
    spared = detector.ignore_regions(targets, np.array([[30, 10, 70, 40], [-20, -20, 4, 4]], np.float32))
    known = targets["energy"] > 0
    assert torch.equal(spared["weight"][known], targets["weight"][known])
    inside = torch.zeros(32, 48, dtype=torch.bool)
    inside[5:20, 15:35] = inside[:2, :2] = True
    assert (spared["weight"][~known & inside] == 0).all()
    assert torch.equal(spared["weight"][:, ~inside], targets["weight"][:, ~inside])


@pytest.mark.slow
def test_train_command_with_adapt_to_adapts_and_trains(detector, scans, tmp_path):
    from omr.detectors import save

    save(detector, tmp_path / "home.safetensors")
    out = tmp_path / "away.safetensors"
    train(
        [], out=out, init=str(tmp_path / "home.safetensors"), adapt_to=scans,
        steps=2, batch=1, size=96, workers=0, device="cpu",
    )  # fmt: skip
    assert out.exists()
    assert [s.name for s in open_dataset(tmp_path / "away.adapted")[0].symbols] == ["noteheadBlack"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"adapt_to": "scans"}, "no weights to adapt; give some with --init"),
        ({}, "no dataset to learn from"),
        ({"datasets": ["somewhere"], "steps": 0}, "only --adapt-to can do without steps"),
        ({"init": "printed", "adapt_to": "missing"}, "missing: is not there"),
    ],
)
def test_train_command_refuses_options_that_exclude_each_other(tmp_path, given, message):
    given = {key: tmp_path / value if key == "adapt_to" else value for key, value in given.items()}
    with pytest.raises(InputError, match=message):
        train(**{"datasets": [], "out": tmp_path / "x.safetensors"} | given)


def test_adapt_to_an_empty_folder_is_refused(detector, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="empty: no page with staves to adapt to"):
        adapt(detector, tmp_path / "empty", tmp_path / "adapted", "cpu")


@pytest.mark.slow
def test_adapt_to_a_dataset_uses_its_training_pages_of_the_lists(detector, scans, tmp_path, monkeypatch):
    """A page may be for training by one of the ways to split a dataset and for tests by another."""

    class Published(Coco):
        splits = ("train", "other/train")

        def preferably(self, split, lists=None):
            asked.append((split, lists))
            return self

    asked = []
    adapt(detector, scans, tmp_path / "coco", "cpu")
    monkeypatch.setattr("omr.training.adaptation.open_dataset", Published)
    adapt(detector, tmp_path / "coco", tmp_path / "adapted", "cpu", "other")
    assert asked == [("train", "other")]


def test_adapt_to_pages_without_staves_is_refused(detector, scans, tmp_path):
    (scans / "page.png").unlink()
    with pytest.raises(InputError, match="no page with staves to adapt to"):
        adapt(detector, scans, tmp_path / "adapted", "cpu")
