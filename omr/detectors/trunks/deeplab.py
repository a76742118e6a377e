"""DeepLab: dilated (atrous) convolutions keep the resolution; a pyramid of them sees several scales.

L.-C. Chen, Y. Zhu, G. Papandreou, F. Schroff, H. Adam, "Encoder-Decoder with
Atrous Separable Convolution for Semantic Image Segmentation" (DeepLabv3+), ECCV
2018, with the pyramid of L.-C. Chen et al., "Rethinking Atrous Convolution"
(DeepLabv3), 2017, section 3.3. The paper's encoder stops at stride 16 and its
decoder at stride 4; a notehead is 14 pixels wide here and a dot 4, so both are
an octave finer: 8 and 2. Convolutions are plain, not separable.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from omr.detectors.encoder import dilate_to_stride_8
from omr.detectors.layers import ConvNorm, conv_relu
from omr.detectors.trunks.base import Trunk


class AtrousPyramid(nn.Module):
    """A 1x1 convolution, three dilated ones and the global mean, concatenated (DeepLabv3, section 3.3).

    Parameters
    ----------
    inputs, outputs : int
        Channels.
    rates : tuple of int
        Dilation of each 3x3 convolution, in cells.
    """

    def __init__(self, inputs: int, outputs: int, rates: tuple[int, ...]) -> None:
        super().__init__()
        self.branches = nn.ModuleList(
            [ConvNorm(inputs, outputs, 1), *(ConvNorm(inputs, outputs, dilation=rate) for rate in rates)]
        )
        self.everywhere = nn.Conv2d(inputs, outputs, 1)  # one cell: nothing to normalise over
        self.project = ConvNorm((len(rates) + 2) * outputs, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Compute (N, outputs, h, w) from (N, inputs, h, w)."""
        mean = self.everywhere(x.mean((2, 3), keepdim=True)).expand(-1, -1, *x.shape[-2:])
        seen = torch.cat([*(branch(x) for branch in self.branches), mean], 1)
        return functional.relu(self.project(functional.relu(seen)), inplace=True)


class DeepLab(Trunk):
    """DeepLabv3+'s decoder on the encoder, dilated to stride 8.

    Parameters
    ----------
    encoder, channels
        See `Trunk`.
    width : int
        Channels of the pyramid.
    rates : tuple of int
        Of the pyramid, in cells of stride 8: twice the paper's 6, 12, 18, as at its stride 8.
    """

    view = 512  # it averages over all it sees

    def __init__(
        self,
        encoder: str = "light",
        channels: int = 48,
        width: int = 96,
        rates: tuple[int, ...] = (12, 24, 36),
    ) -> None:
        super().__init__(encoder, channels)
        dilate_to_stride_8(self.encoder)
        finest, *_, coarsest = self.encoder.channels
        self.pyramid = AtrousPyramid(coarsest, width, rates)
        self.narrow = ConvNorm(finest, finest, 1)
        self.refine = nn.Sequential(*conv_relu(width + finest, channels), *conv_relu(channels, channels))

    def forward(self, image: Tensor) -> Tensor:
        """Compute features (N, channels, H / stride, W / stride) of images (N, 1, H, W)."""
        finest, *_, coarsest = self.encoder(image)
        up = functional.interpolate(self.pyramid(coarsest), size=finest.shape[-2:], mode="bilinear")
        low = functional.relu(self.narrow(finest), inplace=True)
        refined: Tensor = self.refine(torch.cat([up, low], 1))
        return refined
