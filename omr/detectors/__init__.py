"""Detectors by name, and their weights."""

from __future__ import annotations

from omr.baselines.deeplab import DeepLabSegmenter
from omr.baselines.fcn import FCN8s, FCN16s, FCN32s
from omr.baselines.unet import UNetSegmenter
from omr.detectors.base import CANONICAL_SPACE, Detector, Found
from omr.detectors.dwdnet import DeepWatershedDetector
from omr.detectors.weights import load, save, shipped

DETECTORS: dict[str, type[Detector]] = {
    d.name: d
    for d in (
        DeepWatershedDetector,
        UNetSegmenter,
        FCN32s,
        FCN16s,
        FCN8s,
        DeepLabSegmenter,
    )
}
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
