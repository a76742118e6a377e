"""RetinaNet: one look at every anchor, and a loss that isn't drowned by paper.

T.-Y. Lin, P. Goyal, R. Girshick, K. He, P. Dollár, "Focal Loss for Dense Object
Detection", ICCV 2017; torchvision's, on pyramid levels 2 to 4 in place of 3 to
7, with normalised heads, as it is trained from scratch.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from torch import Tensor, nn
from torchvision.models.detection import retinanet

from omr.baselines.boxes import MIN_CANDIDATE, MOST, SAME_SYMBOL, AnchorDetector, AsIs, candidates, exact
from omr.baselines.pyramid import Pyramid
from omr.baselines.tiled import Candidates

GROUPS = 8
"""Of channels that are normalised together."""


class RetinaNet(AnchorDetector):
    """One stage on a feature pyramid.

    Parameters
    ----------
    classes : sequence of str
    encoder : str
        A name in `omr.detectors.encoder.SIZES`.
    channels : int
        Of the feature pyramid and the heads; a multiple of 8.
    **options
        ``anchors``, see `AnchorDetector`.
    """

    name = "retinanet"

    def __init__(
        self, classes: Sequence[str], encoder: str = "light", channels: int = 64, **options: Any
    ) -> None:
        super().__init__(classes, encoder=encoder, channels=channels, **options)
        self.net = retinanet.RetinaNet(
            Pyramid(encoder, channels),
            len(self.classes),
            anchor_generator=self.grid,
            head=_Head(
                channels,
                self.grid.num_anchors_per_location()[0],
                len(self.classes),
                norm_layer=partial(nn.GroupNorm, GROUPS),
            ),
            score_thresh=MIN_CANDIDATE,
            nms_thresh=SAME_SYMBOL,
            detections_per_img=MOST,
            topk_candidates=MOST,
        )
        self.net.transform = AsIs()

    def losses(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        return dict(self.net(images, targets))

    def look(self, ink: Tensor) -> Candidates:
        return candidates(self.net(ink)[0], first=0)


class _Head(retinanet.RetinaNetHead):
    """torchvision's, with answers in single precision."""

    def forward(self, x: list[Tensor]) -> Any:
        return exact(super().forward(x))
