"""Our suppression is torchvision's, without PyTorch."""

import numpy as np
import pytest
import torch
from torchvision.ops import batched_nms

from omr.watershed.suppression import suppress


@pytest.mark.parametrize("max_iou", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("seed", range(4))
def test_suppress_equals_torchvisions_nms(seed, max_iou):
    rng = np.random.default_rng(seed)
    corner, size = rng.uniform(-20, 200, (400, 2)), rng.exponential(12, (400, 2))
    boxes = np.concatenate([corner, corner + size], 1)
    boxes = np.concatenate([boxes, boxes + rng.normal(0, 0.2, boxes.shape)]).astype(np.float32)
    classes, scores = np.tile(rng.integers(0, 4, 400), 2), rng.permutation(800).astype(np.float32) / 800
    kept = suppress(boxes, classes, scores, max_iou)
    reference = batched_nms(*map(torch.from_numpy, (boxes, scores, classes)), max_iou)
    np.testing.assert_array_equal(kept, reference.numpy())
    assert 0 < len(kept) < 800


def test_suppress_keeps_a_box_whose_only_rival_is_suppressed():
    row = np.array([[0, 0, 10, 10], [3, 0, 13, 10], [6, 0, 16, 10]], np.float32)
    assert suppress(row, np.zeros(3, np.int64), np.array([0.9, 0.8, 0.7], np.float32), 0.5).tolist() == [0, 2]


def test_suppress_boxes_without_area_and_no_boxes():
    line = np.tile(np.array([[5, 5, 5, 9]], np.float32), (2, 1))
    assert len(suppress(line, np.zeros(2, np.int64), np.ones(2, np.float32), 0.5)) == 2
    assert len(suppress(line[:0], np.zeros(0, np.int64), np.ones(0, np.float32), 0.5)) == 0
