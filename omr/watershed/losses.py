"""Losses of energy, class and box."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional
from torchvision.ops import generalized_box_iou_loss

TYPICAL_AREA = 36.0
"""Area of a notehead, in cells of stride 2: a symbol of this size has weight 1 a cell, smaller ones more."""

WEIGHTS = (0.25, 4.0)
"""Limits of the weight of a cell, of the largest and the smallest symbols (release 0.1.0)."""

SMOOTH_L1_BETA = 0.1
"""Error of an edge, as a fraction of the symbol's size, below which its loss is quadratic (release 0.1.0)."""


def symbol_weight(boxes: Tensor) -> Tensor:
    """Weight the cells of symbols, so that a dot counts nearly as much as a beam.

    Parameters
    ----------
    boxes : tensor (n, 4)
        x0, y0, x1, y1 in cells.

    Returns
    -------
    tensor (n,)
        Weight of each cell of the symbol, within `WEIGHTS`.
    """
    area = (boxes[:, 2:] - boxes[:, :2]).clamp(min=1).prod(1)
    return (TYPICAL_AREA / area).clamp(*WEIGHTS)


def balanced(weight: Tensor, labels: Tensor) -> Tensor:
    """Balance the classes of a batch: each counts as the square root of its total weight.

    A crop has hundreds of noteheads and stems and one 64th flag, which would hardly count without this.

    Parameters
    ----------
    weight, labels : tensors (m,)
        Of the cells of the batch.

    Returns
    -------
    tensor (m,)
        Weights with the same sum as `weight`.
    """
    by_class = torch.zeros(int(labels.max()) + 1 if len(labels) else 1, device=weight.device)
    by_class.index_add_(0, labels, weight)
    even = weight * by_class[labels].clamp(min=1e-6).rsqrt()
    return even * (weight.sum() / even.sum().clamp(min=1e-6))


def energy_loss(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Compute the quality focal loss of the energy, a mean over the true energy.

    X. Li et al., "Generalized Focal Loss", NeurIPS 2020, eq. 4, with beta = 1:
    cross-entropy with a soft target, weighted by how far off the prediction is.

    Parameters
    ----------
    logits, target, weight : tensors (N, layers, height, width)
        Predicted log odds, true energy (0 to 1), and the weight of each cell.

    Returns
    -------
    tensor ()
    """
    cost = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    off = (logits.detach().sigmoid() - target).abs()
    return (weight * off * cost).sum() / (weight * target).sum().clamp(min=1)


def class_loss(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Compute the weighted mean cross-entropy of the cells around the summits.

    Parameters
    ----------
    logits : tensor (m, C)
    target : tensor (m,)
        Class indices.
    weight : tensor (m,)

    Returns
    -------
    tensor ()
    """
    cost = functional.cross_entropy(logits, target, reduction="none")
    return (weight * cost).sum() / weight.sum().clamp(min=1)


def box_loss(boxes: Tensor, target: Tensor, weight: Tensor, seen: Tensor) -> Tensor:
    """Compute the generalised IoU loss plus the edges' distance in units of the symbol's size.

    H. Rezatofighi et al., "Generalized Intersection over Union", CVPR 2019. The second term keeps a gradient
    on edges that are nearly right; for thin symbols its unit is at least half a cell.

    Of a symbol that reaches beyond its crop, only the edges inside count, and no IoU: a hairpin longer than
    a crop still teaches where hairpins end.

    Parameters
    ----------
    boxes, target : tensors (m, 4)
        Predicted and true x0, y0, x1, y1 in cells.
    weight : tensor (m,)
    seen : tensor (m, 4) of bool
        Which edges of the target lie inside the crop.

    Returns
    -------
    tensor ()
    """
    size = (target[:, 2:] - target[:, :2]).clamp(min=0.5).repeat(1, 2)
    edges = functional.smooth_l1_loss(boxes / size, target / size, beta=SMOOTH_L1_BETA, reduction="none")
    cost = 0.5 * (edges * seen).sum(1) + generalized_box_iou_loss(boxes, target) * seen.all(1)
    loss: Tensor = (weight * cost).sum() / (weight * seen.float().mean(1)).sum().clamp(min=1)
    return loss
