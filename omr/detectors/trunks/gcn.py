"""GCN, the large-kernel net: kernels as large as the objects to classify.

C. Peng, X. Zhang, G. Yu, G. Luo, J. Sun, "Large Kernel Matters: Improve Semantic
Segmentation by Global Convolutional Network", CVPR 2017. As in the paper the
coarsest sums go up by deconvolution and each is refined at its boundaries;
normalisation is added, since the encoder starts from nothing.
"""

from __future__ import annotations

from torch import Tensor, nn

from omr.detectors.layers import ConvPair
from omr.detectors.trunks.base import Trunk


class LargeKernel(nn.Module):
    """A k x k kernel: k x 1 then 1 x k, plus 1 x k then k x 1, all linear (section 3.1, figure 2 B).

    Parameters
    ----------
    inputs, outputs : int
        Channels.
    size : int
        Side of the kernel, k, odd.
    """

    def __init__(self, inputs: int, outputs: int, size: int) -> None:
        super().__init__()
        down, across = ((size, 1), (size // 2, 0)), ((1, size), (0, size // 2))
        self.down_across = _two(inputs, outputs, down, across)
        self.across_down = _two(inputs, outputs, across, down)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Compute (N, outputs, h, w) from (N, inputs, h, w)."""
        y: Tensor = self.norm(self.down_across(x) + self.across_down(x))
        return y


Strip = tuple[tuple[int, int], tuple[int, int]]
"""Size of a kernel and its padding."""


def _two(inputs: int, outputs: int, first: Strip, second: Strip) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, first[0], padding=first[1]),
        nn.Conv2d(outputs, outputs, second[0], padding=second[1], bias=False),
    )


class BoundaryRefinement(ConvPair):
    """A residual that sharpens the edges (section 3.2, figure 2 C).

    Parameters
    ----------
    channels : int
        Of the input and the result.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Refine features (N, channels, h, w)."""
        return x + self.residual(x)


class GCN(Trunk):
    """A large-kernel decoder on the encoder.

    Parameters
    ----------
    encoder, channels
        See `Trunk`; every level has as many channels as the result.
    kernel : int
        Side of the large kernels, odd; 15 did best in the paper (table 1).
    """

    def __init__(self, encoder: str = "light", channels: int = 48, kernel: int = 15) -> None:
        super().__init__(encoder, channels)
        levels = self.encoder.channels[1:]
        self.kernels = nn.ModuleList(LargeKernel(width, channels, kernel) for width in levels)
        self.edges = nn.ModuleList(BoundaryRefinement(channels) for _ in levels)
        self.ups = nn.ModuleList(nn.ConvTranspose2d(channels, channels, 4, 2, 1) for _ in levels)
        self.merged = nn.ModuleList(BoundaryRefinement(channels) for _ in levels)

    def forward(self, image: Tensor) -> Tensor:
        """Compute features (N, channels, H / stride, W / stride) of images (N, 1, H, W)."""
        _, *features = self.encoder(image)
        x: Tensor | None = None
        steps = zip(self.kernels, self.edges, self.ups, self.merged, features, strict=True)
        for kernel, edge, up, merged, level in reversed(list(steps)):
            here = edge(kernel(level))
            x = merged(up(here if x is None else here + x))
        assert x is not None
        return x
