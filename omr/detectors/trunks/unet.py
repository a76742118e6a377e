"""U-Net: at every resolution, the encoder's features are concatenated with the decoder's.

O. Ronneberger, P. Fischer, T. Brox, "U-Net: Convolutional Networks for
Biomedical Image Segmentation", MICCAI 2015. Convolutions are padded, so that
nothing has to be cropped, and normalised; the finest level is stride 2.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from omr.detectors.layers import ConvNorm
from omr.detectors.trunks.base import Trunk


class UpBlock(nn.Module):
    """One step up (section 2): an "up-convolution" by 2, the skip beside it, two convolutions.

    Parameters
    ----------
    coarse, skip, outputs : int
        Channels of the coarser features, of the encoder's features and of the result.
    """

    def __init__(self, coarse: int, skip: int, outputs: int) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(coarse, skip, 2, 2)
        self.first = ConvNorm(2 * skip, outputs)
        self.second = ConvNorm(outputs, outputs)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """Combine coarse features with the encoder's.

        Parameters
        ----------
        x : tensor (N, coarse, h / 2, w / 2)
        skip : tensor (N, skip, h, w)

        Returns
        -------
        tensor (N, outputs, h, w)
        """
        x = torch.cat([skip, self.up(x)], 1)
        x = functional.relu(self.first(x), inplace=True)
        return functional.relu(self.second(x), inplace=True)


class UNet(Trunk):
    """A U-Net's decoder on the encoder.

    Parameters
    ----------
    encoder, channels
        See `Trunk`.
    """

    def __init__(self, encoder: str = "light", channels: int = 48) -> None:
        super().__init__(encoder, channels)
        finest, *wider = self.encoder.channels
        levels = [*reversed(wider)]
        self.blocks = nn.ModuleList(UpBlock(coarse, skip, skip) for coarse, skip in pairwise(levels))
        self.blocks.append(UpBlock(levels[-1], finest, channels))

    def forward(self, image: Tensor) -> Tensor:
        """Compute features (N, channels, H / stride, W / stride) of images (N, 1, H, W)."""
        *skips, coarsest = self.encoder(image)
        x: Tensor = coarsest
        for block, skip in zip(self.blocks, reversed(skips), strict=True):
            x = block(x, skip)
        return x
