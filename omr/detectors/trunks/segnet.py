"""SegNet: the decoder unpools with the positions of the encoder's maxima.

V. Badrinarayanan, A. Kendall, R. Cipolla, "SegNet: A Deep Convolutional
Encoder-Decoder Architecture for Image Segmentation", TPAMI 2017. The decoder
puts each coarse value back where its maximum was and lets convolutions fill the
gaps (section 3); no features skip across. The encoder's stages here halve by
2x2 max pooling instead of a stride, as the idea demands.
"""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional

from omr.detectors.encoder import dilate
from omr.detectors.layers import ConvNorm, conv_relu
from omr.detectors.trunks.base import Trunk


class Unpool(nn.Module):
    """Two convolutions, the second to the finer level's width, then max unpooling.

    Parameters
    ----------
    inputs, outputs : int
        Channels of the coarser and of the finer level.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = ConvNorm(inputs, inputs)
        self.second = ConvNorm(inputs, outputs)

    def forward(self, x: Tensor, places: Tensor) -> Tensor:
        """Unpool features to the finer level.

        Parameters
        ----------
        x : tensor (N, inputs, h, w)
        places : tensor (N, outputs, h, w) of int
            Positions of the encoder's maxima, as `max_pool2d` returns them.

        Returns
        -------
        tensor (N, outputs, 2 h, 2 w)
        """
        x = functional.relu(self.first(x), inplace=True)
        x = functional.relu(self.second(x), inplace=True)
        return functional.max_unpool2d(x, places, (2, 2))


class SegNet(Trunk):
    """A SegNet's decoder on the encoder.

    Parameters
    ----------
    encoder, channels
        See `Trunk`.
    """

    def __init__(self, encoder: str = "light", channels: int = 48) -> None:
        super().__init__(encoder, channels)
        for stage in self.encoder.stages:
            dilate(stage, 1)  # pooling halves in its place
        widths = self.encoder.channels
        self.decoder = nn.ModuleList(Unpool(coarse, fine) for fine, coarse in pairwise(widths))
        self.finish = nn.Sequential(*conv_relu(widths[0], channels), *conv_relu(channels, channels))

    def forward(self, image: Tensor) -> Tensor:
        """Compute features (N, channels, H / stride, W / stride) of images (N, 1, H, W)."""
        x = functional.relu(self.encoder.stem(image), inplace=True)
        places = []
        for stage in self.encoder.stages:
            x, place = functional.max_pool2d(x, 2, return_indices=True)
            places.append(place)
            x = stage(x)
        for unpool, place in zip(reversed(self.decoder), reversed(places), strict=True):
            x = unpool(x, place)
        finest: Tensor = self.finish(x)
        return finest
