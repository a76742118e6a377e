"""The schedule of the learning rate and the moving average of the weights."""

import pytest
import torch
from torch import nn

from omr.training.optimisation import moving_average, warmup_then_cosine


def test_warmup_then_cosine_rises_to_the_peak_and_falls_to_nothing():
    optimizer = torch.optim.AdamW([nn.Parameter(torch.zeros(1))], lr=0.5)
    schedule = warmup_then_cosine(optimizer, warmup=4, steps=12)
    rates = []
    for _ in range(13):
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    assert rates[:5] == pytest.approx([0.125, 0.25, 0.375, 0.5, 0.5])
    assert rates[8] == pytest.approx(0.25)  # half way down the cosine
    assert rates[12] == pytest.approx(0)
    assert rates[4:] == sorted(rates[4:], reverse=True)


def test_moving_average_follows_fresh_weights_fast_and_old_ones_at_the_decay():
    net = nn.BatchNorm1d(1)
    average = moving_average(net, decay=0.5)
    expected = net.weight.item()
    for update in range(1, 12):
        with torch.no_grad():
            net.weight += 1
            net.num_batches_tracked += 1
        average.update_parameters(net)
        decay = min(0.5, (1 + update) / (10 + update))
        expected = decay * expected + (1 - decay) * net.weight.item()
        assert average.module.weight.item() == pytest.approx(expected)
    assert average.module.num_batches_tracked == 11  # a count is copied


def test_moving_average_leaves_the_model_alone():
    net = nn.Linear(2, 1)
    before = net.weight.clone()
    average = moving_average(net, decay=0.9)
    with torch.no_grad():
        average.module.weight.zero_()
    assert torch.equal(net.weight, before)
