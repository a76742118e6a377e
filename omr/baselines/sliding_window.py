"""A classifier slid over the page in windows of several shapes: detection before region proposals.

After P. Viola and M. Jones, "Rapid Object Detection using a Boosted Cascade of
Simple Features", CVPR 2001, and P. Sermanet et al., "OverFeat", ICLR 2014: a
cheap first stage rejects windows with hardly any ink, a convolutional net
classifies the others. The window is the box: nothing refines it, which limits the
method on thin symbols.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from torchvision.ops import box_iou

from omr.baselines.anchors import Anchor
from omr.baselines.boxes import MIN_CANDIDATE, AnchorDetector, on_ignored
from omr.baselines.cut_outs import CutOutNet, CutOuts
from omr.baselines.proposals import as_mask, without_staff_lines
from omr.baselines.tiled import Candidates

STEP = 0.25
"""Step of a window, as a fraction of its side: some window then has an IoU of 0.6 with any symbol of its
shape."""

MIN_INK = 0.25
"""Fraction of a window, 0 to 1, that must be ink, without staff lines, for the window to be classified."""

MIN_IOU, MAX_OTHER_IOU = 0.5, 0.4
"""IoU with a symbol, 0 to 1, from which a window shows it, and below which it shows none; windows in between
are not learnt from."""

POSITIVE, NEGATIVE = 64, 192
"""Windows with and without a symbol, at most, that are learnt from in each crop."""


class SlidingWindow(AnchorDetector):
    """A net that classifies windows.

    Parameters
    ----------
    classes, encoder, **options
        See `BoxDetector` and `AnchorDetector`; the anchors are the shapes of the windows.
    """

    name = "sliding_window"
    spans = ((0, 5), (5, 10), (10, 15))

    def __init__(self, classes: Sequence[str], encoder: str = "tiny", **options: Any) -> None:
        super().__init__(classes, encoder=encoder, **options)
        self.cut = CutOuts()
        self.net = CutOutNet(encoder)
        self.kind = nn.Linear(self.net.out_channels, len(self.classes) + 1)

    def classify(self, ink: Tensor, windows: Tensor) -> Tensor:
        """Classify windows of a page.

        Parameters
        ----------
        ink : tensor (1, 1, H, W)
            0 paper, 1 ink.
        windows : tensor (n, 4)
            x0, y0, x1, y1 in pixels.

        Returns
        -------
        tensor (n, 1 + classes)
            Logits; the first is that of no symbol.
        """
        parts = torch.split(windows, self.net.most)
        return torch.cat([self.kind(self.net(self.cut(ink, [part]))).float() for part in parts])

    def losses(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        """Compute the loss of a batch (N, 1, H, W) of ink: "class", the cross-entropy."""
        logits, wanted = zip(
            *(self._classified(image, t) for image, t in zip(images, targets, strict=True)),
            strict=True,
        )
        return {"class": functional.cross_entropy(torch.cat(logits), torch.cat(wanted))}

    def _classified(self, image: Tensor, target: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Give logits and labels (0 is none) of some windows of a crop, the symbols' own boxes among them."""
        boxes, labels = target["boxes"], target["labels"]
        windows = torch.cat([boxes, self.windows(image)])
        overlap = box_iou(windows, torch.cat([boxes, boxes.new_tensor([[-2, -2, -1, -1]])]))
        best, which = overlap.max(1)
        (right,) = torch.where(best >= MIN_IOU)
        (wrong,) = torch.where((best < MAX_OTHER_IOU) & ~on_ignored(windows, target["ignored"]))
        chosen = torch.cat([_some(right, POSITIVE), _some(wrong, NEGATIVE)])
        wanted = torch.where(best[chosen] >= MIN_IOU, functional.pad(labels + 1, (0, 1))[which[chosen]], 0)
        return self.classify(image[None], windows[chosen]), wanted

    def look(self, ink: Tensor) -> Candidates:
        """Find every candidate in a tile (1, 1, h, w) of ink."""
        windows = self.windows(ink[0])
        scores, classes = self.classify(ink, windows).softmax(1)[:, 1:].max(1)
        sure = scores > MIN_CANDIDATE
        return Candidates(windows[sure], classes[sure], scores[sure])

    def windows(self, ink: Tensor) -> Tensor:
        """Find the windows of a page that pass the first stage.

        Parameters
        ----------
        ink : tensor (1, H, W)
            0 (paper) to 1 (ink).

        Returns
        -------
        tensor (n, 4)
            x0, y0, x1, y1 in pixels; n > 0.
        """
        bare = without_staff_lines(as_mask(ink[0]))
        # the integral image: ink above and to the left of each corner of the pixels
        total = np.asarray(cv2.integral(bare), np.int32)
        found = [_with_ink(total, anchor) for anchor in self.anchors]
        whole = np.array([[0, 0, *bare.shape[::-1]]], np.float32)
        return torch.from_numpy(np.concatenate([whole, *found])).to(ink.device)


def _with_ink(total: NDArray[np.int32], anchor: Anchor) -> NDArray[np.float32]:
    """Give the windows (n, 4) of one shape with enough ink, from the page's integral image."""
    (y0, y1), (x0, x1) = (_slide(n - 1, side) for n, side in zip(total.shape, anchor[::-1], strict=True))
    ink = (total[y1][:, x1] - total[y0][:, x1]) - (total[y1][:, x0] - total[y0][:, x0])
    row, column = np.nonzero(ink >= MIN_INK * anchor[0] * anchor[1])
    corner = np.stack([x0[column], y0[row]], 1).astype(np.float32)
    return np.concatenate([corner, corner + np.array(anchor, np.float32)], 1)


def _slide(length: int, side: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the starts and ends of the windows along one axis, within the page."""
    start = np.arange(0, length, max(1, round(STEP * side)))
    return start, np.minimum(start + max(1, round(side)), length)


def _some(numbers: Tensor, count: int) -> Tensor:
    """Choose at most `count` of some numbers at random."""
    return numbers[torch.randperm(len(numbers), device=numbers.device)[:count]]
