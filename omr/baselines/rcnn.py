"""R-CNN: every proposed region is cut out of the page, brought to one size and sent through the net.

R. Girshick, J. Donahue, T. Darrell, J. Malik, "Rich Feature Hierarchies for
Accurate Object Detection and Semantic Segmentation", CVPR 2014. The paper
trains the net, a support vector machine a class and a box regression one after
the other; here class and box are two heads of the net, trained together, as the
authors did from Fast R-CNN on. What is left of the difference to Fast R-CNN is
the one that matters: pixels are pooled, not features, so a page with a thousand
proposals costs a thousand passes.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor
from torchvision.models.detection.roi_heads import RoIHeads
from torchvision.ops import roi_align

from omr.baselines.boxes import MIN_CANDIDATE, MOST, SAME_SYMBOL, BoxDetector, Exact, candidates, from_one
from omr.baselines.proposals import regions
from omr.baselines.tiled import Candidates
from omr.detectors.base import CANONICAL_SPACE
from omr.detectors.encoder import STRIDES, Encoder

SIDE = STRIDES[-1]
"""Pixels a side of a cut-out: one cell of the encoder's last stage, a little more than two staff spaces."""

CONTEXT = CANONICAL_SPACE / 2
"""Pixels around a region that are cut out with it; brought to one size, a dot and a notehead differ by it."""


class RCNN(BoxDetector):
    """Cut-outs through the net.

    Parameters
    ----------
    classes : sequence of str
    encoder : str
        A name in `omr.detectors.encoder.SIZES`.
    """

    name = "rcnn"

    def __init__(self, classes: Sequence[str], encoder: str = "light") -> None:
        super().__init__(classes, encoder=encoder)
        net = CutOutNet(encoder)
        self.heads = RoIHeads(
            CutOuts(),
            net,
            Exact(FastRCNNPredictor(net.out_channels, len(self.classes) + 1)),
            fg_iou_thresh=0.5,
            bg_iou_thresh=0.5,
            batch_size_per_image=128,  # 32 of symbols, 96 of others: section 2.3 of the paper
            positive_fraction=0.25,
            bbox_reg_weights=None,
            score_thresh=MIN_CANDIDATE,
            nms_thresh=SAME_SYMBOL,
            detections_per_img=MOST,
        )

    def losses(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        sizes = [tuple(images.shape[-2:])] * len(images)
        _, losses = self.heads(images, regions(images), sizes, from_one(targets))
        return dict(losses)

    def look(self, ink: Tensor) -> Candidates:
        (found,), _ = self.heads(ink, regions(ink), [tuple(ink.shape[-2:])])
        return candidates(found)


class CutOuts(nn.Module):
    """Pools pixels where Fast R-CNN pools features."""

    def forward(self, images: Tensor, boxes: list[Tensor], _: object = None) -> Tensor:
        """Cut-outs (n, 1, SIDE, SIDE) of the boxes of each image, with their context, one after the other."""
        margin = images.new_tensor([-CONTEXT, -CONTEXT, CONTEXT, CONTEXT], dtype=torch.float32)
        return roi_align(images.float(), [b + margin for b in boxes], SIDE, aligned=True)


class CutOutNet(nn.Module):
    """The encoder as a classifier's body: a vector for each cut-out.

    Parameters
    ----------
    encoder : str
        A name in `omr.detectors.encoder.SIZES`.
    """

    most: int = 2048
    """Cut-outs that go through the net at a time, where no gradients are kept."""

    def __init__(self, encoder: str) -> None:
        super().__init__()
        self.encoder = Encoder(encoder)
        self.out_channels = self.encoder.channels[-1]

    def forward(self, cut_outs: Tensor) -> Tensor:
        """Features (n, out_channels) of cut-outs (n, 1, SIDE, SIDE)."""
        return torch.cat([self.encoder(part)[-1].mean((2, 3)) for part in cut_outs.split(self.most)])
