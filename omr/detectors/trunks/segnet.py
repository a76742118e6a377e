"""SegNet: what is remembered of the fine levels is where each maximum sat.

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

from omr.detectors.encoder import Encoder, dilate
from omr.detectors.layers import ConvNorm


class Unpool(nn.Module):
    """Two convolutions, the second to the finer level's width, and back to where the maxima were."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = ConvNorm(inputs, inputs)
        self.second = ConvNorm(inputs, outputs)

    def forward(self, x: Tensor, places: Tensor) -> Tensor:
        x = functional.relu(self.first(x), inplace=True)
        x = functional.relu(self.second(x), inplace=True)
        return functional.max_unpool2d(x, places, (2, 2))


class SegNet(nn.Module):
    """The trunk: (N, 1, H, W) to (N, `channels`, H / `stride`, W / `stride`); H and W multiples of 32.

    Parameters
    ----------
    encoder : str
        Size of the encoder, a name in `omr.detectors.encoder.SIZES`.
    channels : int
        Channels of the result.
    """

    stride = 2
    view = 1536

    def __init__(self, encoder: str = "light", channels: int = 48) -> None:
        super().__init__()
        self.channels = channels
        self.encoder = Encoder(encoder)
        for stage in self.encoder.stages:
            dilate(stage, 1)  # pooling halves in its place
        widths = self.encoder.channels
        self.decoder = nn.ModuleList(Unpool(coarse, fine) for fine, coarse in pairwise(widths))
        self.finish = nn.Sequential(
            *(ConvNorm(widths[0], channels), nn.ReLU(inplace=True)),
            *(ConvNorm(channels, channels), nn.ReLU(inplace=True)),
        )

    def forward(self, image: Tensor) -> Tensor:
        x = functional.relu(self.encoder.stem(image), inplace=True)
        places = []
        for stage in self.encoder.stages:
            x, place = functional.max_pool2d(x, 2, return_indices=True)
            places.append(place)
            x = stage(x)
        for unpool, place in zip(reversed(self.decoder), reversed(places), strict=True):
            x = unpool(x, place)
        return self.finish(x)
