"""Semantic segmentation as a detector: a trunk, a classifier of ink, connected components.

Only cells that hold ink are classified, in training and in use, since paper is
plain to see. That favours the coarse nets, whose cells of 32 pixels could never
outline a stem.

Each class has its own sigmoid. A softmax would make every cell choose, but on a
page of music symbols overlap: the stem crosses the beam, the slur crosses both,
a ledger line runs through its notehead, and the ink where they meet is all of theirs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from omr.baselines.components import components
from omr.baselines.masks import INK, ClassMaps, class_maps, ink_cells, pixels_by_cell
from omr.detectors.base import Detector
from omr.detectors.search import Found
from omr.detectors.trunks import make_trunk
from omr.vocabulary import BY_NAME

AT_ONCE = 16
"""Classes whose maps of a page are in memory together."""

START_THRESHOLD = 0.5
"""Probability, 0 to 1, from which a cell belongs to a symbol, before threshold selection."""

INITIAL_PROBABILITY = 0.01
"""Probability of each class at a cell of ink in a fresh net: about that of an average class."""


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
    selectable: ClassVar[Mapping[str, Sequence[float]]] = {"threshold": (0.3, 0.4, 0.5, 0.6, 0.7)}
    trunk_name: ClassVar[str]
    trunk_options: ClassVar[dict[str, Any]] = {}
    """Options of the trunk that this baseline fixes."""

    def __init__(self, classes: Sequence[str], **options: Any) -> None:
        super().__init__(tuple(classes))
        self._options = options
        self.threshold = START_THRESHOLD
        """Probability, 0 to 1, from which a cell belongs to a symbol; selected on validation pages."""
        self.trunk = make_trunk(self.trunk_name, **self.trunk_options, **options)
        self.classify = nn.Linear(self.trunk.channels, len(self.classes))
        nn.init.constant_(self.classify.bias, -math.log(1 / INITIAL_PROBABILITY - 1))
        spans = torch.tensor([BY_NAME[name].layer != "glyph" for name in self.classes])
        self.spans: Tensor
        self.register_buffer("spans", spans, persistent=False)

    @property
    def config(self) -> dict[str, Any]:
        """The constructor's arguments, as JSON types; stored with the weights."""
        return super().config | self._options

    @property
    def thresholds(self) -> dict[str, Any]:
        """What is selected on validation pages, as JSON types; stored with the weights."""
        return super().thresholds | {"threshold": self.threshold}

    def set_thresholds(self, stored: dict[str, Any]) -> None:
        """Set what was selected on validation pages.

        Parameters
        ----------
        stored : dict
            As `thresholds` gives it; what is missing stays as it is.
        """
        super().set_thresholds(stored)
        self.threshold = float(stored.get("threshold", self.threshold))

    # training

    def losses(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        """Compute cross-entropy, in which cells have equal weight, and Dice loss, in which classes have.

        Parameters
        ----------
        images : tensor (N, 1, H, W)
            Ink: 0 paper, 1 ink.
        targets : list of dict of tensors
            Of each image.

        Returns
        -------
        dict of str to tensor
            "cross_entropy" and "dice", each a scalar.
        """
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
        """Make the truth of a crop, by its instance masks ("instances") where the dataset has them."""
        stride, labels = self.trunk.stride, target["labels"]
        owners = pixels_by_cell(target["instances"], stride) if "instances" in target else None
        return class_maps(cells, target["boxes"] / stride, labels, self.spans[labels], owners)

    # use

    @torch.inference_mode()
    def find(self, ink: Tensor) -> Found:
        """Find the symbols of a page.

        Parameters
        ----------
        ink : tensor (1, 1, H, W)
            0 paper, 1 ink, at the staff space `space`.

        Returns
        -------
        Found
            In pixels of `ink`.
        """
        features = self.trunk.page_features(ink.to(self.dtype))
        cells = ink_cells(ink, self.trunk.stride)[0]
        at_cells = features[cells]
        dark = (ink[0, 0] >= INK).cpu().numpy()
        found = []
        for first in range(0, len(self.classes), AT_ONCE):
            some = slice(first, first + AT_ONCE)
            logits = functional.linear(at_cells, self.classify.weight[some], self.classify.bias[some])
            maps = torch.zeros(logits.shape[1], *cells.shape, device=ink.device)
            maps[:, cells] = logits.float().sigmoid().T
            part = components(self.refine(maps, ink).cpu().numpy(), dark, self.trunk.stride, self.threshold)
            found.append((part.boxes, part.classes + first, part.scores))
        return Found(*(np.concatenate(parts) for parts in zip(*found, strict=True)))

    def refine(self, maps: Tensor, ink: Tensor) -> Tensor:
        """Refine the class maps of a page; the base class leaves them as they are.

        Parameters
        ----------
        maps : tensor (classes, h, w)
            Probabilities, 0 to 1, of the cells.
        ink : tensor (1, 1, H, W)
            Of the page: 0 paper, 1 ink.

        Returns
        -------
        tensor (classes, h, w)
        """
        return maps


def cross_entropy(logits: Tensor, maps: ClassMaps) -> Tensor:
    """Compute the binary cross-entropy, a sum over classes, a mean over cells.

    Unknown cells cost nothing. Written as softplus(z) - z t, so that no truth is needed for the many classes
    that are not on the crop.

    Parameters
    ----------
    logits : tensor (classes, m)
        Of the cells of ink.
    maps : ClassMaps
        The truth.

    Returns
    -------
    tensor ()
    """
    present = logits[maps.classes]
    cost = functional.softplus(logits).sum() - present[maps.truth & maps.known].sum()
    cost = cost - functional.softplus(present[~maps.known]).sum()
    return cost / max(1, logits.shape[1])


def dice_loss(logits: Tensor, maps: ClassMaps) -> Tensor:
    """Compute one minus the soft Dice coefficient of each class on the crop.

    F. Milletari, N. Navab, S.-A. Ahmadi, "V-Net", 3DV 2016, section 3, with one cell added to numerator and
    denominator, and without the squares.

    Parameters
    ----------
    logits : tensor (classes, m)
        Of the cells of ink.
    maps : ClassMaps
        The truth, with k classes.

    Returns
    -------
    tensor (k,)
    """
    p = logits[maps.classes].sigmoid() * maps.known
    truth = maps.truth & maps.known
    return 1 - (2 * (p * truth).sum(1) + 1) / (p.sum(1) + truth.sum(1) + 1)
