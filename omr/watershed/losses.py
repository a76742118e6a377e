"""What a prediction of energy, class and box costs."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

TYPICAL_AREA = 36.0
"""Cells of a notehead: a symbol of this size has weight 1 a cell, smaller ones more, larger ones less."""


def symbol_weight(boxes: Tensor) -> Tensor:
    """Weight of each cell of a symbol, so that a dot counts nearly as much as a beam.

    Parameters
    ----------
    boxes : tensor (n, 4)
        In cells.

    Returns
    -------
    tensor (n,)
        From 0.25 to 4.
    """
    area = (boxes[:, 2:] - boxes[:, :2]).clamp(min=1).prod(1)
    return (TYPICAL_AREA / area).clamp(0.25, 4)


def balanced(weight: Tensor, labels: Tensor) -> Tensor:
    """Weights with the classes of a batch evened out: each counts as the root of what it weighed.

    A crop has hundreds of noteheads and stems and one 64th flag; without this
    its lesson is lost among theirs.

    Parameters
    ----------
    weight, labels : tensors (m,)

    Returns
    -------
    tensor (m,)
        With the sum that `weight` has.
    """
    by_class = torch.zeros(int(labels.max()) + 1 if len(labels) else 1, device=weight.device)
    by_class.index_add_(0, labels, weight)
    even = weight * by_class[labels].clamp(min=1e-6).rsqrt()
    return even * (weight.sum() / even.sum().clamp(min=1e-6))


def energy_loss(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Quality focal loss on the energy, a mean over what there is to find.

    X. Li et al., "Generalized Focal Loss", NeurIPS 2020, eq. 4, with beta = 1:
    cross-entropy with a soft target, weighted by how far off the prediction is.

    Parameters
    ----------
    logits, target, weight : tensors (N, layers, height, width)
    """
    cost = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    off = (logits.detach().sigmoid() - target).abs()
    return (weight * off * cost).sum() / (weight * target).sum().clamp(min=1)


def class_loss(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Cross-entropy of the cells around the summits: logits (m, C), target (m,), weight (m,)."""
    cost = functional.cross_entropy(logits, target, reduction="none")
    return (weight * cost).sum() / weight.sum().clamp(min=1)


def box_loss(boxes: Tensor, target: Tensor, weight: Tensor, seen: Tensor) -> Tensor:
    """Generalised IoU loss plus the edges' distance in units of the symbol's size.

    H. Rezatofighi et al., "Generalized Intersection over Union", CVPR 2019. The
    second term keeps a gradient on edges that are nearly right; for thin symbols
    its unit is at least half a cell.

    What a crop cut off can't be seen and is not asked for: of a symbol that
    reaches beyond it only the edges inside count, and no IoU. So a hairpin
    longer than a crop still teaches where hairpins end.

    Parameters
    ----------
    boxes, target : tensors (m, 4)
        In cells.
    weight : tensor (m,)
    seen : tensor (m, 4) of bool
        Which edges of the target lie inside the crop.
    """
    from torchvision.ops import generalized_box_iou_loss

    size = (target[:, 2:] - target[:, :2]).clamp(min=0.5).repeat(1, 2)
    edges = functional.smooth_l1_loss(boxes / size, target / size, beta=0.1, reduction="none")
    cost = 0.5 * (edges * seen).sum(1) + generalized_box_iou_loss(boxes, target) * seen.all(1)
    return (weight * cost).sum() / (weight * seen.float().mean(1)).sum().clamp(min=1)
