"""Run a net on whole pages in overlapping tiles, and blend its maps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MULTIPLE = 32
"""Sides of tiles are multiples of this, in pixels: the coarsest stride of the trunks."""

OVERLAP = 160
"""Pixels by which neighbouring tiles of a page overlap at least (release 0.1.0)."""

Spans = list[tuple[int, int]]
"""Start and end of each tile along an axis, in pixels."""


@dataclass(frozen=True)
class Tiles:
    """The tiles that cover a page.

    Attributes
    ----------
    height, width : int
        Of the page, in pixels.
    rows, columns : list of (int, int)
        Start and end of each row and column of tiles, in pixels.
    """

    height: int
    width: int
    rows: Spans
    columns: Spans

    @classmethod
    def covering(cls, height: int, width: int, tile: int, overlap: int) -> Tiles:
        """Cover a page.

        Parameters
        ----------
        height, width : int
            Of the page, in pixels.
        tile, overlap : int
            Largest tile and least overlap of neighbours, in pixels, multiples of 32; the overlap is at most
            a third of the tile, so that no three tiles overlap in a row.

        Returns
        -------
        Tiles
        """
        return cls(height, width, tile_spans(height, tile, overlap), tile_spans(width, tile, overlap))

    @property
    def padding(self) -> tuple[int, int]:
        """Pixels of paper that the page needs below and to the right to fill its tiles."""
        return self.rows[-1][1] - self.height, self.columns[-1][1] - self.width


def blend(
    ink: Any,
    net: Callable[[Any], tuple[Any, ...]],
    tiles: Tiles,
    stride: int,
    convert: Callable[[NDArray[np.float32], Any], Any],
) -> tuple[Any, ...]:
    """Compute the maps of a page of any size, without seams.

    Works on tensors and on arrays alike.

    Parameters
    ----------
    ink : tensor or array (1, 1, H, W)
        0 paper, 1 ink; the page with the padding of `tiles`.
    net : callable
        (1, 1, h, w) to maps (h / stride, w / stride, C), each with a C of its own.
    tiles : Tiles
    stride : int
        Pixels to a cell of the maps.
    convert : callable
        Turns an array into the kind, precision and device of its second argument, a map.

    Returns
    -------
    tuple of tensors or arrays (ceil(height / stride), ceil(width / stride), C)
        Of the page without its padding. In the overlaps, the mean of the tiles weighted by the distance
        from their edges.
    """
    one = len(tiles.rows) == len(tiles.columns) == 1
    maps = net(ink) if one else _blend_tiles(ink, net, tiles, stride, convert)
    height, width = -(-tiles.height // stride), -(-tiles.width // stride)
    return tuple(values[:height, :width] for values in maps)


def _blend_tiles(
    ink: Any,
    net: Callable[[Any], tuple[Any, ...]],
    tiles: Tiles,
    stride: int,
    convert: Callable[[NDArray[np.float32], Any], Any],
) -> tuple[Any, ...]:
    """Sum the maps of the tiles, each weighted by the distance from its edges."""
    totals: tuple[Any, ...] = ()
    size = (tiles.rows[-1][1] // stride, tiles.columns[-1][1] // stride)
    for (top, bottom), down in zip(tiles.rows, _ramps(tiles.rows, stride), strict=True):
        for (left, right), across in zip(tiles.columns, _ramps(tiles.columns, stride), strict=True):
            parts = net(ink[..., top:bottom, left:right])
            if not totals:
                empty = (np.zeros((*size, part.shape[2]), np.float32) for part in parts)
                totals = tuple(map(convert, empty, parts))
            weight = down[:, None, None] * across[:, None]
            here = slice(top // stride, bottom // stride), slice(left // stride, right // stride)
            for total, part in zip(totals, parts, strict=True):
                total[here] += part * convert(weight, part)
    return totals


def tile_spans(length: int, tile: int, overlap: int) -> Spans:
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


def _ramps(spans: Spans, stride: int) -> Iterator[NDArray[np.float32]]:
    """Give each cell of each span a weight; over the page the weights sum to 1."""
    for i, (start, end) in enumerate(spans):
        weight = np.ones((end - start) // stride, np.float32)
        if i > 0:
            shared = (spans[i - 1][1] - start) // stride
            weight[:shared] = (np.arange(shared) + 0.5) / shared
        if i + 1 < len(spans):
            shared = (end - spans[i + 1][0]) // stride
            weight[-shared:] *= 1 - (np.arange(shared) + 0.5) / shared
        yield weight
