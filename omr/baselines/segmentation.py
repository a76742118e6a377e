"""Semantic segmentation as a detector: a trunk, a classifier of cells, components.

Each class has its own sigmoid. A softmax would make every cell choose, but on a
page of music symbols overlap: the stem crosses the beam, the slur crosses both,
a ledger line runs through its notehead, and the ink where they meet is all of theirs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from omr.baselines.components import components
from omr.baselines.masks import INK, ClassMaps, class_maps, ink_cells
from omr.detectors.base import Detector, Found
from omr.detectors.tiling import blend
from omr.detectors.trunks import OVERLAP, make_trunk
from omr.vocabulary import BY_NAME

AT_ONCE = 16
"""Classes whose maps of a page are in memory together."""


class Segmenter(Detector):
    """The base of the segmentation baselines.

    Parameters
    ----------
    classes : sequence of str
        Names of the core vocabulary (which knows the layer of each).
    **options
        For the trunk, e.g. ``encoder="medium"``.
    """

    trunk_name: ClassVar[str]
    trunk_options: ClassVar[dict[str, Any]] = {}
    """What makes the trunk this baseline's."""

    def __init__(self, classes: Sequence[str], **options: Any) -> None:
        super().__init__(tuple(classes))
        self._options = options
        self.trunk = make_trunk(self.trunk_name, **self.trunk_options, **options)
        self.classify = nn.Conv2d(self.trunk.channels, len(self.classes), 1)
        assert self.classify.bias is not None
        nn.init.constant_(self.classify.bias, -math.log(99))  # a cell is of a class once in a hundred
        spans = torch.tensor([BY_NAME[name].layer != "glyph" for name in self.classes])
        self.register_buffer("spans", spans, persistent=False)

    @property
    def config(self) -> dict[str, Any]:
        return super().config | self._options

    # training

    def losses(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        """Cross-entropy, which counts cells, and dice, for which a tiny class is worth a large one."""
        logits = self.classify(self.trunk(images)).float()
        spans: Tensor = self.spans  # type: ignore[assignment]
        costs, dices = [], []
        for z, ink, target in zip(logits, ink_cells(images, self.trunk.stride), targets, strict=True):
            labels = target["labels"]
            maps = class_maps(ink, target["boxes"] / self.trunk.stride, labels, spans[labels])
            costs.append(cross_entropy(z, maps))
            dices.append(dice_loss(z, maps))
        return {"cross_entropy": torch.stack(costs).mean(), "dice": torch.cat(dices).sum() / _count(dices)}

    # use

    def probabilities(self, features: Tensor, ink: Tensor, classes: slice) -> Tensor:
        """Of some classes (k, height, width), given a page's features (1, channels, height, width)."""
        assert self.classify.bias is not None
        logits = functional.conv2d(features, self.classify.weight[classes], self.classify.bias[classes])
        return logits[0].float().sigmoid()

    @torch.inference_mode()
    def find(self, ink: Tensor) -> Found:
        page = ink.to(self.dtype, memory_format=torch.channels_last)
        features = blend(page, self.trunk, self.trunk.stride, self.trunk.view, OVERLAP)[None]
        dark = (ink[0, 0] >= INK).cpu().numpy()
        found = []
        for first in range(0, len(self.classes), AT_ONCE):
            probability = self.probabilities(features, ink, slice(first, first + AT_ONCE)).cpu().numpy()
            part = components(probability, dark, self.trunk.stride)
            found.append(Found(part.boxes, part.classes + first, part.scores))
        return Found(*(np.concatenate(field) for field in zip(*map(_fields, found), strict=True)))


def _fields(found: Found) -> tuple[Any, Any, Any]:
    return found.boxes, found.classes, found.scores


def _count(dices: list[Tensor]) -> int:
    """Of classes on the crops, at least one."""
    return max(1, sum(len(dice) for dice in dices))


def cross_entropy(logits: Tensor, maps: ClassMaps) -> Tensor:
    """Binary cross-entropy summed over the classes, mean over the cells; unknown cells cost nothing.

    Written as softplus(z) - z t, so that maps of the many classes that are not
    on the crop need not be drawn.

    Parameters
    ----------
    logits : tensor (classes, height, width)
    maps : ClassMaps
    """
    present = logits[maps.classes]
    cost = functional.softplus(logits).sum() - present[maps.truth & maps.known].sum()
    cost = cost - functional.softplus(present[~maps.known]).sum()
    return cost / logits[0].numel()


def dice_loss(logits: Tensor, maps: ClassMaps) -> Tensor:
    """One minus the soft Dice coefficient of each class on the crop, (k,).

    F. Milletari, N. Navab, S.-A. Ahmadi, "V-Net", 3DV 2016, section 3, with one
    cell added above and below, and without the squares.
    """
    p = logits[maps.classes].sigmoid() * maps.known
    truth = maps.truth & maps.known
    common = (p * truth).sum((1, 2))
    return 1 - (2 * common + 1) / (p.sum((1, 2)) + truth.sum((1, 2)) + 1)
