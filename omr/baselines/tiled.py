"""Run a detector of boxes on whole pages in overlapping tiles, and find each box once."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import inf
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional
from torchvision.ops import batched_nms

from omr.detectors.search import Found
from omr.detectors.tiling import tile_spans


class Candidates(NamedTuple):
    """What a detector found in a tile.

    Attributes
    ----------
    boxes : tensor (n, 4)
        x0, y0, x1, y1 in pixels of the tile.
    classes : tensor (n,)
        Class indices.
    scores : tensor (n,)
        From 0 to 1.
    """

    boxes: Tensor
    classes: Tensor
    scores: Tensor


def find_in_tiles(
    ink: Tensor, look: Callable[[Tensor], Candidates], tile: int, overlap: int, iou: float
) -> Found:
    """Search a page tile by tile.

    Each of two neighbouring tiles keeps the boxes centred on its side of the middle of their overlap; it
    sees them whole unless they are longer than the overlap. Non-maximum suppression among boxes of one
    class removes symbols that are still found twice.

    Parameters
    ----------
    ink : tensor (1, 1, H, W)
        0 paper, 1 ink.
    look : callable
        Finds the candidates in a tile (1, 1, h, w); h and w multiples of 32.
    tile, overlap : int
        Largest tile and least overlap of neighbours, in pixels, multiples of 32.
    iou : float
        IoU, 0 to 1, above which two boxes of a class are the same symbol.

    Returns
    -------
    Found
        In pixels of `ink`.
    """
    height, width = ink.shape[-2:]
    rows, columns = tile_spans(height, tile, overlap), tile_spans(width, tile, overlap)
    ink = functional.pad(ink, (0, columns[-1][1] - width, 0, rows[-1][1] - height))
    parts = [
        _own(look(ink[..., top:bottom, left:right]), (left, top), across, down)
        for (top, bottom), down in zip(rows, _shares(rows), strict=True)
        for (left, right), across in zip(columns, _shares(columns), strict=True)
    ]
    boxes, classes, scores = (torch.cat(values) for values in zip(*parts, strict=True))
    keep = batched_nms(boxes, scores, classes, iou)
    return Found(*(values[keep].cpu().numpy() for values in (boxes, classes, scores)))


Share = tuple[float, float]
"""Start and end, in pixels of the page, of the part whose boxes a tile keeps."""


def _shares(spans: list[tuple[int, int]]) -> list[Share]:
    middles = [(before[1] + after[0]) / 2 for before, after in pairwise(spans)]
    return list(pairwise([-inf, *middles, inf]))


def _own(found: Candidates, corner: tuple[int, int], across: Share, down: Share) -> Candidates:
    """Keep the candidates of a tile at `corner` that lie in its own share, in pixels of the page."""
    boxes = found.boxes.float() + torch.tensor(corner * 2, device=found.boxes.device)
    x, y = (boxes[:, :2] + boxes[:, 2:]).T / 2
    mine = (x >= across[0]) & (x < across[1]) & (y >= down[0]) & (y < down[1])
    return Candidates(boxes[mine], found.classes[mine], found.scores[mine].float())
