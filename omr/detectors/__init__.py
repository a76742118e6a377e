"""Detectors by name, and their weights."""

from __future__ import annotations

from omr.detectors.base import CANONICAL_SPACE, Detector, Found
from omr.detectors.dwdnet import DeepWatershedDetector
from omr.detectors.registry import Registry
from omr.detectors.weights import load, save, shipped

DETECTORS = Registry(
    {
        "dwdnet": "omr.detectors.dwdnet:DeepWatershedDetector",
        "faster_rcnn": "omr.baselines.faster_rcnn:FasterRCNN",
        "mask_rcnn": "omr.baselines.mask_rcnn:MaskRCNN",
        "retinanet": "omr.baselines.retinanet:RetinaNet",
        "ssd": "omr.baselines.ssd:SSD",
        "yolo": "omr.baselines.yolo:Yolo",
        "unet": "omr.baselines.unet:UNetSegmenter",
        "fcn32s": "omr.baselines.fcn:FCN32s",
        "fcn16s": "omr.baselines.fcn:FCN16s",
        "fcn8s": "omr.baselines.fcn:FCN8s",
        "deeplab": "omr.baselines.deeplab:DeepLabSegmenter",
        # the history that led there
        "sliding_window": "omr.baselines.sliding_window:SlidingWindow",
        "rcnn": "omr.baselines.rcnn:RCNN",
        "fast_rcnn": "omr.baselines.fast_rcnn:FastRCNN",
    }
)
"""Every detector; what stands here can be trained, measured and used."""

__all__ = [
    "CANONICAL_SPACE",
    "DETECTORS",
    "DeepWatershedDetector",
    "Detector",
    "Found",
    "load",
    "save",
    "shipped",
]
