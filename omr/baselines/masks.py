"""Which cells belong to which class: what a segmentation net learns from boxes and ink."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

INK = 0.3
"""Darkness, 0 paper to 1, from which on a pixel is ink."""


@dataclass(frozen=True)
class ClassMaps:
    """The truth of one crop, for the classes that are on it; nothing else is anywhere.

    Attributes
    ----------
    classes : tensor (k,)
        Ascending.
    truth : tensor (k, height, width) of bool
        Cells of each class; a cell may belong to several.
    known : tensor (k, height, width) of bool
        False where it can't be told whether the cell belongs to the class.
    """

    classes: Tensor
    truth: Tensor
    known: Tensor


def ink_cells(ink: Tensor, stride: int) -> Tensor:
    """Cells (N, height, width) that hold any ink, of pages (N, 1, H, W) of it."""
    return functional.max_pool2d(ink, stride)[:, 0] >= INK


def class_maps(ink: Tensor, boxes: Tensor, labels: Tensor, spans: Tensor) -> ClassMaps:
    """Paint the ink inside each box in its class.

    A glyph owns the ink in its box, or most of it; a slur or a beam does not: its
    box holds notes and stems. Where a smaller symbol lies in such a box, whose
    the ink is stays unknown. Staff lines in it are taken for the symbol's own.

    Parameters
    ----------
    ink : tensor (height, width) of bool
        Cells that hold ink.
    boxes : tensor (n, 4)
        In cells, possibly reaching beyond the crop.
    labels : tensor (n,)
    spans : tensor (n,) of bool
        Whether the symbol spans others: its layer is not "glyph".
    """
    classes, which = torch.unique(labels, return_inverse=True)
    shape = (len(classes), *ink.shape)
    truth = torch.zeros(shape, dtype=torch.bool, device=ink.device)
    known = torch.ones_like(truth)
    spanning = torch.zeros(len(classes), dtype=torch.bool, device=ink.device)
    spanning[which[spans]] = True
    largest_first = (boxes[:, 2:] - boxes[:, :2]).prod(1).argsort(descending=True, stable=True)
    cells = _cells(boxes, ink.shape).tolist()
    for i, k in zip(largest_first.tolist(), which[largest_first].tolist(), strict=True):
        left, top, right, bottom = cells[i]
        here = (slice(top, bottom), slice(left, right))
        known[(spanning, *here)] &= ~truth[(spanning, *here)]
        truth[(k, *here)] |= ink[here]
        known[(k, *here)] = True
    return ClassMaps(classes, truth, known)


def _cells(boxes: Tensor, shape: tuple[int, ...]) -> Tensor:
    """First and last-but-one cells (n, 4) of boxes: cells of which they cover a quarter."""
    limit = torch.tensor([shape[1], shape[0]], device=boxes.device)
    low = (boxes[:, :2] + 0.25).floor().clamp(min=0)
    high = (boxes[:, 2:] - 0.25).ceil().clamp(min=0)
    return torch.cat([low.minimum(limit), high.minimum(limit)], 1).long()
