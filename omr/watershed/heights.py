"""How a net says how high the landscape is: with a number, or by choosing one of a few levels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from omr.watershed.losses import energy_loss

PAPER = -3.0
"""Log odds of ink's energy in a fresh net: most of a page is paper."""

LEVELS = 11
"""0, 0.1, ... 1. Levels are the paper's; their number is ours."""


class Heights(Protocol):
    """From a net's outputs to energy, and what they cost.

    Attributes
    ----------
    outputs : int
        Of the net, for each layer.
    """

    outputs: int

    def bias(self) -> Tensor:
        """Biases (outputs,) that a fresh net starts from."""

    def energy(self, raw: Tensor) -> Tensor:
        """Energy (N, layers, h, w), 0 to 1, in float32, from raw outputs (N, layers * outputs, h, w)."""

    def loss(self, raw: Tensor, target: Tensor, weight: Tensor) -> Tensor:
        """What raw outputs cost where the energy, like its weight (N, layers, h, w), is `target`."""


class Regression:
    """One output a layer, through a sigmoid."""

    outputs = 1

    def bias(self) -> Tensor:
        return torch.tensor([PAPER])

    def energy(self, raw: Tensor) -> Tensor:
        return raw.float().sigmoid()

    def loss(self, raw: Tensor, target: Tensor, weight: Tensor) -> Tensor:
        return energy_loss(raw.float(), target, weight)


class Levels:
    """Classification into levels of energy, of which the likeliest counts.

    As in L. Tuggener et al., "Deep Watershed Detector for Music Object
    Recognition", ISMIR 2018. Here the cross-entropy is focal (T.-Y. Lin et al.,
    ICCV 2017, gamma = 1) and a mean over what there is to find, as that of
    `Regression` is: nine cells in ten are level 0. To be one level off costs
    what it costs to be far off, so the sum is some ten times regression's;
    made as small it was tried, and learnt much more slowly.

    What is lost is what lies between two levels: a saddle must be a level below
    its summits, and all summits of a level score the same.
    """

    outputs = LEVELS

    def bias(self) -> Tensor:
        bias = torch.zeros(LEVELS)
        bias[0] = math.log(LEVELS - 1) - PAPER
        return bias

    def energy(self, raw: Tensor) -> Tensor:
        return self._by_level(raw).argmax(2) / (LEVELS - 1)

    def loss(self, raw: Tensor, target: Tensor, weight: Tensor) -> Tensor:
        level = self.level(target)
        cost = functional.cross_entropy(self._by_level(raw).float().transpose(1, 2), level, reduction="none")
        off = 1 - (-cost.detach()).exp()
        return (weight * off * cost).sum() / (weight * target).sum().clamp(min=1)

    def level(self, energy: Tensor) -> Tensor:
        """The nearest level, 0 to `LEVELS` - 1, of any energy."""
        return (energy * (LEVELS - 1)).round().long()

    def _by_level(self, raw: Tensor) -> Tensor:
        return raw.unflatten(1, (-1, LEVELS))


HEIGHTS: Mapping[str, Heights] = {"regression": Regression(), "levels": Levels()}
"""By name."""
