"""SPP-net: regions of any size become vectors of one length, and detection trains no convolution."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from omr.baselines.sppnet import BINS, REGION_SIDE, SpatialPyramidPooling, SPPNet, classes_at_cells
from omr.detectors.base import to_ink
from tests.builders.crops import CLASSES, NARROW, drawn


def maps(side: int = 64) -> dict[str, torch.Tensor]:
    return {str(stride): torch.rand(1, 3, side // stride, side // stride) for stride in (4, 8)}


def test_pooling_regions_of_any_size_gives_the_maxima_of_every_grid() -> None:
    features = maps()
    boxes = torch.tensor([[8.0, 8, 40, 24], [9, 9, 10, 10], [0, 0, 63, 63]])
    pooled = SpatialPyramidPooling((4, 8))(features, [boxes])
    assert pooled.shape == (3, 3, sum(bins**2 for bins in BINS))
    np.testing.assert_array_equal(pooled[0, :, 0], features["4"][0, :, 2:7, 2:11].amax((1, 2)))
    assert (pooled[:, :, 0] == pooled[:, :, 1:].amax(2)).all()  # the whole has the maximum of its parts


def test_pooling_large_regions_takes_the_coarser_features() -> None:
    features = maps(128)
    side = float(REGION_SIDE)
    boxes = torch.tensor([[0, 0, side - 1, side - 1], [0, 0, side + 1, side + 1]])
    coarse = SpatialPyramidPooling((4, 8))(features | {"4": torch.zeros(1, 3, 32, 32)}, [boxes])
    assert not coarse[0].any() and coarse[1].all()


@pytest.mark.slow
def test_losses_of_detection_do_not_reach_the_trunk() -> None:
    torch.manual_seed(0)
    detector = SPPNet(CLASSES, **NARROW)
    image, boxes, labels = drawn()
    losses = detector(to_ink(image), [detector.targets(boxes, labels, image.shape)])
    (losses["loss_classifier"] + losses["loss_box_reg"]).backward(retain_graph=True)
    assert all(weight.grad is None for weight in detector.trunk.parameters())
    losses["naming"].backward()
    assert all(weight.grad is not None for weight in detector.trunk.parameters())


def test_classes_at_cells_marks_what_a_box_touches_and_crops_the_rest() -> None:
    boxes = torch.tensor([[-2.0, 1.5, 1.2, 2.5], [3, 0, 9, 1]])
    wanted = classes_at_cells(boxes, torch.tensor([1, 0]), 2, (3, 4))
    assert wanted[1].nonzero().tolist() == [[1, 0], [1, 1], [2, 0], [2, 1]]
    assert wanted[0].nonzero().tolist() == [[0, 3]]
