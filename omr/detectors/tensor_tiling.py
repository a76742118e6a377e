"""Blend the maps of a net in PyTorch over a whole page."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from omr.detectors.tiling import OVERLAP, Tiles, blend


def blend_tensors(
    ink: Tensor,
    net: Callable[[Tensor], tuple[Tensor, ...]],
    stride: int,
    tile: int,
    overlap: int = OVERLAP,
) -> tuple[Tensor, ...]:
    """Compute the maps of a page of any size, without seams.

    Parameters
    ----------
    ink : tensor (1, 1, H, W)
        0 paper, 1 ink, in the precision and on the device of the net.
    net : callable
        (1, 1, h, w) to maps (h / stride, w / stride, C); h and w multiples of 32.
    stride : int
        Pixels to a cell of the maps.
    tile, overlap : int
        Largest tile and least overlap of neighbours, in pixels, as for `omr.detectors.tiling.Tiles`.

    Returns
    -------
    tuple of tensors (ceil(H / stride), ceil(W / stride), C)
    """
    tiles = Tiles.covering(ink.shape[-2], ink.shape[-1], tile, overlap)
    below, right = tiles.padding
    padded = functional.pad(ink, (0, right, 0, below)).contiguous(memory_format=torch.channels_last)
    return blend(padded, net, tiles, stride, _like)


def _like(values: NDArray[np.float32], like: Tensor) -> Tensor:
    """Turn an array into a tensor in the precision and on the device of another."""
    return torch.from_numpy(values).to(like)
