"""Whole pages for detectors that return boxes: overlapping tiles, each box found once."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import inf
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional
from torchvision.ops import batched_nms

from omr.detectors.base import Found
from omr.detectors.tiling import tile_spans


class Candidates(NamedTuple):
    """What a detector sees in a tile: boxes (n, 4) in its pixels, classes (n,) and scores (n,)."""

    boxes: Tensor
    classes: Tensor
    scores: Tensor


def find_in_tiles(
    ink: Tensor, look: Callable[[Tensor], Candidates], tile: int, overlap: int, iou: float
) -> Found:
    """Search a page tile by tile.

    Of neighbouring tiles each keeps the boxes centred on its own side of the
    middle of their overlap, which it sees whole unless they are longer than the
    overlap. What is still found twice, at a seam or within a tile, is found once
    after non-maximum suppression among boxes of one class.

    Parameters
    ----------
    ink : tensor (1, 1, H, W)
    look : callable
        From a tile (1, 1, h, w), h and w multiples of 32, to what is in it.
    tile, overlap : int
        Largest tile and least overlap of neighbours, in pixels, multiples of 32.
    iou : float
        From which on two boxes of a class are the same symbol.
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
"""From where to where a tile is in charge, in pixels of the page."""


def _shares(spans: list[tuple[int, int]]) -> list[Share]:
    middles = [(before[1] + after[0]) / 2 for before, after in pairwise(spans)]
    return list(pairwise([-inf, *middles, inf]))


def _own(found: Candidates, corner: tuple[int, int], across: Share, down: Share) -> Candidates:
    """What a tile at `corner` found in its own share of the page, in pixels of the page."""
    boxes = found.boxes.float() + torch.tensor(corner * 2, device=found.boxes.device)
    x, y = (boxes[:, :2] + boxes[:, 2:]).T / 2
    mine = (x >= across[0]) & (x < across[1]) & (y >= down[0]) & (y < down[1])
    return Candidates(boxes[mine], found.classes[mine], found.scores[mine].float())
