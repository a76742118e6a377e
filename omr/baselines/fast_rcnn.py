"""Fast R-CNN: the page goes through the net once, regions are pooled from its features.

R. Girshick, "Fast R-CNN", ICCV 2015. Proposals come from the ink (`omr.baselines.proposals`); the heads are
those of Faster R-CNN, so the two differ in the proposals alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from omr.baselines.pyramid import Pyramid
from omr.baselines.two_stage import ProposalDetector, roi_heads


class FastRCNN(ProposalDetector):
    """Fast R-CNN on a feature pyramid.

    Parameters
    ----------
    classes, encoder, channels
        See `BoxDetector`.
    """

    name = "fast_rcnn"

    def __init__(self, classes: Sequence[str], encoder: str = "light", channels: int = 64) -> None:
        super().__init__(classes, encoder=encoder, channels=channels)
        self.trunk = Pyramid(encoder, channels)
        self.heads = roi_heads(self.trunk, len(self.classes))

    def features(self, images: Tensor) -> dict[str, Tensor]:
        """Compute the pyramid's features, by stride, of images (N, 1, H, W)."""
        features: dict[str, Tensor] = self.trunk(images)
        return features
