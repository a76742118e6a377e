"""SPP-net: the page goes through the net once, spatial pyramids of frozen features are pooled from regions.

K. He, X. Zhang, S. Ren, J. Sun, "Spatial Pyramid Pooling in Deep Convolutional Networks for Visual
Recognition", ECCV 2014, section 4. It stands between R-CNN, which sends each region through the net, and
Fast R-CNN, whose detection loss reaches the convolutions: SPP-net can't train the layers below the pooling,
which are taken from a classifier and stay as they are.

The paper's classifier has learnt ImageNet. There is no such dataset of music, so here the trunk learns beside
the detector to name the classes at each cell, and the losses of detection do not reach it. The linear layer
that names the classes serves training alone. Proposals come from the ink (`omr.baselines.proposals`), as for
R-CNN and Fast R-CNN; the paper's support vector machines are a softmax layer, trained with the box
regression, as in Fast R-CNN.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.ops import roi_pool

from omr.baselines.pyramid import Pyramid
from omr.baselines.two_stage import ProposalDetector, roi_heads

BINS = (1, 2, 3, 6)
"""Cells a side of each level of the spatial pyramid: 50 in all (section 4.1 of the paper)."""

REGION_SIDE = 56
"""Pixels, square root of the area, from which a region is pooled from features of twice the stride: 14 cells
of stride 4. The paper pools from the scale at which a region has about as many (224 pixels of stride 16)."""

INITIAL_LOG_ODDS = -5.0
"""Log odds that a cell shows a class, in a fresh net: nearly all of a page is paper."""


class SpatialPyramidPooling(nn.Module):
    """Max-pools the features of a region into grids of several sizes, whatever the region's size.

    Parameters
    ----------
    strides : sequence of int
        Of the trunk's features, finest first.
    """

    def __init__(self, strides: Sequence[int]) -> None:
        super().__init__()
        self.strides = tuple(strides)

    def forward(self, features: dict[str, Tensor], boxes: list[Tensor], _: object = None) -> Tensor:
        """Pool regions.

        Parameters
        ----------
        features : dict of str to tensor (N, channels, h, w)
            By stride.
        boxes : list of tensors (n, 4)
            Of each image, in pixels.

        Returns
        -------
        tensor (sum of n, channels, 50)
            Those of the first image first.
        """
        page = torch.cat([boxes[i].new_full((len(boxes[i]), 1), i) for i in range(len(boxes))])
        regions = torch.cat([page, torch.cat(boxes)], 1)
        level = self._level(regions[:, 1:])
        finest = features[str(self.strides[0])]
        pooled = finest.new_zeros(len(regions), finest.shape[1], sum(bins**2 for bins in BINS))
        for number, stride in enumerate(self.strides):
            (here,) = torch.where(level == number)
            maps = features[str(stride)]
            grids = [roi_pool(maps, regions[here], bins, 1 / stride).flatten(2) for bins in BINS]
            pooled = pooled.index_put((here,), torch.cat(grids, 2))
        return pooled

    def _level(self, boxes: Tensor) -> Tensor:
        """Choose the features that regions (n, 4) are pooled from: their numbers (n,), finest first."""
        side = (boxes[:, 2:] - boxes[:, :2]).clamp(min=1).prod(1).sqrt()
        return (side / REGION_SIDE).log2().floor().add(1).clamp(0, len(self.strides) - 1).long()


class SPPNet(ProposalDetector):
    """SPP-net on a feature pyramid.

    Parameters
    ----------
    classes, encoder, channels
        See `BoxDetector`.
    """

    name = "sppnet"

    def __init__(self, classes: Sequence[str], encoder: str = "light", channels: int = 64) -> None:
        super().__init__(classes, encoder=encoder, channels=channels)
        self.trunk = Pyramid(encoder, channels)
        pooling = SpatialPyramidPooling(self.trunk.strides)
        cells = sum(bins**2 for bins in BINS)
        self.heads = roi_heads(self.trunk, len(self.classes), pooling=pooling, cells=cells)
        self.naming = nn.Conv2d(channels, len(self.classes), 1)
        assert self.naming.bias is not None
        nn.init.constant_(self.naming.bias, INITIAL_LOG_ODDS)

    def features(self, images: Tensor) -> dict[str, Tensor]:
        """Compute the frozen features, by stride, of images (N, 1, H, W)."""
        return {stride: maps.detach() for stride, maps in self.trunk(images).items()}

    def losses(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        """Compute the losses of a batch.

        Parameters
        ----------
        images : tensor (N, 1, H, W)
            Ink: 0 paper, 1 ink.
        targets : list of dict of tensors
            Of each image, see `BoxDetector.targets`.

        Returns
        -------
        dict of str to tensor
            Of the classes at each cell, which alone trains the trunk, and of class and box of the regions;
            each a scalar.
        """
        levels: dict[str, Tensor] = self.trunk(images)
        frozen = {stride: maps.detach() for stride, maps in levels.items()}
        return {
            "naming": self._naming_loss(levels, targets),
            **self.detection_losses(frozen, images, targets),
        }

    def _naming_loss(self, levels: dict[str, Tensor], targets: list[dict[str, Tensor]]) -> Tensor:
        """Cross-entropy of the classes at each cell, over all strides, a mean over the classes shown."""
        cost, shown = [], []
        for stride, maps in levels.items():
            wanted = torch.stack(
                [
                    classes_at_cells(
                        t["boxes"] / int(stride), t["labels"], len(self.classes), maps.shape[-2:]
                    )
                    for t in targets
                ]
            )
            logits = self.naming(maps).float()
            # the error weighs the cost, so that the paper's many cells do not drown the symbols
            off = (logits.detach().sigmoid() - wanted).abs()
            cost.append(
                (off * functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none")).sum()
            )
            shown.append(wanted.sum())
        return torch.stack(cost).sum() / torch.stack(shown).sum().clamp(min=1)


def classes_at_cells(boxes: Tensor, labels: Tensor, classes: int, shape: Sequence[int]) -> Tensor:
    """Tell which classes have a symbol at each cell.

    Parameters
    ----------
    boxes : tensor (n, 4)
        In cells.
    labels : tensor (n,)
    classes : int
    shape : (height, width)
        In cells.

    Returns
    -------
    tensor (classes, height, width)
        1 in the cells that a symbol's box touches, else 0.
    """
    wanted = boxes.new_zeros(classes, *shape)
    low, high = boxes[:, :2].floor().long(), boxes[:, 2:].ceil().long()
    for label, (x0, y0), (x1, y1) in zip(labels.tolist(), low.tolist(), high.tolist(), strict=True):
        wanted[label, max(0, y0) : y1, max(0, x0) : x1] = 1
    return wanted
