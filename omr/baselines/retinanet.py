"""RetinaNet: every anchor is classified at once, with a loss that background does not dominate.

T.-Y. Lin, P. Goyal, R. Girshick, K. He, P. Dollár, "Focal Loss for Dense Object
Detection", ICCV 2017; torchvision's, on pyramid levels 2 to 4 in place of 3 to
7, with normalised heads, as it is trained from scratch.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torchvision.models.detection import retinanet
from torchvision.models.detection._utils import Matcher

from omr.baselines.boxes import MAX_SYMBOLS, on_ignored
from omr.baselines.pyramid import Pyramid
from omr.baselines.torchvision_parts import (
    POSTPROCESSING,
    NoTransform,
    TorchvisionDetector,
    single_precision,
)

GROUPS = 8
"""Groups of channels that are normalised together."""


class RetinaNet(TorchvisionDetector):
    """RetinaNet on a feature pyramid.

    Parameters
    ----------
    classes, encoder, channels, **options
        See `BoxDetector` and `AnchorDetector`; `channels` is a multiple of 8, of the heads, too.
    """

    name = "retinanet"
    first_label = 0

    def __init__(
        self, classes: Sequence[str], encoder: str = "light", channels: int = 64, **options: Any
    ) -> None:
        super().__init__(classes, encoder=encoder, channels=channels, **options)
        self.net = retinanet.RetinaNet(
            Pyramid(encoder, channels),
            len(self.classes),
            anchor_generator=self.grid,
            head=_Head(
                channels,
                self.grid.num_anchors_per_location()[0],
                len(self.classes),
                norm_layer=partial(nn.GroupNorm, GROUPS),
            ),
            topk_candidates=MAX_SYMBOLS,
            **POSTPROCESSING,
        )
        self.net.transform = NoTransform()


class _Head(retinanet.RetinaNetHead):
    """torchvision's head, with outputs in single precision; ignores anchors on what is ignored."""

    def forward(self, x: list[Tensor]) -> Any:
        return single_precision(super().forward(x))

    def compute_loss(
        self,
        targets: list[dict[str, Tensor]],
        head_outputs: dict[str, Tensor],
        anchors: list[Tensor],
        matched_idxs: list[Tensor],
    ) -> dict[str, Tensor]:
        """Compute the losses of class and box."""
        matched = [
            torch.where((of < 0) & on_ignored(boxes, t["ignored"]), Matcher.BETWEEN_THRESHOLDS, of)
            for of, boxes, t in zip(matched_idxs, anchors, targets, strict=True)
        ]
        losses: dict[str, Tensor] = super().compute_loss(targets, head_outputs, anchors, matched)
        return losses
