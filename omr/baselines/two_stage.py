"""The two stages of the R-CNN family: region proposals, and the heads that classify each of them."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from torch import Tensor, nn
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.roi_heads import RoIHeads
from torchvision.models.detection.rpn import RegionProposalNetwork, RPNHead
from torchvision.ops import MultiScaleRoIAlign, box_iou

from omr.baselines.anchors import AnchorGrid
from omr.baselines.boxes import BoxDetector, on_ignored
from omr.baselines.proposals import regions
from omr.baselines.pyramid import Pyramid
from omr.baselines.tiled import Candidates
from omr.baselines.torchvision_parts import POSTPROCESSING, SinglePrecision, candidates, labels_from

POOLED = 7
"""Cells a side that a region is pooled to (torchvision)."""

WIDTH = 512
"""Width of the two fully connected layers; half of torchvision's, as the pyramid is narrower too."""

MIN_IOU = 0.5
"""IoU with a symbol, 0 to 1, from which a region shows it; other regions show none (torchvision)."""

NOT_LEARNT = -1.0
"""Label, in torchvision's proposal network, of an anchor that is left out of the loss."""

MAX_PROPOSALS = {"training": 2000, "testing": 4000}
"""Proposals a level, before and after non-maximum suppression: a tile of a dense page has more symbols than
torchvision keeps proposals."""


def region_proposals(trunk: Pyramid, grid: AnchorGrid) -> RegionProposalNetwork:
    """Build the first stage of Faster R-CNN and Mask R-CNN.

    Parameters
    ----------
    trunk : Pyramid
    grid : AnchorGrid
        With as many anchors on each level.

    Returns
    -------
    RegionProposalNetwork
    """
    return _Proposer(
        grid,
        SinglePrecision(RPNHead(trunk.out_channels, grid.num_anchors_per_location()[0])),
        fg_iou_thresh=0.5,  # at stride 4 the best anchor of a notehead may overlap it by no more
        bg_iou_thresh=0.3,
        batch_size_per_image=512,
        positive_fraction=0.5,
        pre_nms_top_n=MAX_PROPOSALS,
        post_nms_top_n=MAX_PROPOSALS,
        nms_thresh=0.7,
    )


class _Proposer(RegionProposalNetwork):
    """torchvision's proposals; anchors on what is ignored are not learnt from."""

    def assign_targets_to_anchors(
        self, anchors: list[Tensor], targets: list[dict[str, Tensor]]
    ) -> tuple[list[Tensor], list[Tensor]]:
        """Give label and box of each anchor."""
        labels, boxes = super().assign_targets_to_anchors(anchors, targets)
        for of, at, t in zip(labels, anchors, targets, strict=True):
            of[(of == 0) & on_ignored(at, t["ignored"])] = NOT_LEARNT
        return labels, boxes


class Heads(RoIHeads):
    """torchvision's second stage; regions on what is ignored are not learnt from."""

    def select_training_samples(
        self, proposals: list[Tensor], targets: list[dict[str, Tensor]] | None
    ) -> tuple[list[Tensor], list[Tensor], list[Tensor], list[Tensor]]:
        """Choose regions to learn from.

        Parameters
        ----------
        proposals : list of tensors (n, 4)
            Of each crop, in pixels.
        targets : list of dict of tensors
            Of each crop, see `BoxDetector.targets`.

        Returns
        -------
        regions : list of tensors (m, 4)
        matched : list of tensors (m,)
            Number of the symbol that each region shows.
        labels : list of tensors (m,)
            0 for regions that show none.
        shifts : list of tensors (m, 4)
            From region to symbol, as torchvision's `BoxCoder` codes them.
        """
        assert targets is not None
        free = [_known(boxes, t) for boxes, t in zip(proposals, targets, strict=True)]
        chosen: tuple[list[Tensor], list[Tensor], list[Tensor], list[Tensor]]
        chosen = super().select_training_samples(free, targets)
        return chosen


def _known(proposals: Tensor, target: dict[str, Tensor]) -> Tensor:
    """Leave out the proposals of a crop that lie on what is ignored and on no symbol."""
    known = ~on_ignored(proposals, target["ignored"])
    if len(target["boxes"]):
        known |= box_iou(proposals, target["boxes"]).amax(1) >= MIN_IOU
    return proposals[known] if known.any() else proposals


def roi_heads(
    trunk: Pyramid,
    classes: int,
    kind: type[Heads] = Heads,
    *,
    pooling: nn.Module | None = None,
    cells: int = POOLED**2,
    **more: Any,
) -> RoIHeads:
    """Build the second stage: class and box of features pooled from a region.

    Parameters
    ----------
    trunk : Pyramid
    classes : int
        Without background.
    kind : type
        A subclass of `Heads`.
    pooling : module, optional
        Pools the features of regions; RoIAlign unless another is given.
    cells : int
        Cells that a region is pooled to.
    **more
        Its further arguments.

    Returns
    -------
    RoIHeads
    """
    return kind(
        pooling or pool(trunk, POOLED),
        TwoMLPHead(trunk.out_channels * cells, WIDTH),
        SinglePrecision(FastRCNNPredictor(WIDTH, classes + 1)),
        fg_iou_thresh=MIN_IOU,
        bg_iou_thresh=MIN_IOU,
        batch_size_per_image=512,
        positive_fraction=0.25,
        bbox_reg_weights=None,
        **POSTPROCESSING,
        **more,
    )


def pool(trunk: Pyramid, size: int) -> MultiScaleRoIAlign:
    """Build the pooling of a region's features, from the level that suits it: stride 4 up to 112 pixels.

    Parameters
    ----------
    trunk : Pyramid
    size : int
        Cells a side of the result.

    Returns
    -------
    MultiScaleRoIAlign
    """
    return MultiScaleRoIAlign([str(stride) for stride in trunk.strides], size, sampling_ratio=2)


class ProposalDetector(BoxDetector):
    """A detector whose proposals come from the ink (`omr.baselines.proposals`): R-CNN, SPP-net, Fast R-CNN.

    Parameters
    ----------
    classes : sequence of str
        The names that it tells apart.
    **options
        See `BoxDetector`.
    """

    heads: RoIHeads

    @abstractmethod
    def features(self, images: Tensor) -> Any:
        """Compute the features that regions are pooled from.

        Parameters
        ----------
        images : tensor (N, 1, H, W)

        Returns
        -------
        object
            Of the form that the subclass pools from.
        """

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
            Of class and box, each a scalar.
        """
        return self.detection_losses(self.features(images), images, targets)

    def detection_losses(
        self, features: Any, images: Tensor, targets: list[dict[str, Tensor]]
    ) -> dict[str, Tensor]:
        """Compute the losses of the regions, given the features that they are pooled from.

        Parameters
        ----------
        features : object
            As `features` gives them.
        images : tensor (N, 1, H, W)
        targets : list of dict of tensors

        Returns
        -------
        dict of str to tensor
            Of class and box, each a scalar.
        """
        sizes = [tuple(images.shape[-2:])] * len(images)
        _, losses = self.heads(features, regions(images), sizes, labels_from(1, targets))
        return dict(losses)

    def look(self, ink: Tensor) -> Candidates:
        """Find every candidate in a tile (1, 1, h, w) of ink."""
        (found,), _ = self.heads(self.features(ink), regions(ink), [tuple(ink.shape[-2:])])
        return candidates(found)
