"""Run a net on whole pages in overlapping tiles, and blend its maps."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.nn import functional

MULTIPLE = 32
"""Sides of tiles are multiples of this, in pixels: the coarsest stride of the trunks."""


def blend(ink: Tensor, net: Callable[[Tensor], Tensor], stride: int, tile: int, overlap: int) -> Tensor:
    """Compute the map of a page of any size, without seams.

    Parameters
    ----------
    ink : tensor (1, 1, H, W)
        0 paper, 1 ink.
    net : callable
        (1, 1, h, w) to (1, C, h / stride, w / stride); h and w multiples of 32.
    stride : int
        Pixels to a cell of the map.
    tile, overlap : int
        Largest tile and least overlap of neighbours, in pixels, multiples of 32; the overlap is at most a
        third of the tile, so that no three tiles overlap in a row.

    Returns
    -------
    tensor (C, ceil(H / stride), ceil(W / stride))
        In the overlaps, the mean of the tiles weighted by the distance from their edges.
    """
    height, width = ink.shape[-2:]
    rows, columns = tile_spans(height, tile, overlap), tile_spans(width, tile, overlap)
    ink = functional.pad(ink, (0, columns[-1][1] - width, 0, rows[-1][1] - height))
    one = len(rows) == len(columns) == 1
    total = net(ink)[0] if one else _blend_tiles(ink, net, stride, rows, columns)
    return total[:, : -(-height // stride), : -(-width // stride)]


def _blend_tiles(
    ink: Tensor,
    net: Callable[[Tensor], Tensor],
    stride: int,
    rows: list[tuple[int, int]],
    columns: list[tuple[int, int]],
) -> Tensor:
    total: Tensor | None = None
    for (top, bottom), down in zip(rows, _ramps(rows, stride), strict=True):
        for (left, right), across in zip(columns, _ramps(columns, stride), strict=True):
            part = net(ink[..., top:bottom, left:right])[0]
            if total is None:
                total = part.new_zeros(part.shape[0], ink.shape[-2] // stride, ink.shape[-1] // stride)
            weight = (down[:, None] * across[None]).to(part)
            total[:, top // stride : bottom // stride, left // stride : right // stride] += part * weight
    assert total is not None
    return total


def tile_spans(length: int, tile: int, overlap: int) -> list[tuple[int, int]]:
    """Cover a length with as few tiles as possible, evenly spread.

    Parameters
    ----------
    length : int
        In pixels; it is rounded up to a multiple of 32.
    tile, overlap : int
        Largest tile and least overlap of neighbours, in pixels, multiples of 32.

    Returns
    -------
    list of (int, int)
        Start and end of each tile, in pixels.

    Examples
    --------
    >>> tile_spans(100, 96, 32)
    [(0, 96), (32, 128)]
    """
    length = -(-length // MULTIPLE) * MULTIPLE
    if length <= tile:
        return [(0, length)]
    count = -(-(length - overlap) // (tile - overlap))
    size = -(-(length + (count - 1) * overlap) // count // MULTIPLE) * MULTIPLE
    last = length - size
    starts = [round(i * last / (count - 1) / MULTIPLE) * MULTIPLE for i in range(count)]
    return [(start, start + size) for start in starts]


def _ramps(spans: list[tuple[int, int]], stride: int) -> Iterator[Tensor]:
    """Give each cell of each span a weight; over the page the weights sum to 1."""
    for i, (start, end) in enumerate(spans):
        weight = torch.ones((end - start) // stride)
        if i > 0:
            shared = (spans[i - 1][1] - start) // stride
            weight[:shared] = (torch.arange(shared) + 0.5) / shared
        if i + 1 < len(spans):
            shared = (end - spans[i + 1][0]) // stride
            weight[-shared:] = weight[-shared:] * (1 - (torch.arange(shared) + 0.5) / shared)
        yield weight
