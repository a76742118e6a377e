"""Anchor boxes fitted to a dataset, and laid out over the cells of a page.

Libraries bring anchors for people and cars; a stem is thirty times as high as
it is wide and a dot four pixels across. J. Redmon and A. Farhadi, "YOLO9000",
CVPR 2017 (section 2, "Dimension Clusters"): k-means over the training boxes with
the distance 1 - IoU, so that a small box counts as much as a large one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.image_list import ImageList

Anchor = tuple[float, float]
"""Width and height in pixels at the canonical staff space."""

BOXES_A_CLASS = 300
"""Boxes of each class that anchors are fitted to; with more, stems and noteheads would dominate."""

STARTS = 8
"""Random starts of k-means, whose result depends on the start; the best result is taken."""

ITERATIONS = 50
"""Of Lloyd's algorithm, at most."""

MIN_SIDE = 0.5
"""Pixels to which thinner boxes are widened: IoU of shapes needs an area."""


GOOD_IOU = 0.6
"""IoU of an anchor and a symbol, 0 to 1, mean over places, that a stride should leave. Chosen of .4, .5, .6
and .7 on 16 engraved validation pages: best of those that leave anchors to the coarse levels."""

PLACES = 16
"""Distances along each axis over which that mean is taken."""

WIDEST_STRIDE = 64
"""Pixels, beyond the stride of any level: where the search for an anchor's stride ends."""


def fit_anchors(
    boxes: NDArray[np.float32], labels: NDArray[np.int64], count: int, seed: int = 0
) -> list[Anchor]:
    """Find the shapes that overlap a dataset's boxes best.

    Parameters
    ----------
    boxes : array (n, 4)
        x0, y0, x1, y1 in pixels at the canonical staff space.
    labels : array (n,)
        Class of each; classes have equal weight, up to `BOXES_A_CLASS` boxes.
    count : int
        Shapes wanted.
    seed : int
        Of the random starts.

    Returns
    -------
    list of (width, height)
        In pixels, the smallest area first.

    Raises
    ------
    ValueError
        When there is no box.
    """
    if not len(boxes):
        raise ValueError("there are no boxes to fit anchors to")
    rng = np.random.default_rng(seed)
    chosen = np.concatenate(
        [rng.permutation(np.flatnonzero(labels == label))[:BOXES_A_CLASS] for label in np.unique(labels)]
    )
    sizes = np.maximum(boxes[chosen, 2:] - boxes[chosen, :2], MIN_SIDE).astype(np.float64)
    starts = (_k_means(sizes, sizes[_spread_out(sizes, count, rng)]) for _ in range(STARTS))
    centres = max(starts, key=lambda found: shape_iou(sizes, found).max(1).mean())
    order = np.argsort(centres.prod(1), kind="stable")
    return [(round(float(w), 2), round(float(h), 2)) for w, h in centres[order]]


