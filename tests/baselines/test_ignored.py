"""What a crop hardly shows is neither symbol nor background for any box detector."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from omr.baselines.boxes import BoxDetector, on_ignored
from omr.registry import DETECTORS
from tests.builders.crops import CLASSES, NARROW, TINY

BOX_DETECTORS = [name for name in DETECTORS if issubclass(DETECTORS[name], BoxDetector)]


def test_targets_ignore_symbols_that_the_crop_hardly_shows() -> None:
    detector = DETECTORS["yolo"](CLASSES, **NARROW)
    boxes = np.array([[10, 10, 20, 20], [60, 0, 100, 10], [200, 0, 210, 10], [-5, 5, 20, 9]], np.float32)
    targets = detector.targets(boxes, np.arange(4), (64, 64))
    assert targets["labels"].tolist() == [0, 3] and targets["numbers"].tolist() == [1, 4]
    assert targets["ignored"].tolist() == [[60, 0, 64, 10]]
    more = detector.ignore_regions(targets, np.array([[1, 2, 3, 4]], np.float32))
    assert more["ignored"].tolist() == [[60, 0, 64, 10], [1, 2, 3, 4]]


def test_on_ignored_asks_for_half_of_the_box() -> None:
    boxes = torch.tensor([[0.0, 0, 10, 10], [6, 0, 16, 10], [4, 0, 14, 10]])
    assert on_ignored(boxes, torch.tensor([[0.0, 0, 9, 20]])).tolist() == [True, False, True]
    assert on_ignored(boxes, torch.zeros(0, 4)).tolist() == [False] * 3


@pytest.mark.slow
@pytest.mark.parametrize("name", BOX_DETECTORS)
def test_losses_do_not_count_background_that_is_ignored(name: str) -> None:
    """Everything is ignored but one symbol: the loss of the background is gone."""
    torch.manual_seed(0)
    detector = DETECTORS[name](CLASSES, **TINY.get(name, NARROW))
    image = torch.zeros(1, 1, 96, 96)
    image[..., 40:52, 40:54] = 1
    image[..., 10:30, 70:72] = 1
    boxes, labels = np.array([[40, 40, 54, 52]], np.float32), np.zeros(1, np.int64)
    known = detector.targets(boxes, labels, (96, 96))
    unknown = detector.ignore_regions(known, np.array([[0, 0, 96, 96]], np.float32))
    torch.manual_seed(1)
    all_of_it = sum(float(v.detach()) for key, v in detector(image, [known]).items() if "naming" not in key)
    torch.manual_seed(1)
    less = sum(float(v.detach()) for key, v in detector(image, [unknown]).items() if "naming" not in key)
    assert less != all_of_it and np.isfinite(less)
