"""FCN: score maps of coarse and finer features, summed.

J. Long, E. Shelhamer, T. Darrell, "Fully Convolutional Networks for Semantic
Segmentation", CVPR 2015. The paper sums scores of classes; these maps are
features that a linear classifier may follow, which comes to the same, since
classifying, upsampling and summing are linear and commute.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from omr.detectors.encoder import STRIDES
from omr.detectors.layers import conv_relu
from omr.detectors.trunks.base import Trunk


class FCN(Trunk):
    """An FCN's skips on the encoder.

    Parameters
    ----------
    encoder, channels
        See `Trunk`.
    finest : int
        Stride of the finest features that are summed: 32, 16 or 8 for FCN-32s,
        -16s and -8s (section 4.2).
    """

    def __init__(self, encoder: str = "light", channels: int = 48, finest: int = 8) -> None:
        if finest not in (8, 16, 32):
            raise ValueError(f"there is no FCN-{finest}s; choose 8, 16 or 32")
        super().__init__(encoder, channels)
        self.finest = finest
        coarsest = self.encoder.channels[-1]
        # VGG's fully connected layers as convolutions (section 3.1); normalisation in place of dropout
        self.connected = nn.Sequential(
            *conv_relu(coarsest, coarsest, 7),
            *conv_relu(coarsest, coarsest, 1),
            nn.Conv2d(coarsest, channels, 1),
        )
        levels = zip(self.encoder.channels, STRIDES, strict=True)
        skipped = [width for width, stride in levels if finest <= stride < 32]
        self.skips = nn.ModuleList(_silent(nn.Conv2d(width, channels, 1)) for width in reversed(skipped))
        self.ups = nn.ModuleList(_bilinear(channels) for _ in skipped)

    def forward(self, image: Tensor) -> Tensor:
        """Compute features (N, channels, H / stride, W / stride) of images (N, 1, H, W)."""
        *finer, coarsest = self.encoder(image)
        scores = self.connected(coarsest)
        for skip, up, features in zip(self.skips, self.ups, reversed(finer), strict=False):
            scores = up(scores) + skip(features)
        return self.upsample(scores, image)  # the last step is not learnt (section 4.3)


def _silent(skip: nn.Conv2d) -> nn.Conv2d:
    """Make a skip that starts at zero, so that the finer net starts as the coarser one (section 4.2)."""
    nn.init.zeros_(skip.weight)
    assert skip.bias is not None
    nn.init.zeros_(skip.bias)
    return skip


def _bilinear(channels: int) -> nn.ConvTranspose2d:
    """Make a learnable doubling, map by map, initially bilinear interpolation (sections 3.3 and 4.2)."""
    up = nn.ConvTranspose2d(channels, channels, 4, 2, 1, groups=channels, bias=False)
    tent = torch.tensor([0.25, 0.75, 0.75, 0.25])
    with torch.no_grad():
        up.weight.copy_((tent[:, None] * tent[None]).expand_as(up.weight))
    return up
