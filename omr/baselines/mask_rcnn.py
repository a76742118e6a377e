"""Mask R-CNN: Faster R-CNN that also predicts which pixels of a box belong to its symbol.

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

from omr.baselines.instance_masks import true_masks
from omr.baselines.pyramid import Pyramid
from omr.baselines.torchvision_parts import NoTransform, SinglePrecision, TorchvisionDetector
from omr.baselines.two_stage import Heads, pool, region_proposals, roi_heads

POOLED = 14
"""Cells a side that a region is pooled to for its mask, which has twice as many (torchvision)."""


class MaskRCNN(TorchvisionDetector):
    """Mask R-CNN on a feature pyramid.

    Parameters
    ----------
    classes, encoder, channels, **options
        See `BoxDetector` and `AnchorDetector`; `channels` are those of the mask head, too.
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
            mask_predictor=SinglePrecision(MaskRCNNPredictor(channels, channels, len(self.classes) + 1)),
        )
        self.net = GeneralizedRCNN(trunk, region_proposals(trunk, self.grid), heads, NoTransform())

    def losses(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        """Compute the losses of a batch.

        Parameters
        ----------
        images : tensor (N, 1, H, W)
            Ink: 0 paper, 1 ink.
        targets : list of dict of tensors
            Of each image, see `BoxDetector.targets`; "instances" where the dataset has masks.

        Returns
        -------
        dict of str to tensor
            Of proposals, class, box and mask, each a scalar.
        """
        with_masks = [t | {"masks": true_masks(ink, t)} for ink, t in zip(images[:, 0], targets, strict=True)]
        return super().losses(images, with_masks)

    @torch.inference_mode()
    def masks(self, ink: Tensor, boxes: Tensor, classes: Tensor) -> Tensor:
        """Predict the masks of boxes.

        Parameters
        ----------
        ink : tensor (1, 1, H, W)
            A tile; H and W multiples of 32.
        boxes : tensor (n, 4)
            In pixels of the tile.
        classes : tensor (n,)
            Their classes.

        Returns
        -------
        tensor (n, 28, 28)
            Probability, 0 to 1, that each part of a box belongs to its symbol.
        """
        heads: Any = self.net.roi_heads
        with self.precision():
            backbone: Any = self.net.backbone
            pooled = heads.mask_roi_pool(backbone(ink), [boxes.float()], [tuple(ink.shape[-2:])])
            logits = heads.mask_predictor(heads.mask_head(pooled))
        masks: Tensor = logits[torch.arange(len(classes)), classes + self.first_label].sigmoid()
        return masks


class _HeadsWithMasks(Heads):
    """Learns masks, and computes none where only boxes are asked for."""

    def has_mask(self) -> bool:
        return bool(self.training)
