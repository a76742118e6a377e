"""The second look of the R-CNN family: features pooled from a region, its class and its exact box."""

from __future__ import annotations

from typing import Any

from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.roi_heads import RoIHeads
from torchvision.ops import MultiScaleRoIAlign

from omr.baselines.boxes import MIN_CANDIDATE, MOST, SAME_SYMBOL, Exact
from omr.baselines.pyramid import Pyramid

POOLED = 7
"""Cells a side that a region is pooled to."""

WIDTH = 512
"""Of the two fully connected layers; half of torchvision's, as the pyramid is narrower too."""


def roi_heads(trunk: Pyramid, classes: int, kind: type[RoIHeads] = RoIHeads, **more: Any) -> RoIHeads:
    """The heads of torchvision on a feature pyramid.

    Parameters
    ----------
    trunk : Pyramid
    classes : int
        Not counting paper.
    kind : type
        A subclass of torchvision's heads.
    **more
        Its further arguments.
    """
    return kind(
        pool(trunk, POOLED),
        TwoMLPHead(trunk.out_channels * POOLED**2, WIDTH),
        Exact(FastRCNNPredictor(WIDTH, classes + 1)),
        fg_iou_thresh=0.5,
        bg_iou_thresh=0.5,
        batch_size_per_image=512,
        positive_fraction=0.25,
        bbox_reg_weights=None,
        score_thresh=MIN_CANDIDATE,
        nms_thresh=SAME_SYMBOL,
        detections_per_img=MOST,
        **more,
    )


def pool(trunk: Pyramid, size: int) -> MultiScaleRoIAlign:
    """Features (size, size) of a region, from the level that suits it: stride 4 up to 112 pixels."""
    return MultiScaleRoIAlign([str(stride) for stride in trunk.strides], size, sampling_ratio=2)
