"""Detectors by name, and their weights."""

from __future__ import annotations

from omr.detectors.base import CANONICAL_SPACE, Detector, Found
from omr.detectors.dwdnet import DeepWatershedDetector
from omr.detectors.weights import load, save, shipped

DETECTORS: dict[str, type[Detector]] = {d.name: d for d in (DeepWatershedDetector,)}

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