def _k_means(sizes: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Iterate Lloyd's algorithm from `centres` (k, 2); centres are medians, robust to outliers."""
    for _ in range(ITERATIONS):
        nearest = shape_iou(sizes, centres).argmax(1)
        moved = np.stack(
            [
                np.median(sizes[nearest == k], 0) if (nearest == k).any() else centre
                for k, centre in enumerate(centres)
            ]
        )
        if np.allclose(moved, centres):
            break
        centres = moved
    return centres


def _spread_out(sizes: NDArray[np.float64], count: int, rng: np.random.Generator) -> list[int]:
    """Choose starts far from one another (k-means++, D. Arthur and S. Vassilvitskii, SODA 2007)."""
    chosen = [int(rng.integers(len(sizes)))]
    while len(chosen) < count:
        distance = 1 - shape_iou(sizes, sizes[chosen]).max(1)
        total = distance.sum()
        probability = distance / total if total > 0 else None  # fewer shapes than anchors: any will do
        chosen.append(int(rng.choice(len(sizes), p=probability)))
    return chosen


def shape_iou(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute the IoU of boxes laid on one centre.

    Parameters
    ----------
    a, b : arrays (n, 2) and (m, 2)
        Widths and heights.

    Returns
    -------
    array (n, m)
    """
    shared = np.minimum(a[:, None], b[None]).prod(2)
    return np.asarray(shared / (a.prod(1)[:, None] + b.prod(1)[None] - shared))


def by_shape(anchors: Sequence[Anchor], spans: Sequence[tuple[int, int]]) -> list[list[Anchor]]:
    """Deal anchors to levels: those that bear least misplacement to the finest.

    An anchor lies up to half a stride from a symbol's centre. By area, as YOLOv3 deals them, a barline of 2 x
    292 pixels comes to stride 16, where no anchor overlaps it; and with equal shares the finest level has
    no room for noteheads. Best IoU of 11,059 symbols of 16 engraved pages with an anchor, mean of the
    classes: SSD .528 by area in equal shares, .610 by shape; three levels of a pyramid .534 and .582.

    Parameters
    ----------
    anchors : sequence of (width, height)
    spans : sequence of (start, stop)
        Of each level, finest first: the anchors that it gets, in the order of `tolerance`.

    Returns
    -------
    list of lists of (width, height)
        Of each level, finest first.
    """
    ordered = sorted(anchors, key=tolerance)
    return [ordered[start:stop] for start, stop in spans]


def tolerance(anchor: Anchor) -> float:
    """Find the stride up to which an anchor overlaps a symbol of its shape well.

    Parameters
    ----------
    anchor : (width, height)
        In pixels.

    Returns
    -------
    float
        Largest stride, in pixels, at which the IoU of the nearest anchor and a symbol anywhere is
        `GOOD_IOU` on average; 0 where there is none.
    """
    away = (np.arange(PLACES) + 0.5) / PLACES / 2  # of the stride, along each axis
    within = [
        stride
        for stride in np.arange(0.5, WIDEST_STRIDE, 0.5)
        if _moved_iou(anchor, away * stride).mean() >= GOOD_IOU
    ]
    return float(max(within, default=0))


def _moved_iou(anchor: Anchor, away: NDArray[np.float64]) -> NDArray[np.float64]:
    """IoU (n, n) of an anchor and itself moved by each of n distances along each axis."""
    width, height = (np.clip(side - away, 0, None) for side in anchor)
    shared = width[:, None] * height
    return np.asarray(shared / (2 * anchor[0] * anchor[1] - shared))


class AnchorGrid(AnchorGenerator):
    """Anchors at every cell of every level.

    Unlike torchvision's generator it takes any widths and heights, keeps their
    fractions (a stem is 1.5 pixels wide) and puts anchors at the centres of the
    cells.

    Parameters
    ----------
    levels : sequence of sequences of Anchor
        The anchors of each level, finest first.
    """

    def __init__(self, levels: Sequence[Sequence[Anchor]]) -> None:
        nn.Module.__init__(self)  # torchvision's own would make anchors of its own
        self.levels = levels

    def num_anchors_per_location(self) -> list[int]:
        """Count the anchors of a cell.

        Returns
        -------
        list of int
            For each level.
        """
        return [len(level) for level in self.levels]

    def forward(self, images: ImageList, features: list[Tensor]) -> list[Tensor]:
        """Give each image its anchors (cells x anchors, 4): level after level, row by row."""
        height = images.tensors.shape[-2]
        laid = torch.cat(
            [
                lay_out(level, maps.shape[-2:], height // maps.shape[-2], maps.device)
                for level, maps in zip(self.levels, features, strict=True)
            ]
        )
        return [laid] * len(images.image_sizes)


def lay_out(anchors: Sequence[Anchor], cells: Sequence[int], stride: int, device: torch.device) -> Tensor:
    """Lay anchors out over the cells of one level.

    Parameters
    ----------
    anchors : sequence of (width, height)
        In pixels.
    cells : (rows, columns)
    stride : int
        Pixels to a cell.
    device : torch.device

    Returns
    -------
    tensor (rows x columns x anchors, 4)
        x0, y0, x1, y1 in pixels, centred on the cells.
    """
    size = torch.tensor(anchors, device=device)
    row, column = torch.meshgrid(*(torch.arange(n, device=device) for n in cells), indexing="ij")
    centre = (torch.stack([column, row], -1).reshape(-1, 1, 2) + 0.5) * stride
    return torch.cat([centre - size / 2, centre + size / 2], -1).reshape(-1, 4)
