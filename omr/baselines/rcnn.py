"""R-CNN: every proposed region is cut out of the page, scaled to one size and sent through the net.

R. Girshick, J. Donahue, T. Darrell, J. Malik, "Rich Feature Hierarchies for Accurate Object Detection and
Semantic Segmentation", CVPR 2014. The paper trains the net, a support vector machine a class and a box
regression one after the other; here class and box are two heads of the net, trained together, as the authors
did from Fast R-CNN on. The difference to Fast R-CNN that remains is the decisive one: pixels are pooled, not
features, so a page with a thousand proposals costs a thousand passes.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor

from omr.baselines.cut_outs import CutOutNet, CutOuts
from omr.baselines.torchvision_parts import POSTPROCESSING, SinglePrecision
from omr.baselines.two_stage import Heads, ProposalDetector


class RCNN(ProposalDetector):
    """R-CNN on cut-outs.

    Parameters
    ----------
    classes, encoder
        See `BoxDetector`.
    """

    name = "rcnn"

    def __init__(self, classes: Sequence[str], encoder: str = "light") -> None:
        super().__init__(classes, encoder=encoder)
        net = CutOutNet(encoder)
        self.heads = Heads(
            CutOuts(),
            net,
            SinglePrecision(FastRCNNPredictor(net.out_channels, len(self.classes) + 1)),
            fg_iou_thresh=0.5,
            bg_iou_thresh=0.5,
            batch_size_per_image=128,  # 32 of symbols, 96 of others: section 2.3 of the paper
            positive_fraction=0.25,
            bbox_reg_weights=None,
            **POSTPROCESSING,
        )

    def features(self, images: Tensor) -> Tensor:
        """Give the images (N, 1, H, W) themselves."""
        return images
