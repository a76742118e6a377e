"""SSD: boxes predicted from the encoder's own features, each level for boxes of its sizes.

W. Liu et al., "SSD: Single Shot MultiBox Detector", ECCV 2016; torchvision's
loss and decoding. The paper starts at stride 8, the width of two dots; here it
starts at stride 4, and takes tiles of any size.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torchvision.models.detection import ssd

from omr.baselines.boxes import MAX_SYMBOLS
from omr.baselines.pyramid import EncoderLevels
from omr.baselines.torchvision_parts import (
    POSTPROCESSING,
    NoTransform,
    SinglePrecision,
    TorchvisionDetector,
)


class SSD(TorchvisionDetector):
    """SSD on an encoder's features.

    Parameters
    ----------
    classes, encoder, **options
        See `BoxDetector` and `AnchorDetector`.
    """

    name = "ssd"
    levels = len(EncoderLevels.strides)
    typical = (
        (4.8, 4.8), (20.13, 1.73), (1.54, 48.0), (6.81, 11.09), (15.26, 6.91),
        (10.32, 12.0), (14.88, 12.96), (13.22, 17.94), (8.45, 28.8), (21.22, 12.77),
        (35.85, 11.67), (18.02, 24.29), (13.63, 38.06), (27.46, 20.06), (2.13, 292.0),
        (13.73, 53.99), (32.54, 40.41), (112.94, 18.0), (23.91, 103.63), (308.01, 20.4),
    )  # fmt: skip

    def __init__(self, classes: Sequence[str], encoder: str = "light", **options: Any) -> None:
        super().__init__(classes, encoder=encoder, **options)
        backbone = EncoderLevels(encoder)
        head = ssd.SSDHead(backbone.out_channels, self.grid.num_anchors_per_location(), len(self.classes) + 1)
        self.net = ssd.SSD(
            backbone,
            self.grid,
            size=(1, 1),  # of torchvision's transform, which isn't used
            num_classes=len(self.classes) + 1,
            head=SinglePrecision(head),
            topk_candidates=MAX_SYMBOLS,  # a class
            **POSTPROCESSING,
        )
        self.net.transform = NoTransform()
