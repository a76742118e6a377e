"""FCIS: proposals scored by position-sensitive maps of what is inside and outside a symbol.

Y. Li, H. Qi, J. Dai, X. Ji, Y. Wei, "Fully Convolutional Instance-Aware Semantic Segmentation", CVPR 2017.
For every class and every cell of a grid over a region, the net has two maps: how much the cell looks like
the inside of a symbol of the class, and how much like its outside. A region is scored and segmented by
pooling from these maps alone, so a page with thousands of proposals costs hardly more than one with ten.

Three settings differ from the paper's: a grid of 3 in place of 7, since each cell costs two maps a class (the
paper has 80 classes, the core vocabulary 130); maps at stride 4 in place of 16, where a dot has a cell;
and no second round of regions. A mask has the grid's resolution, since torchvision's pooling gives a mean
for each of its cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models.detection.generalized_rcnn import GeneralizedRCNN
from torchvision.models.detection.roi_heads import project_masks_on_boxes
from torchvision.ops import ps_roi_align

from omr.baselines.instance_masks import true_masks
from omr.baselines.pyramid import Pyramid
from omr.baselines.torchvision_parts import POSTPROCESSING, NoTransform, TorchvisionDetector
from omr.baselines.two_stage import Heads, region_proposals
from omr.detectors.layers import ConvNorm

GRID = 3
"""Cells a side of the grid over a region; the paper has 7."""

HARDEST = 128
"""Regions an image that class and box learn from: those of the highest loss (the paper, section 3.3)."""

SMOOTH_L1_BETA = 1 / 9
"""Error of a coded box below which its loss is quadratic (torchvision)."""


class FCIS(TorchvisionDetector):
    """FCIS on a feature pyramid.

    Parameters
    ----------
    classes, encoder, channels, **options
        See `BoxDetector` and `AnchorDetector`.
    """

    name = "fcis"
    learns_masks = True

    def __init__(
        self, classes: Sequence[str], encoder: str = "light", channels: int = 64, **options: Any
    ) -> None:
        super().__init__(classes, encoder=encoder, channels=channels, **options)
        trunk = Pyramid(encoder, channels)
        heads = _InsideOutsideHeads(PositionSensitiveMaps(channels, len(self.classes) + 1, trunk.strides[0]))
        self.net = GeneralizedRCNN(trunk, region_proposals(trunk, self.grid), heads, NoTransform())

    def losses(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        """Compute the losses of a batch.

        Parameters
        ----------
        images : tensor (N, 1, H, W)
            Ink: 0 paper, 1 ink.
        targets : list of dict of tensors
            Of each image, see `BoxDetector.targets`; "instances" where the dataset has masks.

        Returns
        -------
        dict of str to tensor
            Of proposals, class, box and mask, each a scalar.
        """
        with_masks = [t | {"masks": true_masks(ink, t)} for ink, t in zip(images[:, 0], targets, strict=True)]
        return super().losses(images, with_masks)

    @torch.inference_mode()
    def masks(self, ink: Tensor, boxes: Tensor, classes: Tensor) -> Tensor:
        """Predict the masks of boxes.

        Parameters
        ----------
        ink : tensor (1, 1, H, W)
            A tile; H and W multiples of 32.
        boxes : tensor (n, 4)
            In pixels of the tile.
        classes : tensor (n,)
            Their classes.

        Returns
        -------
        tensor (n, 3, 3)
            Probability, 0 to 1, that each part of a box belongs to its symbol.
        """
        heads: Any = self.net.roi_heads
        backbone: Any = self.net.backbone
        with self.precision():
            scores, _ = heads.maps(backbone(ink), [boxes.float()])
        return _of_class(scores, classes + self.first_label).sigmoid()


class PositionSensitiveMaps(nn.Module):
    """Position-sensitive score maps, and what regions pool from them.

    Parameters
    ----------
    channels : int
        Of the features.
    classes : int
        With background.
    stride : int
        Of the features used: those of the finest level.
    """

    def __init__(self, channels: int, classes: int, stride: int) -> None:
        super().__init__()
        self.classes, self.stride = classes, stride
        self.adapt = ConvNorm(channels, channels)
        self.scores = nn.Conv2d(channels, 2 * classes * GRID**2, 1)
        self.boxes = nn.Conv2d(channels, 4 * GRID**2, 1)

    def forward(self, features: dict[str, Tensor], boxes: list[Tensor]) -> tuple[Tensor, Tensor]:
        """Pool regions.

        Parameters
        ----------
        features : dict of str to tensor (N, channels, h, w)
            By stride.
        boxes : list of tensors (n, 4)
            Of each image, in pixels.

        Returns
        -------
        scores : tensor (sum of n, classes, 2, GRID, GRID)
            Inside and outside of each class, at each cell of the grid.
        shifts : tensor (sum of n, 4)
            From region to box, as torchvision's `BoxCoder` codes them; one for all classes.
        """
        finest = functional.relu(self.adapt(features[str(self.stride)]))

        def pooled(maps: Tensor) -> Tensor:
            means: Tensor = ps_roi_align(maps.float(), boxes, GRID, 1 / self.stride)
            return means

        scores = pooled(self.scores(finest)).view(-1, self.classes, 2, GRID, GRID)
        return scores, pooled(self.boxes(finest)).mean((2, 3))


class _InsideOutsideHeads(Heads):
    """torchvision's choice of regions and of detections around position-sensitive maps."""

    def __init__(self, maps: PositionSensitiveMaps) -> None:
        super().__init__(
            None,
            None,
            None,
            fg_iou_thresh=0.5,
            bg_iou_thresh=0.5,
            batch_size_per_image=512,
            positive_fraction=0.25,
            bbox_reg_weights=None,
            **POSTPROCESSING,
        )
        self.maps = maps

    def has_mask(self) -> bool:
        """Ask for masks among the targets."""
        return bool(self.training)

    def forward(
        self,
        features: dict[str, Tensor],
        proposals: list[Tensor],
        image_shapes: list[tuple[int, int]],
        targets: list[dict[str, Tensor]] | None = None,
    ) -> tuple[list[dict[str, Tensor]], dict[str, Tensor]]:
        """Find symbols in regions, or compute the losses of a sample of them."""
        if self.training:
            proposals, matched, labels, shifts = self.select_training_samples(proposals, targets)
        scores, predicted = self.maps(features, proposals)
        # whatever a cell shows of a symbol, inside or outside, speaks for the class (section 3.2)
        logits = scores.amax(2).mean((2, 3))
        of_classes = predicted.repeat(1, self.maps.classes)
        if not self.training:
            found = self.postprocess_detections(logits, of_classes, proposals, image_shapes)
            return [
                {"boxes": boxes, "scores": score, "labels": label}
                for boxes, score, label in zip(*found, strict=True)
            ], {}
        assert targets is not None
        losses = _hardest_losses(logits, predicted, torch.cat(labels), torch.cat(shifts), len(proposals))
        wanted = [t["masks"] for t in targets]
        return [], losses | {"loss_mask": _mask_loss(scores, proposals, wanted, labels, matched)}


