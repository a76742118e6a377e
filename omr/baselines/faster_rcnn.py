"""Faster R-CNN: a net proposes where something is, a second look says what.

S. Ren, K. He, R. Girshick, J. Sun, "Faster R-CNN: Towards Real-Time Object
Detection with Region Proposal Networks", NIPS 2015; torchvision's, with the
feature pyramid of Lin et al., 2017. What differs from torchvision's settings is
for crowded pages of tiny objects: fitted anchors, more proposals, no limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor
from torchvision.models.detection.generalized_rcnn import GeneralizedRCNN
from torchvision.models.detection.rpn import RegionProposalNetwork, RPNHead

from omr.baselines.anchors import AnchorGrid
from omr.baselines.boxes import AnchorDetector, AsIs, Exact, candidates, from_one
from omr.baselines.pyramid import Pyramid
from omr.baselines.roi_heads import roi_heads
from omr.baselines.tiled import Candidates


class FasterRCNN(AnchorDetector):
    """Two stages on shared features.

    Parameters
    ----------
    classes : sequence of str
    encoder : str
        A name in `omr.detectors.encoder.SIZES`.
    channels : int
        Of the feature pyramid.
    **options
        ``anchors``, see `AnchorDetector`.
    """

    name = "faster_rcnn"

    def __init__(
        self, classes: Sequence[str], encoder: str = "light", channels: int = 64, **options: Any
    ) -> None:
        super().__init__(classes, encoder=encoder, channels=channels, **options)
        trunk = Pyramid(encoder, channels)
        proposer = region_proposals(trunk, self.grid)
        self.net = GeneralizedRCNN(trunk, proposer, roi_heads(trunk, len(self.classes)), AsIs())

    def losses(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        return dict(self.net(images, from_one(targets)))

    def look(self, ink: Tensor) -> Candidates:
        return candidates(self.net(ink)[0])


def region_proposals(trunk: Pyramid, grid: AnchorGrid) -> RegionProposalNetwork:
    """The first stage. A tile of a dense page has more symbols than torchvision keeps proposals."""
    return RegionProposalNetwork(
        grid,
        Exact(RPNHead(trunk.out_channels, grid.num_anchors_per_location()[0])),
        fg_iou_thresh=0.5,  # at stride 4 a notehead's best anchor may overlap it by no more
        bg_iou_thresh=0.3,
        batch_size_per_image=512,
        positive_fraction=0.5,
        pre_nms_top_n={"training": 2000, "testing": 4000},  # a level
        post_nms_top_n={"training": 2000, "testing": 4000},
        nms_thresh=0.7,
    )
