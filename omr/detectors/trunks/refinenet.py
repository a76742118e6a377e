"""RefineNet: the default trunk.

G. Lin, A. Milan, C. Shen, I. Reid, "RefineNet: Multi-Path Refinement Networks
for High-Resolution Semantic Segmentation", CVPR 2017: a cascade of four blocks,
at strides 32, 16, 8 and 4, each made of residual conv units, multi-resolution
fusion and chained residual pooling. Normalisation is added in the units, which
the paper's pretrained encoder could do without. A last light step brings the
features to stride 2, where the smallest dots are still two cells wide.

One addition is not the paper's, the shortcut: the encoder's features of stride 8
beside the result. Through the cascade, a gradient from the heads passes some thirty
convolutions before it reaches these features; with the shortcut the heads learn the
classes several times as fast (benchmarks/RESULTS.md, ablations).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from omr.detectors.layers import ConvNorm, ConvPair
from omr.detectors.trunks.base import Trunk


class ResidualConvUnit(ConvPair):
    """ReLU, convolution, ReLU, convolution, and the input added (section 3.2, figure 3b).

    Parameters
    ----------
    channels : int
        Of the input and the result.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Compute features (N, channels, h, w) of the same shape."""
        return x + self.residual(functional.relu(x))


class ChainedResidualPooling(nn.Module):
    """A chain of poolings and convolutions, each link added to the sum: context (section 3.2, figure 3d).

    Parameters
    ----------
    channels : int
        Of the input and the result.
    links : int
        Poolings in the chain.
    """

    def __init__(self, channels: int, links: int = 2) -> None:
        super().__init__()
        self.links = nn.ModuleList(ConvNorm(channels, channels) for _ in range(links))

    def forward(self, x: Tensor) -> Tensor:
        """Compute features (N, channels, h, w) of the same shape."""
        x = functional.relu(x)
        link = x
        for conv in self.links:
            link = conv(functional.max_pool2d(link, 5, 1, 2))
            x = x + link
        return x


class RefineBlock(nn.Module):
    """One step of the cascade: this stride's encoder features refined by the coarser block's result.

    Parameters
    ----------
    inputs : int
        Channels of the encoder's features.
    coarser : int or None
        Channels of the coarser block's result; None for the coarsest block.
    channels : int
        Of the result.
    """

    def __init__(self, inputs: int, coarser: int | None, channels: int) -> None:
        super().__init__()
        self.narrow = ConvNorm(inputs, channels, 1)
        self.adapt = ResidualConvUnit(channels)
        self.fuse_coarse = None
        if coarser is not None:
            self.adapt_coarse = ResidualConvUnit(coarser)
            self.fuse = ConvNorm(channels, channels)
            self.fuse_coarse = ConvNorm(coarser, channels)
        self.pool = ChainedResidualPooling(channels)
        self.out = ResidualConvUnit(channels)

    def forward(self, features: Tensor, coarse: Tensor | None = None) -> Tensor:
        """Refine features by the coarser block's result.

        Parameters
        ----------
        features : tensor (N, inputs, h, w)
            Of the encoder, at this stride.
        coarse : tensor (N, coarser, h / 2, w / 2), optional
            None for the coarsest block.

        Returns
        -------
        tensor (N, channels, h, w)
        """
        x = self.adapt(self.narrow(features))
        if self.fuse_coarse is not None and coarse is not None:
            up = self.fuse_coarse(self.adapt_coarse(coarse))
            x = self.fuse(x) + functional.interpolate(up, size=x.shape[-2:], mode="bilinear")
        refined: Tensor = self.out(self.pool(x))
        return refined


class RefineNet(Trunk):
    """The cascade of refinement blocks on the encoder.

    Parameters
    ----------
    encoder : str
        See `Trunk`.
    widths : tuple of int
        Channels of the blocks at strides 4, 8, 16 and 32.
    channels : int
        Channels of the cascade's result.
    shortcut : int
        Channels of the shortcut, which come after those in the trunk's result; 0 for the paper's net.
    """

    def __init__(
        self,
        encoder: str = "light",
        widths: tuple[int, ...] = (48, 64, 96, 96),
        channels: int = 48,
        shortcut: int = 48,
    ) -> None:
        super().__init__(encoder, channels + shortcut)
        self.shortcut = ConvNorm(self.encoder.channels[2], shortcut, 1) if shortcut else None
        coarser: tuple[int | None, ...] = (*widths[1:], None)
        self.blocks = nn.ModuleList(
            RefineBlock(inputs, coarse, width)
            for inputs, coarse, width in zip(self.encoder.channels[1:], coarser, widths, strict=True)
        )
        self.unfold = ConvNorm(widths[0], 4 * channels, 1)
        self.finish = ConvNorm(channels + self.encoder.channels[0], channels)

    def forward(self, image: Tensor) -> Tensor:
        """Compute features (N, channels, H / stride, W / stride) of images (N, 1, H, W)."""
        finest, *features = self.encoder(image)
        x: Tensor | None = None
        for block, level in zip(reversed(self.blocks), reversed(features), strict=True):
            x = block(level, x)
        up = functional.pixel_shuffle(functional.relu(self.unfold(x)), 2)
        result = functional.relu(self.finish(torch.cat([up, finest], 1)), inplace=True)
        if self.shortcut is None:
            return result
        direct = functional.relu(self.shortcut(features[1]), inplace=True)
        return torch.cat([result, functional.interpolate(direct, size=result.shape[-2:], mode="bilinear")], 1)