def _of_class(scores: Tensor, labels: Tensor) -> Tensor:
    """Give log odds (n, GRID, GRID) of inside against outside in the maps of a label each."""
    inside, outside = scores[torch.arange(len(labels), device=scores.device), labels].unbind(1)
    return inside - outside


def _hardest_losses(
    logits: Tensor, predicted: Tensor, labels: Tensor, shifts: Tensor, images: int
) -> dict[str, Tensor]:
    """Compute the losses of class and box of the regions whose sum is highest (section 3.3)."""
    cost = functional.cross_entropy(logits, labels, reduction="none")
    (symbols,) = torch.where(labels > 0)  # the shifts of other regions lead to no symbol
    astray = functional.smooth_l1_loss(
        predicted[symbols], shifts[symbols], beta=SMOOTH_L1_BETA, reduction="none"
    )
    error = torch.zeros_like(cost).index_put((symbols,), astray.sum(1))
    hardest = (cost + error).detach().topk(min(len(labels), HARDEST * images)).indices
    return {"loss_classifier": cost[hardest].mean(), "loss_box_reg": error[hardest].mean()}


def _mask_loss(
    scores: Tensor,
    boxes: list[Tensor],
    masks: list[Tensor],
    labels: list[Tensor],
    matched: list[Tensor],
) -> Tensor:
    """Cross-entropy of the part of each cell that is its symbol's, over the regions of symbols."""
    wanted = [
        project_masks_on_boxes(of, at[is_symbol], to[is_symbol], GRID)
        for of, at, to, is_symbol in zip(masks, boxes, matched, (label > 0 for label in labels), strict=True)
        if is_symbol.any()
    ]
    label = torch.cat(labels)
    if not wanted:
        return scores.sum() * 0
    logits = _of_class(scores[label > 0], label[label > 0])
    return functional.binary_cross_entropy_with_logits(logits, torch.cat(wanted))
