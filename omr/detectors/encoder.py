"""Encoders: a grey page in, features at strides 2, 4, 8, 16 and 32 out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional

from omr.detectors.layers import ConvNorm, ConvPair

STRIDES = (2, 4, 8, 16, 32)
"""Pixels to a cell of each level of features, finest first."""


class ResidualBlock(ConvPair):
    """Two 3x3 convolutions and a shortcut (K. He et al., "Deep Residual Learning", CVPR 2016).

    Parameters
    ----------
    inputs, outputs : int
        Channels.
    stride : int
        Of the block.
    """

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__(inputs, outputs, stride)
        same = inputs == outputs and stride == 1
        self.shortcut: nn.Module = nn.Identity() if same else ConvNorm(inputs, outputs, 1, stride)

    def forward(self, x: Tensor) -> Tensor:
        """Compute (N, outputs, H / stride, W / stride) from (N, inputs, H, W)."""
        return functional.relu(self.residual(x) + self.shortcut(x), inplace=True)


@dataclass(frozen=True)
class EncoderSize:
    """The size of an encoder.

    Attributes
    ----------
    channels : tuple of int
        At each of `STRIDES`.
    blocks : tuple of int
        Residual blocks at each stride from 4 on.
    """

    channels: tuple[int, int, int, int, int]
    blocks: tuple[int, int, int, int]


# No fewer than 16 channels: oneDNN's gradients of strided 1x1 convolutions with less write past their
# buffer on a CPU (github.com/uxlfoundation/oneDNN/issues/6035), which crashes or gives no numbers.
SIZES: dict[str, EncoderSize] = {
    "tiny": EncoderSize((16, 16, 24, 32, 40), (1, 1, 1, 1)),  # for tests and first looks
    "light": EncoderSize((24, 48, 96, 128, 160), (2, 2, 2, 2)),
    "medium": EncoderSize((32, 64, 128, 192, 256), (2, 3, 3, 3)),
    "large": EncoderSize((48, 96, 192, 320, 512), (3, 4, 6, 3)),
}
"""By the name in the option ``encoder`` of detectors, which weights store."""


class Encoder(nn.Module):
    """A small residual net, trained from scratch.

    Parameters
    ----------
    size : str
        A name in `SIZES`.

    Raises
    ------
    ValueError
        When there is no size of that name; the message lists the names.
    """

    def __init__(self, size: str = "light") -> None:
        super().__init__()
        if size not in SIZES:
            raise ValueError(f"no encoder is called {size!r}; choose one of {', '.join(SIZES)}")
        self.channels = SIZES[size].channels
        self.stem = ConvNorm(1, self.channels[0], 5, 2)
        self.stages = nn.ModuleList(
            _stage(inputs, outputs, blocks)
            for (inputs, outputs), blocks in zip(pairwise(self.channels), SIZES[size].blocks, strict=True)
        )

    def forward(self, image: Tensor) -> list[Tensor]:
        """Compute features of a batch (N, 1, H, W), finest first: (N, channels[i], H / STRIDES[i], ...)."""
        features = [functional.relu(self.stem(image), inplace=True)]
        for stage in self.stages:
            features.append(stage(features[-1]))
        return features


def _stage(inputs: int, outputs: int, blocks: int) -> nn.Sequential:
    """Make residual blocks, the first of which halves the resolution."""
    more = (ResidualBlock(outputs, outputs) for _ in range(blocks - 1))
    return nn.Sequential(ResidualBlock(inputs, outputs, 2), *more)


def dilate(stage: nn.Module, rate: int) -> None:
    """Let a stage keep the resolution that it is given; dilated kernels keep its receptive field.

    F. Yu, V. Koltun, "Multi-Scale Context Aggregation by Dilated Convolutions",
    ICLR 2016. The weights keep their shapes.

    Parameters
    ----------
    stage : module
        Of an `Encoder`; changed in place.
    rate : int
        Distance of the taps of its 3x3 kernels, in cells of the stage.
    """
    for conv in stage.modules():
        if isinstance(conv, nn.Conv2d):
            conv.stride = (1, 1)
            if conv.kernel_size == (3, 3):
                conv.dilation = conv.padding = (rate, rate)


def dilate_to_stride_8(encoder: Encoder) -> None:
    """Let an encoder's stages of strides 16 and 32 keep stride 8 (DeepLab, PSPNet).

    Parameters
    ----------
    encoder : Encoder
        Changed in place.
    """
    for stage, rate in zip(encoder.stages[2:], (2, 4), strict=True):
        dilate(stage, rate)
