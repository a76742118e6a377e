"""Region proposals from the ink, without a net: the first step of R-CNN and Fast R-CNN.

R-CNN takes its proposals from selective search (J. Uijlings et al., IJCV 2013),
which merges regions of like colour and texture. On paper there is one colour
and one texture: ink. Touching symbols are one region from the start, staff lines
join a whole system, and merging only makes it larger. Its first step alone
(Felzenszwalb's segmentation, scikit-image, on 12 clean crops of 512 pixels)
leaves 44 % of the symbols without a region that overlaps them by half, at the best
scale of three and at 510 regions a crop. Symbols differ in the thickness of their ink, so
here proposals are the connected components of the ink without its staff lines,
without its stems, or without all thin strokes.
"""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from omr.detectors.search import CANONICAL_SPACE

Mask = NDArray[np.uint8]
"""1 where there is ink, else 0."""

INK = 0.4
"""Darkness, 0 paper to 1, above which a pixel is ink; a line of 1.3 pixels is seldom black throughout."""

LINE = 3
"""Pixels of thickness, at most, of a staff line at the canonical staff space."""

SPACE = round(CANONICAL_SPACE)
"""Staff space, in whole pixels."""


def regions(images: Tensor) -> list[Tensor]:
    """Propose regions.

    Parameters
    ----------
    images : tensor (N, 1, H, W)
        Ink: 0 paper, 1 ink.

    Returns
    -------
    list of tensors (n, 4)
        Of each image, n > 0: x0, y0, x1, y1 in pixels.
    """
    return [torch.from_numpy(propose(as_mask(image))).to(images.device) for image in images[:, 0]]


def as_mask(ink: Tensor) -> Mask:
    """Threshold an image at `INK`.

    Parameters
    ----------
    ink : tensor (h, w)
        0 (paper) to 1 (ink).

    Returns
    -------
    array (h, w) of uint8
        1 for ink.
    """
    return (ink > INK).cpu().numpy().astype(np.uint8)


def propose(black: Mask) -> NDArray[np.float32]:
    """Propose boxes around connected components, and the whole image, so that there is always one.

    Parameters
    ----------
    black : array (h, w)
        1 where there is ink, else 0.

    Returns
    -------
    array (n, 4)
        x0, y0, x1, y1 in pixels.
    """
    bare = without_staff_lines(black)
    stems = _open(bare, 1, 3 * SPACE // 2)
    looks = [
        bare,
        bare & ~stems,
        stems,
        *(_open(bare, side, side) for side in (3, 5, 7)),  # noteheads and beams are thick
        _open(bare, 17, 1),  # ledger lines: level, and longer than a notehead
        _open(black, SPACE, 1),  # the staff lines themselves, and symbols on them
        _close(bare, 3, 3),  # symbols with gaps
        _close(bare, 1, 9),
    ]
    whole = np.array([[0, 0, *black.shape[::-1]]], np.float32)
    return np.unique(np.concatenate([whole, *map(_boxes, looks)]), axis=0)


def without_staff_lines(black: Mask) -> Mask:
    """Remove horizontal runs of two staff spaces and more that are as thin as a staff line.

    Parameters
    ----------
    black : array (h, w)
        1 where there is ink, else 0.

    Returns
    -------
    array (h, w)
        The same, without staff lines.
    """
    level = _open(black, 2 * SPACE, 1)
    thick = _open(black, 1, LINE + 1)
    return black & ~(level & ~thick)


def _open(mask: Mask, width: int, height: int) -> Mask:
    """Keep the ink that a rectangle of this size, in pixels, fits into."""
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((height, width), np.uint8)), np.uint8)


def _close(mask: Mask, width: int, height: int) -> Mask:
    """Fill the gaps that a rectangle of this size, in pixels, does not fit into."""
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((height, width), np.uint8)), np.uint8)


def _boxes(mask: Mask) -> NDArray[np.float32]:
    """Give the boxes (n, 4) of the connected components."""
    stats = cv2.connectedComponentsWithStats(mask, connectivity=8)[2][1:].astype(np.float32)
    return np.concatenate([stats[:, :2], stats[:, :2] + stats[:, 2:4]], 1)
