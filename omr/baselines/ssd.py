"""SSD: boxes predicted from the encoder's own features, each level for boxes of its sizes.

W. Liu et al., "SSD: Single Shot MultiBox Detector", ECCV 2016; torchvision's
loss and decoding. The paper starts at stride 8, the width of two dots; here it
starts at stride 4, and takes tiles of any size.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torchvision.models.detection import ssd

from omr.baselines.boxes import MAX_SYMBOLS, on_ignored
from omr.baselines.pyramid import EncoderLevels
from omr.baselines.torchvision_parts import (
    POSTPROCESSING,
    NoTransform,
    SinglePrecision,
    TorchvisionDetector,
)

SURE = 100.0
"""Logit of a class that leaves the others no probability in single precision."""


class SSD(TorchvisionDetector):
    """SSD on an encoder's features.

    Parameters
    ----------
    classes, encoder, **options
        See `BoxDetector` and `AnchorDetector`.
    """

    name = "ssd"
    spans = ((0, 11), (11, 17), (17, 19), (19, 20))
    typical = (
        (4.8, 4.8), (20.13, 1.73), (1.54, 48.0), (6.81, 11.09), (15.26, 6.91),
        (10.32, 12.0), (14.88, 12.96), (13.22, 17.94), (8.45, 28.8), (21.22, 12.77),
        (35.85, 11.67), (18.02, 24.29), (13.63, 38.06), (27.46, 20.06), (2.13, 292.0),
        (13.73, 53.99), (32.54, 40.41), (112.94, 18.0), (23.91, 103.63), (308.01, 20.4),
    )  # fmt: skip

    def __init__(self, classes: Sequence[str], encoder: str = "light", **options: Any) -> None:
        super().__init__(classes, encoder=encoder, **options)
        backbone = EncoderLevels(encoder)
        head = ssd.SSDHead(backbone.out_channels, self.grid.num_anchors_per_location(), len(self.classes) + 1)
        self.net = _Net(
            backbone,
            self.grid,
            size=(1, 1),  # of torchvision's transform, which isn't used
            num_classes=len(self.classes) + 1,
            head=SinglePrecision(head),
            topk_candidates=MAX_SYMBOLS,  # a class
            **POSTPROCESSING,
        )
        self.net.transform = NoTransform()


class _Net(ssd.SSD):
    """torchvision's SSD, which learns nothing from anchors on what is ignored."""

    def compute_loss(
        self,
        targets: list[dict[str, Tensor]],
        head_outputs: dict[str, Tensor],
        anchors: list[Tensor],
        matched_idxs: list[Tensor],
    ) -> dict[str, Tensor]:
        """Compute the losses of class and box."""
        free = torch.stack(
            [
                (matched < 0) & on_ignored(boxes, t["ignored"])
                for matched, boxes, t in zip(matched_idxs, anchors, targets, strict=True)
            ]
        )
        # a sure background costs nothing, so that it is no hard negative
        sure = torch.zeros_like(head_outputs["cls_logits"][0, 0])
        sure[0] = SURE
        logits = torch.where(free[..., None], sure, head_outputs["cls_logits"])
        losses: dict[str, Tensor] = super().compute_loss(
            targets, head_outputs | {"cls_logits": logits}, anchors, matched_idxs
        )
        return losses
