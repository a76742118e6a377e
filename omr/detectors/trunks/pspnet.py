"""PSPNet: means over regions of four sizes are added to the features of every cell.

H. Zhao, J. Shi, X. Qi, X. Wang, J. Jia, "Pyramid Scene Parsing Network",
CVPR 2017. The encoder is dilated to stride 8 as there; the way from stride 8
to the result is bilinear as there, so thin strokes have to be told from features
of 8 pixels.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from omr.detectors.encoder import dilate_to_stride_8
from omr.detectors.layers import ConvNorm
from omr.detectors.trunks.base import Trunk


class PyramidPooling(nn.Module):
    """Features beside their means over 1, 2x2, 3x3 and 6x6 parts of the view (section 3.2, figure 3c).

    Parameters
    ----------
    inputs : int
        Channels of the features; the means together have as many.
    bins : tuple of int
        Parts a side of each level.
    """

    def __init__(self, inputs: int, bins: tuple[int, ...]) -> None:
        super().__init__()
        self.bins = bins
        # as wide in all as the input; so few cells that normalising over them would be noise
        self.levels = nn.ModuleList(nn.Conv2d(inputs, inputs // len(bins), 1) for _ in bins)
        self.channels = inputs + len(bins) * (inputs // len(bins))

    def forward(self, x: Tensor) -> Tensor:
        """Compute (N, `channels`, h, w) from (N, inputs, h, w)."""
        means = (
            functional.relu(level(functional.adaptive_avg_pool2d(x, size)))
            for level, size in zip(self.levels, self.bins, strict=True)
        )
        return torch.cat(
            [x, *(functional.interpolate(mean, size=x.shape[-2:], mode="bilinear") for mean in means)], 1
        )


class PSPNet(Trunk):
    """A pyramid pooling decoder on the encoder, dilated to stride 8.

    Parameters
    ----------
    encoder, channels
        See `Trunk`.
    bins : tuple of int
        Parts a side that each level of the pyramid divides its view into.
    """

    view = 512  # it averages over all it sees

    def __init__(
        self, encoder: str = "light", channels: int = 48, bins: tuple[int, ...] = (1, 2, 3, 6)
    ) -> None:
        super().__init__(encoder, channels)
        dilate_to_stride_8(self.encoder)
        self.pool = PyramidPooling(self.encoder.channels[-1], bins)
        self.finish = ConvNorm(self.pool.channels, channels)

    def forward(self, image: Tensor) -> Tensor:
        """Compute features (N, channels, H / stride, W / stride) of images (N, 1, H, W)."""
        x = functional.relu(self.finish(self.pool(self.encoder(image)[-1])), inplace=True)
        return self.upsample(x, image)
