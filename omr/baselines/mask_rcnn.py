"""Mask R-CNN: Faster R-CNN that also says which pixels of a box are its symbol.

K. He, G. Gkioxari, P. Dollár, R. Girshick, "Mask R-CNN", ICCV 2017;
torchvision's. It learns from the dataset's own masks where there are any;
elsewhere a symbol's mask is the ink in its box.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torchvision.models.detection.generalized_rcnn import GeneralizedRCNN
from torchvision.models.detection.mask_rcnn import MaskRCNNHeads, MaskRCNNPredictor
from torchvision.models.detection.roi_heads import RoIHeads

from omr.baselines.boxes import AnchorDetector, AsIs, Exact, candidates, from_one
from omr.baselines.faster_rcnn import region_proposals
from omr.baselines.pyramid import Pyramid
from omr.baselines.roi_heads import pool, roi_heads
from omr.baselines.tiled import Candidates

POOLED = 14
"""Cells a side that a region is pooled to; its mask has twice as many."""


class MaskRCNN(AnchorDetector):
    """Two stages on shared features, the second with a mask.

    Parameters
    ----------
    classes : sequence of str
    encoder : str
        A name in `omr.detectors.encoder.SIZES`.
    channels : int
        Of the feature pyramid and of the mask head.
    **options
        ``anchors``, see `AnchorDetector`.
    """

    name = "mask_rcnn"
    learns_masks = True

    def __init__(
        self, classes: Sequence[str], encoder: str = "light", channels: int = 64, **options: Any
    ) -> None:
        super().__init__(classes, encoder=encoder, channels=channels, **options)
        trunk = Pyramid(encoder, channels)
        heads = roi_heads(
            trunk,
            len(self.classes),
            _HeadsWithMasks,
            mask_roi_pool=pool(trunk, POOLED),
            mask_head=MaskRCNNHeads(channels, [channels] * 4, 1),
            mask_predictor=Exact(MaskRCNNPredictor(channels, channels, len(self.classes) + 1)),
        )
        self.net = GeneralizedRCNN(trunk, region_proposals(trunk, self.grid), heads, AsIs())

    def losses(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        with_masks = [t | {"masks": true_masks(ink, t)} for ink, t in zip(images[:, 0], targets, strict=True)]
        return dict(self.net(images, from_one(with_masks)))

    def look(self, ink: Tensor) -> Candidates:
        return candidates(self.net(ink)[0])

    @torch.inference_mode()
    def masks(self, ink: Tensor, boxes: Tensor, classes: Tensor) -> Tensor:
        """How likely each part of a box is its symbol's.

        Parameters
        ----------
        ink : tensor (1, 1, H, W)
            A tile; H and W multiples of 32.
        boxes : tensor (n, 4)
        classes : tensor (n,)

        Returns
        -------
        tensor (n, 28, 28)
            From 0 to 1, over the area of each box.
        """
        heads = self.net.roi_heads
        with self.precision():
            pooled = heads.mask_roi_pool(self.net.backbone(ink), [boxes.float()], [tuple(ink.shape[-2:])])
            logits = heads.mask_predictor(heads.mask_head(pooled))
        return logits[torch.arange(len(classes)), classes + 1].sigmoid()


class _HeadsWithMasks(RoIHeads):
    """Learns masks, but doesn't spend time on them where boxes are asked for."""

    def has_mask(self) -> bool:
        return self.training


def true_masks(ink: Tensor, target: dict[str, Tensor]) -> Tensor:
    """Masks (n, h, w) of a crop's symbols: the dataset's own, or the ink (h, w) inside each box."""
    if "instances" in target:
        return (target["instances"][None] == target["numbers"][:, None, None]).byte()
    height, width = ink.shape
    x, y = (torch.arange(n, device=ink.device) + 0.5 for n in (width, height))
    x0, y0, x1, y1 = target["boxes"].T[..., None]
    across, down = (x > x0) & (x < x1), (y > y0) & (y < y1)
    return (down[:, :, None] & across[:, None, :] & (ink > 0.5)).byte()
