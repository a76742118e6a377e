"""How a network outputs energy: as a number, or as a choice of one of a few levels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from omr.watershed.losses import energy_loss

INITIAL_LOG_ODDS = -3.0
"""Log odds of energy in a fresh net: most of a page is paper (release 0.1.0)."""

LEVELS = 11
"""Energy levels: 0, 0.1, ... 1. Levels are the paper's; their number is ours."""


class EnergyOutput(Protocol):
    """Turns the outputs of a network into energy, and compares them with the true energy.

    Attributes
    ----------
    outputs : int
        Outputs of the network for each layer.
    """

    outputs: int

    def bias(self) -> Tensor:
        """Give the biases that a fresh net starts from.

        Returns
        -------
        tensor (outputs,)
        """

    def energy(self, raw: Tensor) -> Tensor:
        """Compute energy from raw outputs.

        Parameters
        ----------
        raw : tensor (N, layers * outputs, h, w)

        Returns
        -------
        tensor (N, layers, h, w) of float32
            From 0 to 1.
        """

    def loss(self, raw: Tensor, target: Tensor, weight: Tensor) -> Tensor:
        """Compute the loss of raw outputs.

        Parameters
        ----------
        raw : tensor (N, layers * outputs, h, w)
        target, weight : tensors (N, layers, h, w)
            True energy, 0 to 1, and the weight of each cell.

        Returns
        -------
        tensor ()
        """


class Regression(EnergyOutput):
    """One output a layer, through a sigmoid."""

    outputs = 1

    def bias(self) -> Tensor:
        """Give the bias (1,) that a fresh net starts from."""
        return torch.tensor([INITIAL_LOG_ODDS])

    def energy(self, raw: Tensor) -> Tensor:
        """Compute energy (N, layers, h, w), 0 to 1, float32, from logits of the same shape."""
        return raw.float().sigmoid()

    def loss(self, raw: Tensor, target: Tensor, weight: Tensor) -> Tensor:
        """Compute the quality focal loss (`energy_loss`); parameters as in `EnergyOutput.loss`."""
        return energy_loss(raw.float(), target, weight)


class Levels(EnergyOutput):
    """Classification into energy levels, of which the likeliest counts.

    As in L. Tuggener et al., "Deep Watershed Detector for Music Object Recognition", ISMIR 2018. Here the
    cross-entropy is focal (T.-Y. Lin et al., ICCV 2017, gamma = 1) and, as in `Regression`, a mean over
    the true energy, since nine cells in ten are level 0. One level off costs as much as ten, so the sum is
    some ten times that of regression; scaled down to it, the net learnt much more slowly.

    Energy between two levels is lost: a saddle must be a level below its summits, and all summits of a
    level score the same.
    """

    outputs = LEVELS

    def bias(self) -> Tensor:
        """Give the biases (LEVELS,) that a fresh net starts from."""
        bias = torch.zeros(LEVELS)
        bias[0] = math.log(LEVELS - 1) - INITIAL_LOG_ODDS
        return bias

    def energy(self, raw: Tensor) -> Tensor:
        """Compute energy (N, layers, h, w), 0 to 1, from logits (N, layers * LEVELS, h, w)."""
        return self._by_level(raw).argmax(2) / (LEVELS - 1)

    def loss(self, raw: Tensor, target: Tensor, weight: Tensor) -> Tensor:
        """Compute the focal cross-entropy; parameters as in `EnergyOutput.loss`."""
        level = self.level(target)
        cost = functional.cross_entropy(self._by_level(raw).float().transpose(1, 2), level, reduction="none")
        off = 1 - (-cost.detach()).exp()
        return (weight * off * cost).sum() / (weight * target).sum().clamp(min=1)

    def level(self, energy: Tensor) -> Tensor:
        """Round energy to the nearest level.

        Parameters
        ----------
        energy : tensor
            From 0 to 1, of any shape.

        Returns
        -------
        tensor of int64
            0 to `LEVELS` - 1, of the same shape.
        """
        return (energy * (LEVELS - 1)).round().long()

    def _by_level(self, raw: Tensor) -> Tensor:
        return raw.view(raw.shape[0], -1, LEVELS, *raw.shape[2:])


ENERGY_OUTPUTS: Mapping[str, EnergyOutput] = {"regression": Regression(), "levels": Levels()}
"""By the name in the option ``heights`` of DWDNet, which weights store."""
