"""FCN: score maps of coarse and finer features, summed.

J. Long, E. Shelhamer, T. Darrell, "Fully Convolutional Networks for Semantic
Segmentation", CVPR 2015. The paper sums scores of classes; these maps are
features that a linear classifier may follow, which comes to the same, since
classifying, upsampling and summing are linear and commute.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from omr.detectors.encoder import STRIDES, Encoder
from omr.detectors.layers import ConvNorm


class FCN(nn.Module):
    """The trunk: (N, 1, H, W) to (N, `channels`, H / `stride`, W / `stride`); H and W multiples of 32.

    Parameters
    ----------
    encoder : str
        Size of the encoder, a name in `omr.detectors.encoder.SIZES`.
    channels : int
        Channels of the result.
    finest : int
        Stride of the finest features that are summed: 32, 16 or 8 for FCN-32s,
        -16s and -8s (section 4.2).
    """

    stride = 2
    view = 1536

    def __init__(self, encoder: str = "light", channels: int = 48, finest: int = 8) -> None:
        super().__init__()
        if finest not in (8, 16, 32):
            raise ValueError(f"there is no FCN-{finest}s; choose 8, 16 or 32")
        self.channels, self.finest = channels, finest
        self.encoder = Encoder(encoder)
        coarsest = self.encoder.channels[-1]
        # VGG's fully connected layers as convolutions (section 3.1); normalisation in place of dropout
        self.connected = nn.Sequential(
            *(ConvNorm(coarsest, coarsest, 7), nn.ReLU(inplace=True)),
            *(ConvNorm(coarsest, coarsest, 1), nn.ReLU(inplace=True)),
            nn.Conv2d(coarsest, channels, 1),
        )
        levels = zip(self.encoder.channels, STRIDES, strict=True)
        skipped = [width for width, stride in levels if finest <= stride < 32]
        self.skips = nn.ModuleList(_silent(nn.Conv2d(width, channels, 1)) for width in reversed(skipped))
        self.ups = nn.ModuleList(_bilinear(channels) for _ in skipped)

    def forward(self, image: Tensor) -> Tensor:
        *finer, coarsest = self.encoder(image)
        scores = self.connected(coarsest)
        for skip, up, features in zip(self.skips, self.ups, reversed(finer), strict=False):
            scores = up(scores) + skip(features)
        size = (image.shape[-2] // self.stride, image.shape[-1] // self.stride)
        # the last step is not learnt (section 4.3)
        return functional.interpolate(scores, size=size, mode="bilinear")


def _silent(skip: nn.Conv2d) -> nn.Conv2d:
    """A skip that starts as nothing, so that the finer net starts as the coarser one (section 4.2)."""
    nn.init.zeros_(skip.weight)
    assert skip.bias is not None
    nn.init.zeros_(skip.bias)
    return skip


def _bilinear(channels: int) -> nn.ConvTranspose2d:
    """A learnable doubling, map by map, that starts as bilinear interpolation (sections 3.3 and 4.2)."""
    up = nn.ConvTranspose2d(channels, channels, 4, 2, 1, groups=channels, bias=False)
    tent = torch.tensor([0.25, 0.75, 0.75, 0.25])
    with torch.no_grad():
        up.weight.copy_((tent[:, None] * tent[None]).expand_as(up.weight))
    return up
