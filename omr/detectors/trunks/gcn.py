"""GCN, the Large-Kernel net: a kernel as large as the thing it must name.

C. Peng, X. Zhang, G. Yu, G. Luo, J. Sun, "Large Kernel Matters: Improve Semantic
Segmentation by Global Convolutional Network", CVPR 2017. As in the paper the
coarsest sums go up by deconvolution and each is refined at its boundaries;
normalisation is added, since the encoder starts from nothing.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from omr.detectors.encoder import Encoder
from omr.detectors.layers import ConvNorm


class LargeKernel(nn.Module):
    """A k x k kernel: k x 1 then 1 x k, plus 1 x k then k x 1, all linear (section 3.1, figure 2 B)."""

    def __init__(self, inputs: int, outputs: int, size: int) -> None:
        super().__init__()
        down, across = ((size, 1), (size // 2, 0)), ((1, size), (0, size // 2))
        self.down_across = _two(inputs, outputs, down, across)
        self.across_down = _two(inputs, outputs, across, down)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.down_across(x) + self.across_down(x))


Strip = tuple[tuple[int, int], tuple[int, int]]
"""Size of a kernel and its padding."""


def _two(inputs: int, outputs: int, first: Strip, second: Strip) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, first[0], padding=first[1]),
        nn.Conv2d(outputs, outputs, second[0], padding=second[1], bias=False),
    )


class BoundaryRefinement(nn.Module):
    """A residual that sharpens the edges (section 3.2, figure 2 C)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = ConvNorm(channels, channels)
        self.second = ConvNorm(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(functional.relu(self.first(x), inplace=True))


class GCN(nn.Module):
    """The trunk: (N, 1, H, W) to (N, `channels`, H / `stride`, W / `stride`); H and W multiples of 32.

    Parameters
    ----------
    encoder : str
        Size of the encoder, a name in `omr.detectors.encoder.SIZES`.
    channels : int
        Channels of the result, and of every level on the way.
    kernel : int
        Side of the large kernels, odd; 15 did best in the paper (table 1).
    """

    stride = 2
    view = 1536

    def __init__(self, encoder: str = "light", channels: int = 48, kernel: int = 15) -> None:
        super().__init__()
        self.channels = channels
        self.encoder = Encoder(encoder)
        levels = self.encoder.channels[1:]
        self.kernels = nn.ModuleList(LargeKernel(width, channels, kernel) for width in levels)
        self.edges = nn.ModuleList(BoundaryRefinement(channels) for _ in levels)
        self.ups = nn.ModuleList(nn.ConvTranspose2d(channels, channels, 4, 2, 1) for _ in levels)
        self.merged = nn.ModuleList(BoundaryRefinement(channels) for _ in levels)

    def forward(self, image: Tensor) -> Tensor:
        _, *features = self.encoder(image)
        x: Tensor | None = None
        steps = zip(self.kernels, self.edges, self.ups, self.merged, features, strict=True)
        for kernel, edge, up, merged, level in reversed(list(steps)):
            here = edge(kernel(level))
            x = merged(up(here if x is None else here + x))
        assert x is not None
        return x
