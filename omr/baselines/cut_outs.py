"""Cut-outs of a page, each sent through the encoder: R-CNN and the sliding window."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torchvision.ops import roi_align

from omr.detectors.encoder import STRIDES, Encoder
from omr.detectors.search import CANONICAL_SPACE

SIDE = STRIDES[-1]
"""Pixels a side of a cut-out: one cell of the encoder's last stage, a little more than two staff spaces."""

CONTEXT = CANONICAL_SPACE / 2
"""Pixels around a region that are cut out with it; scaled to one size, a dot and a notehead differ by it."""


class CutOuts(nn.Module):
    """Pools pixels where Fast R-CNN pools features."""

    def forward(self, images: Tensor, boxes: list[Tensor], _: object = None) -> Tensor:
        """Cut regions out with their context and scale them to one size.

        Parameters
        ----------
        images : tensor (N, 1, H, W)
        boxes : list of tensors (n, 4)
            Of each image, in pixels.

        Returns
        -------
        tensor (sum of n, 1, SIDE, SIDE)
            Those of the first image first.
        """
        margin = images.new_tensor([-CONTEXT, -CONTEXT, CONTEXT, CONTEXT], dtype=torch.float32)
        parts: Tensor = roi_align(images.float(), [b + margin for b in boxes], SIDE, aligned=True)
        return parts


class CutOutNet(nn.Module):
    """The encoder as a classifier's body: a vector for each cut-out.

    Parameters
    ----------
    encoder : str
        A name in `omr.detectors.encoder.SIZES`.
    """

    most: int = 2048
    """Cut-outs that go through the net together; more would take much memory."""

    def __init__(self, encoder: str) -> None:
        super().__init__()
        self.encoder = Encoder(encoder)
        self.out_channels = self.encoder.channels[-1]

    def forward(self, cut_outs: Tensor) -> Tensor:
        """Compute features (n, out_channels) of cut-outs (n, 1, SIDE, SIDE)."""
        return torch.cat([self.encoder(part)[-1].mean((2, 3)) for part in torch.split(cut_outs, self.most)])
