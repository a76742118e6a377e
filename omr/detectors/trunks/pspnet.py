"""PSPNet: every cell is told what its surroundings hold, at four sizes.

H. Zhao, J. Shi, X. Qi, X. Wang, J. Jia, "Pyramid Scene Parsing Network",
CVPR 2017. The encoder is dilated to stride 8 as there; the way from stride 8
to the result is bilinear as there, so thin strokes have to be told from features
of 8 pixels.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from omr.detectors.encoder import Encoder, dilate
from omr.detectors.layers import ConvNorm


class PyramidPooling(nn.Module):
    """Means over 1, 2x2, 3x3 and 6x6 parts of the view, beside what was there (section 3.2, figure 3c)."""

    def __init__(self, inputs: int, bins: tuple[int, ...]) -> None:
        super().__init__()
        self.bins = bins
        # as wide in all as the input; so few cells that normalising over them would be noise
        self.levels = nn.ModuleList(nn.Conv2d(inputs, inputs // len(bins), 1) for _ in bins)
        self.channels = inputs + len(bins) * (inputs // len(bins))

    def forward(self, x: Tensor) -> Tensor:
        means = (
            functional.relu(level(functional.adaptive_avg_pool2d(x, size)))
            for level, size in zip(self.levels, self.bins, strict=True)
        )
        return torch.cat(
            [x, *(functional.interpolate(mean, size=x.shape[-2:], mode="bilinear") for mean in means)], 1
        )


class PSPNet(nn.Module):
    """The trunk: (N, 1, H, W) to (N, `channels`, H / `stride`, W / `stride`); H and W multiples of 32.

    Parameters
    ----------
    encoder : str
        Size of the encoder, a name in `omr.detectors.encoder.SIZES`.
    channels : int
        Channels of the result.
    bins : tuple of int
        Parts a side that each level of the pyramid divides its view into.
    """

    stride = 2
    view = 512  # it averages over all it sees

    def __init__(
        self, encoder: str = "light", channels: int = 48, bins: tuple[int, ...] = (1, 2, 3, 6)
    ) -> None:
        super().__init__()
        self.channels = channels
        self.encoder = Encoder(encoder)
        for stage, rate in zip(self.encoder.stages[2:], (2, 4), strict=True):
            dilate(stage, rate)
        self.pool = PyramidPooling(self.encoder.channels[-1], bins)
        self.finish = ConvNorm(self.pool.channels, channels)

    def forward(self, image: Tensor) -> Tensor:
        x = functional.relu(self.finish(self.pool(self.encoder(image)[-1])), inplace=True)
        size = (image.shape[-2] // self.stride, image.shape[-1] // self.stride)
        return functional.interpolate(x, size=size, mode="bilinear")
