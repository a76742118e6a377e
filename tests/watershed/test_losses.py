"""What the losses reward: the truth costs nothing, what can't be seen counts for nothing."""

import pytest
import torch

from omr.watershed.losses import balanced, box_loss, class_loss, energy_loss, symbol_weight

TRUE = torch.tensor([[10.0, 10, 14, 12], [30, 5, 30.6, 25], [50, 8, 90, 12]])
ALL = torch.ones(3, 4, dtype=torch.bool)


def test_losses_of_the_truth_are_zero():
    ones = torch.ones(3)
    assert box_loss(TRUE.clone(), TRUE, ones, ALL) == pytest.approx(0, abs=1e-6)
    sure = torch.eye(3) * 100
    assert class_loss(sure, torch.arange(3), ones) == pytest.approx(0, abs=1e-6)
    energy = torch.tensor([[[[0.0, 1.0]]]])
    assert energy_loss((energy * 2 - 1) * 50, energy, torch.ones_like(energy)) == pytest.approx(0, abs=1e-6)


def test_box_loss_ignores_unseen_edges_alone():
    seen = ALL.clone()
    seen[2, 2] = False  # the hairpin leaves the crop on the right
    predicted = TRUE.clone()
    predicted[2, 2] = 400
    assert box_loss(predicted, TRUE, torch.ones(3), seen) == pytest.approx(0, abs=1e-6)
    assert box_loss(predicted, TRUE, torch.ones(3), ALL) > 0.1
    predicted[2, 0] -= 8
    assert box_loss(predicted, TRUE, torch.ones(3), seen) > 0.01


def test_balanced_raises_rare_classes():
    labels = torch.tensor([0] * 100 + [1])
    weight = balanced(torch.ones(101), labels)
    assert weight.sum() == pytest.approx(101, rel=1e-5)
    assert weight[-1] / weight[0] == pytest.approx(10, rel=1e-5)  # the root of a hundred to one
    assert len(balanced(torch.zeros(0), torch.zeros(0, dtype=torch.int64))) == 0


def test_symbol_weight_falls_with_area_within_limits():
    dot, head, beam = symbol_weight(torch.tensor([[0.0, 0, 2, 2], [0, 0, 6, 6], [0, 0, 60, 6]])).tolist()
    assert dot == 4
    assert head == 1
    assert beam == 0.25
