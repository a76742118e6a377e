"""True masks of symbols for detectors that learn them: Mask R-CNN and FCIS."""

from __future__ import annotations

import torch
from torch import Tensor

INK = 0.5
"""Darkness, 0 paper to 1, above which a pixel in a box is its symbol's where the dataset has no masks."""


def true_masks(ink: Tensor, target: dict[str, Tensor]) -> Tensor:
    """Make the true masks of a crop's symbols: the dataset's own, or the ink inside each box.

    Parameters
    ----------
    ink : tensor (h, w)
        0 paper, 1 ink.
    target : dict of tensors
        "boxes" (n, 4); "instances" (h, w) and "numbers" (n,) where the dataset has masks.

    Returns
    -------
    tensor (n, h, w) of uint8
        1 where a pixel belongs to the symbol, else 0.
    """
    if "instances" in target:
        own: Tensor = target["instances"][None] == target["numbers"][:, None, None]
        return own.byte()
    height, width = ink.shape
    x, y = (torch.arange(n, device=ink.device) + 0.5 for n in (width, height))
    x0, y0, x1, y1 = target["boxes"].T[..., None]
    across, down = (x > x0) & (x < x1), (y > y0) & (y < y1)
    inside: Tensor = down[:, :, None] & across[:, None, :] & (ink > INK)
    return inside.byte()
