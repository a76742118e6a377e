"""Fast R-CNN: the page goes through the net once, regions are pooled from its features.

R. Girshick, "Fast R-CNN", ICCV 2015. Proposals still come from outside
(`omr.baselines.proposals`); the heads are those of Faster R-CNN, so the two
differ in nothing but who proposes.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from omr.baselines.boxes import BoxDetector, candidates, from_one
from omr.baselines.proposals import regions
from omr.baselines.pyramid import Pyramid
from omr.baselines.roi_heads import roi_heads
from omr.baselines.tiled import Candidates


class FastRCNN(BoxDetector):
    """A second look without a first.

    Parameters
    ----------
    classes : sequence of str
    encoder : str
        A name in `omr.detectors.encoder.SIZES`.
    channels : int
        Of the feature pyramid.
    """

    name = "fast_rcnn"

    def __init__(self, classes: Sequence[str], encoder: str = "light", channels: int = 64) -> None:
        super().__init__(classes, encoder=encoder, channels=channels)
        self.trunk = Pyramid(encoder, channels)
        self.heads = roi_heads(self.trunk, len(self.classes))

    def losses(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        sizes = [tuple(images.shape[-2:])] * len(images)
        _, losses = self.heads(self.trunk(images), regions(images), sizes, from_one(targets))
        return dict(losses)

    def look(self, ink: Tensor) -> Candidates:
        (found,), _ = self.heads(self.trunk(ink), regions(ink), [tuple(ink.shape[-2:])])
        return candidates(found)
