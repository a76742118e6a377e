"""A fully connected CRF over a page's cells, solved by mean field.

P. Krähenbühl, V. Koltun, "Efficient Inference in Fully Connected CRFs with
Gaussian Edge Potentials", NIPS 2011, as DeepLab used it (L.-C. Chen et al.,
"Semantic Image Segmentation with Deep Convolutional Nets and Fully Connected
CRFs", ICLR 2015). Every cell draws every other towards its own label, more strongly
the nearer they are and the more alike in darkness. Two things are simpler here:

- Each class is a binary labelling of its own, as in `omr.baselines.segmentation`.
- A page is grey, so cells differ in three dimensions, not five: darkness is
  split into a few levels and each is filtered with an ordinary Gaussian (a
  bilateral grid: J. Chen, S. Paris, F. Durand, SIGGRAPH 2007) in place of the
  permutohedral lattice. Gaussians end at three standard deviations.

The published kernels are tens of pixels wide, for people and cars. A stem is one
cell wide and such kernels would erase it, so the defaults reach over a few cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class Potentials:
    """The strength and reach of the pairwise potentials.

    Attributes
    ----------
    alike, near : float
        Weights of the kernel that compares darkness and of the one that smooths.
    alike_reach, near_reach : float
        Their standard deviations, in cells.
    darkness : float
        Standard deviation of darkness in the first, of 0 paper to 1 ink.
    levels : int
        Levels of darkness, from 0 to 1.
    rounds : int
        Iterations of mean field.
    """

    alike: float = 1.0
    near: float = 0.5
    alike_reach: float = 3.0
    near_reach: float = 1.0
    darkness: float = 0.2
    levels: int = 5
    rounds: int = 5


def refine(probability: Tensor, ink: Tensor, how: Potentials | None = None) -> Tensor:
    """Compute the mean-field marginals of each class.

    Parameters
    ----------
    probability : tensor (classes, height, width)
        Of the net, for each cell, 0 to 1.
    ink : tensor (height, width)
        Darkness of each cell, from 0 to 1.
    how : Potentials, optional

    Returns
    -------
    tensor (classes, height, width)
        Probabilities, 0 to 1.
    """
    how = how or Potentials()
    unary = probability.clamp(1e-4, 1 - 1e-4).logit()
    grid = _Grid(ink, how)
    belief = probability
    for _ in range(how.rounds):
        vote = 2 * belief - 1  # from -1, outside the class, to +1, inside
        belief = (unary + how.alike * grid.mean(vote) + how.near * _mean_near(vote, how.near_reach)).sigmoid()
    return belief


class _Grid:
    """Means over all cells, weighted by nearness and likeness of darkness."""

    def __init__(self, ink: Tensor, how: Potentials) -> None:
        levels = torch.linspace(0, 1, how.levels, device=ink.device)
        step = 1 / (how.levels - 1)
        self.reach = how.alike_reach
        self.share = (1 - (ink - levels[:, None, None]).abs() / step).clamp(min=0)  # of a cell in each level
        self.likeness = torch.exp(-((levels[:, None] - levels) ** 2) / (2 * how.darkness**2))
        self.total = self._sum(torch.ones_like(ink)[None])

    def mean(self, values: Tensor) -> Tensor:
        """Compute the means of values (classes, height, width)."""
        return self._sum(values) / self.total

    def _sum(self, values: Tensor) -> Tensor:
        spread = _blur(values[:, None] * self.share, self.reach)
        return (torch.einsum("lm,cmhw->clhw", self.likeness, spread) * self.share).sum(1)


def _mean_near(values: Tensor, reach: float) -> Tensor:
    """Compute means of (classes, height, width) weighted by nearness alone."""
    return _blur(values[:, None], reach)[:, 0] / _blur(torch.ones_like(values[:1, None]), reach)[:, 0]


def _blur(maps: Tensor, reach: float) -> Tensor:
    """Sum each map of (n, m, height, width) with a Gaussian; beyond the edges all is 0."""
    radius = int(3 * reach + 0.5)
    offset = torch.arange(-radius, radius + 1, device=maps.device)
    kernel = torch.exp(-(offset**2) / (2 * reach**2)).to(maps.dtype)
    flat = maps.flatten(0, 1)[:, None]
    flat = functional.conv2d(flat, kernel[None, None, :, None], padding=(radius, 0))
    return functional.conv2d(flat, kernel[None, None, None], padding=(0, radius)).view_as(maps)
