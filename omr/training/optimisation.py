"""The moving average of the weights, and the learning rate over the steps."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR
from torch.optim.swa_utils import AveragedModel


def moving_average(model: nn.Module, decay: float) -> AveragedModel:
    """Start the exponential moving average (EMA) of a model's weights and statistics.

    The decay of update n is ``min(decay, (1 + n) / (10 + n))``, as in TensorFlow's
    ``ExponentialMovingAverage(num_updates)``: fresh weights are forgotten within a few steps.

    Parameters
    ----------
    model : module
        Its state now counts as the first one averaged.
    decay : float
        Largest decay a step, 0 to 1.

    Returns
    -------
    AveragedModel
        Its `module` has the averaged weights; `update_parameters` takes the next state of `model` in.
    """

    @torch.no_grad()
    def update(averages: Sequence[Tensor], values: Sequence[Tensor], count: Tensor | int) -> None:
        weight = 1 - min(decay, (1 + int(count)) / (10 + int(count)))
        for average, value in zip(averages, values, strict=True):
            if average.is_floating_point():
                average.lerp_(value, weight)
            else:
                average.copy_(value)  # counts of batches

    average = AveragedModel(model, multi_avg_fn=update, use_buffers=True)
    average.n_averaged.fill_(1)
    return average


def warmup_then_cosine(optimizer: torch.optim.Optimizer, warmup: int, steps: int) -> LambdaLR:
    """Make the schedule of the learning rate: a linear rise to its peak, then half a cosine down to 0.

    I. Loshchilov, F. Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017, without
    the restarts.

    Parameters
    ----------
    optimizer : Optimizer
        Its learning rate is the peak.
    warmup : int
        Steps of the rise; the first has 1 / `warmup` of the peak.
    steps : int
        Steps in all.

    Returns
    -------
    LambdaLR
        At step 0; to be stepped after each step of the optimiser.
    """
    return LambdaLR(optimizer, _share_of_peak(warmup, steps))


def _share_of_peak(warmup: int, steps: int) -> Callable[[int], float]:
    def share(step: int) -> float:
        if step < warmup:
            return (step + 1) / warmup
        return 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))

    return share
