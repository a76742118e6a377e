"""What a trunk is: the fully convolutional net between a page and the heads that read it."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from torch import Tensor, nn
from torch.nn import functional

from omr.detectors.encoder import Encoder
from omr.detectors.tensor_tiling import blend_tensors


class Trunk(nn.Module):
    """An encoder and a decoder: (N, 1, H, W) to (N, `channels`, H / `stride`, W / `stride`).

    H and W must be multiples of 32.

    Parameters
    ----------
    encoder : str
        Size of the encoder, a name in `omr.detectors.encoder.SIZES`.
    channels : int
        Channels of the result.
    """

    stride: ClassVar[int] = 2
    """Pixels to a cell of the result."""

    view: ClassVar[int] = 1536
    """The largest part of a page, in pixels a side, to be shown at once. Nets that pool over the whole view
    must see as much as in training."""

    def __init__(self, encoder: str, channels: int) -> None:
        super().__init__()
        self.channels = channels
        self.encoder = Encoder(encoder)

    @abstractmethod
    def forward(self, image: Tensor) -> Tensor:
        """Compute features (N, channels, H / stride, W / stride) of images (N, 1, H, W)."""

    def page_features(self, ink: Tensor) -> Tensor:
        """Compute the features of a page of any size, tile by tile.

        Parameters
        ----------
        ink : tensor (1, 1, H, W)
            In the precision of the weights.

        Returns
        -------
        tensor (ceil(H / stride), ceil(W / stride), channels)
        """

        def look(part: Tensor) -> tuple[Tensor, ...]:
            return (self(part)[0].permute(1, 2, 0),)

        return blend_tensors(ink, look, self.stride, self.view)[0]

    def upsample(self, x: Tensor, image: Tensor) -> Tensor:
        """Bring coarse features to the trunk's stride by bilinear interpolation.

        Parameters
        ----------
        x : tensor (N, C, h, w)
        image : tensor (N, 1, H, W)
            The input of the trunk, for its size.

        Returns
        -------
        tensor (N, C, H / stride, W / stride)
        """
        size = (image.shape[-2] // self.stride, image.shape[-1] // self.stride)
        return functional.interpolate(x, size=size, mode="bilinear")
