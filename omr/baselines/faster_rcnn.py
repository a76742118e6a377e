"""Faster R-CNN: a net proposes regions, a second stage classifies each.

S. Ren, K. He, R. Girshick, J. Sun, "Faster R-CNN: Towards Real-Time Object Detection with Region Proposal
Networks", NIPS 2015; torchvision's, with the feature pyramid of Lin et al., 2017. Three settings differ from
torchvision's, for crowded pages of tiny objects: fitted anchors, more proposals, no limit of detections.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torchvision.models.detection.generalized_rcnn import GeneralizedRCNN

from omr.baselines.pyramid import Pyramid
from omr.baselines.torchvision_parts import NoTransform, TorchvisionDetector
from omr.baselines.two_stage import region_proposals, roi_heads


class FasterRCNN(TorchvisionDetector):
    """Faster R-CNN on a feature pyramid.

    Parameters
    ----------
    classes, encoder, channels, **options
        See `BoxDetector` and `AnchorDetector`.
    """

    name = "faster_rcnn"

    def __init__(
        self, classes: Sequence[str], encoder: str = "light", channels: int = 64, **options: Any
    ) -> None:
        super().__init__(classes, encoder=encoder, channels=channels, **options)
        trunk = Pyramid(encoder, channels)
        proposer = region_proposals(trunk, self.grid)
        self.net = GeneralizedRCNN(trunk, proposer, roi_heads(trunk, len(self.classes)), NoTransform())
