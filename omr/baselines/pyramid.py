"""The trunks of the box detectors: DWDNet's encoder, with and without a feature pyramid."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from omr.detectors.encoder import STRIDES, Encoder
from omr.detectors.layers import ConvNorm


class Pyramid(nn.Module):
    """Features of equal width at several strides, the coarse ones mixed into the fine ones.

    T.-Y. Lin et al., "Feature Pyramid Networks for Object Detection", CVPR 2017.
    The finest level is stride 4, P2 of the paper, where a staccato dot still
    has a cell of its own; stride 32 only passes its context down.

    Parameters
    ----------
    encoder : str
        A name in `omr.detectors.encoder.SIZES`.
    channels : int
        Of every level.
    """

    strides = (4, 8, 16)

    def __init__(self, encoder: str = "light", channels: int = 64) -> None:
        super().__init__()
        self.out_channels = channels
        self.encoder = Encoder(encoder)
        self.narrow = nn.ModuleList(ConvNorm(inputs, channels, 1) for inputs in self.encoder.channels[1:])
        self.smooth = nn.ModuleList(ConvNorm(channels, channels) for _ in self.strides)

    def forward(self, image: Tensor) -> dict[str, Tensor]:
        """Compute float32 features (N, channels, H / stride, W / stride) of (N, 1, H, W), by stride."""
        narrow = [conv(x) for conv, x in zip(self.narrow, self.encoder(image)[1:], strict=True)]
        levels: dict[str, Tensor] = {}
        coarse = narrow.pop()
        for stride, smooth in zip(reversed(self.strides), reversed(self.smooth), strict=True):
            fine = narrow.pop()
            coarse = fine + functional.interpolate(coarse, size=fine.shape[-2:], mode="nearest")
            levels[str(stride)] = functional.relu(smooth(coarse)).float()
        return dict(reversed(levels.items()))


class EncoderLevels(nn.Module):
    """The encoder's own features from stride 4 on, for SSD.

    Parameters
    ----------
    encoder : str
        A name in `omr.detectors.encoder.SIZES`.
    """

    strides = STRIDES[1:]

    def __init__(self, encoder: str = "light") -> None:
        super().__init__()
        self.encoder = Encoder(encoder)
        self.out_channels = list(self.encoder.channels[1:])

    def forward(self, image: Tensor) -> dict[str, Tensor]:
        """Compute float32 features (N, out_channels[i], H / stride, W / stride) of a batch, by stride."""
        levels = self.encoder(image)[1:]
        return {str(stride): x.float() for stride, x in zip(self.strides, levels, strict=True)}
