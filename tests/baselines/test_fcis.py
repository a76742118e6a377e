"""FCIS: each cell of a region reads its own maps, and the hardest regions teach."""

from __future__ import annotations

import torch

from omr.baselines.fcis import FCIS, GRID, HARDEST, PositionSensitiveMaps, _hardest_losses
from omr.detectors.base import to_ink
from tests.builders.crops import CLASSES, NARROW, drawn


def test_maps_each_cell_of_a_region_reads_its_own_map() -> None:
    maps = PositionSensitiveMaps(8, 2, 4)
    with torch.no_grad():
        maps.scores.weight.zero_()
        maps.scores.bias.copy_(torch.arange(2 * 2 * GRID**2).float())
    scores, shifts = maps.eval()({"4": torch.rand(1, 8, 16, 16)}, [torch.tensor([[8.0, 8, 50, 44]])])
    assert shifts.shape == (1, 4)
    assert scores.flatten().tolist() == list(range(2 * 2 * GRID**2))


def test_hardest_losses_leaves_easy_regions_out() -> None:
    labels = torch.zeros(3 * HARDEST, dtype=torch.long)
    logits = torch.tensor([[9.0, 0]]).repeat(len(labels), 1)
    logits[:HARDEST] = torch.tensor([0.0, 9])
    losses = _hardest_losses(logits, torch.zeros(len(labels), 4), labels, torch.ones(len(labels), 4), 1)
    assert losses["loss_classifier"] > 8 and losses["loss_box_reg"] == 0


def test_masks_are_probabilities_of_each_part_of_a_box() -> None:
    torch.manual_seed(0)
    detector = FCIS(CLASSES, **NARROW).eval()
    image, boxes, labels = drawn()
    masks = detector.masks(to_ink(image), torch.from_numpy(boxes), torch.from_numpy(labels))
    assert masks.shape == (len(boxes), GRID, GRID) and 0 < masks.min() <= masks.max() < 1


def test_losses_learn_from_the_masks_of_the_dataset_where_there_are_any() -> None:
    torch.manual_seed(0)
    detector = FCIS(CLASSES, **NARROW)
    image, boxes, labels = drawn()
    targets = detector.targets(boxes, labels, image.shape)
    nothing = targets | {"instances": torch.zeros(image.shape, dtype=torch.int32)}
    ink = to_ink(image)
    torch.manual_seed(1)
    own = detector(ink, [targets])["loss_mask"]
    torch.manual_seed(1)
    assert detector(ink, [nothing])["loss_mask"] != own
