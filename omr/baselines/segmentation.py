"""Semantic segmentation as a detector: a trunk, a classifier of ink, components.

What is paper is plain to see, so nothing is asked of it: only cells that hold
ink are classified, in training and in use. That is a favour to the coarse nets,
whose cells of 32 pixels could never outline a stem.

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
from omr.baselines.masks import INK, ClassMaps, class_maps, ink_cells, pixels_by_cell
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

    learns_masks = True
    trunk_name: ClassVar[str]
    trunk_options: ClassVar[dict[str, Any]] = {}
    """What makes the trunk this baseline's."""

    def __init__(self, classes: Sequence[str], **options: Any) -> None:
        super().__init__(tuple(classes))
        self._options = options
        self.trunk = make_trunk(self.trunk_name, **self.trunk_options, **options)
        self.classify = nn.Linear(self.trunk.channels, len(self.classes))
        nn.init.constant_(self.classify.bias, -math.log(99))  # ink is of a class once in a hundred
        spans = torch.tensor([BY_NAME[name].layer != "glyph" for name in self.classes])
        self.register_buffer("spans", spans, persistent=False)

    @property
    def config(self) -> dict[str, Any]:
        return super().config | self._options

    # training

    def losses(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        """Cross-entropy, which counts cells, and dice, for which a tiny class is worth a large one."""
        features = self.trunk(images).permute(0, 2, 3, 1)
        costs, dices = [], []
        for at, cells, target in zip(features, ink_cells(images, self.trunk.stride), targets, strict=True):
            logits = self.classify(at[cells]).float().T
            maps = self._maps(cells, target)
            costs.append(cross_entropy(logits, maps))
            dices.append(dice_loss(logits, maps))
        present = sum(map(len, dices))
        return {
            "cross_entropy": torch.stack(costs).mean(),
            "dice": torch.cat(dices).sum() / max(1, present),
        }

    def _maps(self, cells: Tensor, target: dict[str, Tensor]) -> ClassMaps:
        """The truth of a crop; by its instance masks ("instances") where the dataset has them."""
        stride, labels = self.trunk.stride, target["labels"]
        spans: Tensor = self.spans  # type: ignore[assignment]
        owners = pixels_by_cell(target["instances"], stride) if "instances" in target else None
        return class_maps(cells, target["boxes"] / stride, labels, spans[labels], owners)

    # use

    @torch.inference_mode()
    def find(self, ink: Tensor) -> Found:
        page = ink.to(self.dtype, memory_format=torch.channels_last)
        features = blend(page, self.trunk, self.trunk.stride, self.trunk.view, OVERLAP)
        cells = ink_cells(ink, self.trunk.stride)[0]
        at_cells = features.permute(1, 2, 0)[cells]
        dark = (ink[0, 0] >= INK).cpu().numpy()
        found = []
        for first in range(0, len(self.classes), AT_ONCE):
            some = slice(first, first + AT_ONCE)
            logits = functional.linear(at_cells, self.classify.weight[some], self.classify.bias[some])
            maps = torch.zeros(logits.shape[1], *cells.shape, device=ink.device)
            maps[:, cells] = logits.float().sigmoid().T
            part = components(self.refine(maps, ink).cpu().numpy(), dark, self.trunk.stride)
            found.append((part.boxes, part.classes + first, part.scores))
        return Found(*(np.concatenate(parts) for parts in zip(*found, strict=True)))

    def refine(self, maps: Tensor, ink: Tensor) -> Tensor:
        """A last word on the probabilities (classes, height, width) of a page of ink (1, 1, H, W)."""
        return maps


def cross_entropy(logits: Tensor, maps: ClassMaps) -> Tensor:
    """Binary cross-entropy summed over the classes, mean over the cells; what is unknown costs nothing.

    Written as softplus(z) - z t, so that truth need not be drawn for the many
    classes that are not on the crop.

    Parameters
    ----------
    logits : tensor (classes, m)
    maps : ClassMaps
    """
    present = logits[maps.classes]
    cost = functional.softplus(logits).sum() - present[maps.truth & maps.known].sum()
    cost = cost - functional.softplus(present[~maps.known]).sum()
    return cost / max(1, logits.shape[1])


def dice_loss(logits: Tensor, maps: ClassMaps) -> Tensor:
    """One minus the soft Dice coefficient of each class on the crop, (k,).

    F. Milletari, N. Navab, S.-A. Ahmadi, "V-Net", 3DV 2016, section 3, with one
    cell added above and below, and without the squares.
    """
    p = logits[maps.classes].sigmoid() * maps.known
    truth = maps.truth & maps.known
    return 1 - (2 * (p * truth).sum(1) + 1) / (p.sum(1) + truth.sum(1) + 1)
