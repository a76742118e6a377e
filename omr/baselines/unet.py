"""The U-Net baseline: one map for each class, cut into components."""

from __future__ import annotations

from omr.baselines.segmentation import Segmenter


class UNetSegmenter(Segmenter):
    """`omr.detectors.trunks.unet` with a classifier of ink."""

    name = "unet"
    trunk_name = "unet"
