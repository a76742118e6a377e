"""The DeepLab baseline, with the fully connected CRF as an option."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from omr.baselines.crf import refine
from omr.baselines.segmentation import Segmenter


class DeepLabSegmenter(Segmenter):
    """`omr.detectors.trunks.deeplab` with a classifier of cells.

    Parameters
    ----------
    classes : sequence of str
    crf : bool
        Whether a fully connected CRF cleans the maps of a page (`omr.baselines.crf`).
    **options
        For the trunk.
    """

    name = "deeplab"
    summary = "DeepLabv3+: atrous segmentation, optionally a CRF, connected components of each class"
    trunk_name = "deeplab"

    def __init__(self, classes: Sequence[str], crf: bool = False, **options: Any) -> None:
        super().__init__(classes, **options)
        self.crf = crf

    @property
    def config(self) -> dict[str, Any]:
        return super().config | {"crf": self.crf}

    def probabilities(self, features: Tensor, ink: Tensor, classes: slice) -> Tensor:
        raw = super().probabilities(features, ink, classes)
        if not self.crf:
            return raw
        seen = raw.amax((1, 2)) > 0.1  # a class that is nowhere likely stays where it is
        refined = raw.clone()
        if bool(seen.any()):
            refined[seen] = refine(raw[seen], _shrink(ink, raw))
        return refined


def _shrink(ink: Tensor, like: Tensor) -> Tensor:
    """The darkness of a page (1, 1, H, W), mean of each cell: (height, width) as `like`."""
    return torch.nn.functional.adaptive_avg_pool2d(ink.float(), like.shape[-2:])[0, 0]
