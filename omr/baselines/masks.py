"""Targets of a segmentation net: which ink belongs to which class."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

INK = 0.35
"""Darkness, 0 paper to 1, from which a pixel is ink. Of 763 stems on degraded crops 99 % are darker; paper is
lighter."""


@dataclass(frozen=True)
class ClassMaps:
    """The truth of a crop at its m cells of ink, for the k classes that are on it.

    Attributes
    ----------
    classes : tensor (k,)
        Ascending.
    truth : tensor (k, m) of bool
        Cells of each class; a cell may belong to several.
    known : tensor (k, m) of bool
        False where it can't be told whether the cell belongs to the class.
    """

    classes: Tensor
    truth: Tensor
    known: Tensor


def ink_cells(ink: Tensor, stride: int) -> Tensor:
    """Find the cells that hold any ink.

    Parameters
    ----------
    ink : tensor (N, 1, H, W)
        0 paper, 1 ink.
    stride : int
        Pixels to a cell.

    Returns
    -------
    tensor (N, ceil(H / stride), ceil(W / stride)) of bool
    """
    return functional.max_pool2d(ink, stride, ceil_mode=True)[:, 0] >= INK


def class_maps(
    cells: Tensor, boxes: Tensor, labels: Tensor, spans: Tensor, owners: Tensor | None = None
) -> ClassMaps:
    """Give each class the ink of its symbols.

    A glyph owns the ink in its box, though a ledger line or a stem may cross it. A symbol that spans others,
    a slur or a beam, does not: its box holds notes. With instance masks it owns its own ink, and the ink of
    other symbols in its box stays unknown, since a mask shows only the symbol drawn last. Without masks it
    owns the ink in its box but for the boxes of smaller symbols, which stay unknown; staff lines in its box
    then count as its own.

    Parameters
    ----------
    cells : tensor (height, width) of bool
        Cells that hold ink.
    boxes : tensor (n, 4)
        x0, y0, x1, y1 in cells; they may reach beyond the crop.
    labels : tensor (n,)
        Class indices.
    spans : tensor (n,) of bool
        Whether the symbol spans others: its layer is not "glyph".
    owners : tensor (height, width, p), optional
        Number of the symbol, from 1, that each of a cell's p pixels belongs to, or 0 (`pixels_by_cell`).

    Returns
    -------
    ClassMaps
    """
    classes, which = torch.unique(labels, return_inverse=True)
    truth = torch.zeros((len(classes), *cells.shape), dtype=torch.bool, device=cells.device)
    unknown = torch.zeros_like(truth)
    spanning = torch.zeros(len(classes), dtype=torch.bool, device=cells.device)
    spanning[which[spans]] = True
    places, kinds, spanned = _cells(boxes, cells.shape).tolist(), which.tolist(), spans.tolist()
    largest_first = (boxes[:, 2:] - boxes[:, :2]).prod(1).argsort(descending=True, stable=True)
    for i in largest_first.tolist():
        left, top, right, bottom = places[i]
        here = (slice(top, bottom), slice(left, right))
        own = cells[here]
        if owners is None:
            unknown[(spanning, *here)] |= truth[(spanning, *here)]
            truth[(spanning, *here)] = False
        else:
            own = own & (owners[here] > 0).any(-1)
            if spanned[i]:
                unknown[(kinds[i], *here)] |= own
                own = own & (owners[here] == i + 1).any(-1)
        truth[(kinds[i], *here)] |= own
    return ClassMaps(classes, truth[:, cells], (truth | ~unknown)[:, cells])


def pixels_by_cell(pixels: Tensor, stride: int) -> Tensor:
    """Group a map's pixels by cell.

    Parameters
    ----------
    pixels : tensor (H, W)
        H and W multiples of `stride`.
    stride : int
        Pixels to a cell.

    Returns
    -------
    tensor (H / stride, W / stride, stride * stride)
    """
    height, width = (size // stride for size in pixels.shape)
    return pixels.view(height, stride, width, stride).transpose(1, 2).reshape(height, width, -1)


def _cells(boxes: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Give the cells (n, 4) of boxes, from x0, y0 up to x1, y1: the cells they cover by a quarter or more."""
    limit = torch.tensor([shape[1], shape[0]], device=boxes.device)
    low = (boxes[:, :2] + 0.25).floor().clamp(min=0)
    high = (boxes[:, 2:] - 0.25).ceil().clamp(min=0)
    return torch.cat([low.minimum(limit), high.minimum(limit)], 1).long()
