"""YOLO: a grid over the page, each cell responsible for the symbols centred in it.

J. Redmon, S. Divvala, R. Girshick, A. Farhadi, "You Only Look Once", CVPR 2016,
in the multi-scale form of J. Redmon and A. Farhadi, "YOLOv3", 2018: three grids,
anchors by k-means, independent logistic classes. Three things differ: the trunk is
the encoder of the other detectors, with grids at strides 4, 8 and 16 (theirs are 8
to 32); a predicted centre may lie beyond its cell, so that centres at its border can
be reached (A. Bochkovskiy et al., "YOLOv4", 2020); and errors of boxes are measured
in units of the symbol's size, since a stem's width would count for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models.detection.image_list import ImageList
from torchvision.ops import box_iou

from omr.baselines.boxes import MIN_CANDIDATE, AnchorDetector, on_ignored
from omr.baselines.pyramid import Pyramid
from omr.baselines.tiled import Candidates
from omr.detectors.layers import ConvNorm

IGNORE_IOU = 0.5
"""IoU with a symbol, 0 to 1, from which a box that is not responsible for it costs nothing (YOLOv3, section
2.1)."""

INITIAL_OBJECTNESS = -5.0
"""Log odds of a cell's objectness in a fresh net: nearly all of a page is paper."""

MAX_LOG_SCALE = 4.0
"""Natural logarithm of the factor, at most, from an anchor's size to a box's, and of its reciprocal."""

SMOOTH_L1_BETA = 0.1
"""Error of a box, in units of the symbol's size, below which its loss is quadratic, as in DWDNet."""


class Predictions(NamedTuple):
    """What the grids predict for a batch, `a` anchors in all, in the order of the anchor grid.

    Attributes
    ----------
    boxes : tensor (N, a, 4)
        In pixels.
    objectness : tensor (N, a)
        Logits.
    features : list of tensors (N, channels, h, w)
        Of each grid: classes are computed from them for the anchors that need one.
    """

    boxes: Tensor
    objectness: Tensor
    features: list[Tensor]


class Yolo(AnchorDetector):
    """YOLO on a feature pyramid.

    Parameters
    ----------
    classes, encoder, channels, **options
        See `BoxDetector` and `AnchorDetector`.
    """

    name = "yolo"

    def __init__(
        self, classes: Sequence[str], encoder: str = "light", channels: int = 64, **options: Any
    ) -> None:
        super().__init__(classes, encoder=encoder, channels=channels, **options)
        self.trunk = Pyramid(encoder, channels)
        self.each = len(self.grid.levels[0])
        grids, wide = range(self.levels), 2 * channels
        self.widen = nn.ModuleList(ConvNorm(channels, wide) for _ in grids)
        boxes = [nn.Conv2d(wide, 5 * self.each, 1) for _ in grids]
        for conv in boxes:
            assert conv.bias is not None
            nn.init.constant_(conv.bias.view(self.each, 5)[:, 4], INITIAL_OBJECTNESS)
        self.box = nn.ModuleList(boxes)
        self.kind = nn.ModuleList(nn.Linear(wide, self.each * len(self.classes)) for _ in grids)

    def predict(self, images: Tensor) -> Predictions:
        """Predict boxes and objectness of every anchor.

        Parameters
        ----------
        images : tensor (N, 1, H, W)

        Returns
        -------
        Predictions
        """
        levels = list(self.trunk(images).values())
        features = [functional.relu(conv(x)) for conv, x in zip(self.widen, levels, strict=True)]
        raw = torch.cat(
            [
                conv(x).float().permute(0, 2, 3, 1).reshape(len(images), -1, 5)
                for conv, x in zip(self.box, features, strict=True)
            ],
            1,
        )
        anchors, stride = self._anchors(images, levels)
        centre = (anchors[:, :2] + anchors[:, 2:]) / 2 + raw[..., :2].tanh() * stride
        half = (
            (anchors[:, 2:] - anchors[:, :2]) / 2 * raw[..., 2:4].clamp(-MAX_LOG_SCALE, MAX_LOG_SCALE).exp()
        )
        return Predictions(torch.cat([centre - half, centre + half], -1), raw[..., 4], features)

    def _anchors(self, images: Tensor, levels: list[Tensor]) -> tuple[Tensor, Tensor]:
        """Boxes (a, 4) of the anchors, and the stride (a, 1) of their grids."""
        sizes = [tuple(images.shape[-2:])]
        (anchors,) = self.grid(ImageList(images, sizes), levels)
        count = torch.tensor([x[0, 0].numel() * self.each for x in levels], device=images.device)
        strides = torch.tensor(self.trunk.strides, device=images.device)
        return anchors, strides.repeat_interleave(count)[:, None]

    def classify(self, seen: Predictions, page: Tensor, place: Tensor) -> Tensor:
        """Classify anchors.

        Parameters
        ----------
        seen : Predictions
            Of the batch.
        page, place : tensors (m,)
            Number of the image in the batch, and of the anchor on it.

        Returns
        -------
        tensor (m, classes)
            Logits.
        """
        logits = seen.boxes.new_empty(len(place), len(self.classes))
        first = 0
        for features, linear in zip(seen.features, self.kind, strict=True):
            cells = features.flatten(2).transpose(1, 2)  # (N, h w, channels)
            (here,) = torch.where((place >= first) & (place < first + cells.shape[1] * self.each))
            cell, anchor = (place[here] - first) // self.each, (place[here] - first) % self.each
            of_cell = linear(cells[page[here], cell]).float().view(len(here), self.each, len(self.classes))
            logits = logits.index_put((here,), of_cell[torch.arange(len(here)), anchor])
            first += cells.shape[1] * self.each
        return logits

    # training

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
            "objectness", "class" and "box", each a scalar.
        """
        seen = self.predict(images)
        page = torch.cat([torch.full_like(t["labels"], i) for i, t in enumerate(targets)])
        place = torch.cat([self._responsible(t["boxes"], images.shape[-2:]) for t in targets])
        labels, truth = (torch.cat([t[key] for t in targets]) for key in ("labels", "boxes"))
        wanted = torch.zeros_like(seen.objectness)
        wanted[page, place] = 1
        counted = wanted.bool() | torch.stack(
            [
                self._off_symbols(boxes, t["boxes"]) & ~on_ignored(boxes, t["ignored"])
                for boxes, t in zip(seen.boxes.detach(), targets, strict=True)
            ]
        )
        symbols = max(1, len(labels))
        kinds = functional.one_hot(labels, len(self.classes)).float()
        return {
            "objectness": _logistic(seen.objectness[counted], wanted[counted]) / symbols,
            "class": _logistic(self.classify(seen, page, place), kinds) / symbols,
            "box": _box_loss(seen.boxes[page, place], truth) / symbols,
        }

    def _responsible(self, boxes: Tensor, shape: Sequence[int]) -> Tensor:
        """Assign each box the number (n,) of an anchor: the best shape, in the cell of its centre."""
        anchors = torch.tensor(self.anchors, device=boxes.device)
        size = boxes[:, 2:] - boxes[:, :2]
        shared = torch.minimum(size[:, None], anchors).prod(-1)
        best: Tensor = (shared / (size.prod(-1)[:, None] + anchors.prod(-1) - shared)).argmax(1)
        level, anchor = best // self.each, best % self.each
        strides = torch.tensor(self.trunk.strides, device=boxes.device)
        rows, columns = shape[0] // strides, shape[1] // strides
        first = functional.pad((rows * columns * self.each).cumsum(0), (1, 0))[:-1]
        column, row = ((boxes[:, :2] + boxes[:, 2:]) / 2 / strides[level, None]).long().T
        column, row = column.clamp(max=columns[level] - 1), row.clamp(max=rows[level] - 1)
        numbers: Tensor = first[level] + (row * columns[level] + column) * self.each + anchor
        return numbers

    @staticmethod
    def _off_symbols(boxes: Tensor, truth: Tensor) -> Tensor:
        """Tell which boxes (a, 4) overlap no symbol enough to be taken for it."""
        if not len(truth):
            return boxes.new_ones(len(boxes), dtype=torch.bool)
        off: Tensor = box_iou(boxes, truth).amax(1) < IGNORE_IOU
        return off

    # use

    def look(self, ink: Tensor) -> Candidates:
        """Find every candidate in a tile (1, 1, h, w) of ink."""
        seen = self.predict(ink)
        page, place = torch.where(seen.objectness.sigmoid() > MIN_CANDIDATE)
        chance, classes = self.classify(seen, page, place).sigmoid().max(1)
        scores = chance * seen.objectness[page, place].sigmoid()
        keep = scores > MIN_CANDIDATE
        return Candidates(seen.boxes[page, place][keep], classes[keep], scores[keep])


def _logistic(logits: Tensor, wanted: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(logits, wanted, reduction="sum")


def _box_loss(boxes: Tensor, truth: Tensor) -> Tensor:
    """Sum the errors of boxes (n, 4): centres in units of the true size, and logarithms of size."""
    size, true_size = boxes[:, 2:] - boxes[:, :2], truth[:, 2:] - truth[:, :2]
    astray = (boxes[:, :2] + boxes[:, 2:] - truth[:, :2] - truth[:, 2:]) / 2 / true_size
    error = torch.cat([astray, (size / true_size).log()], 1)
    return functional.smooth_l1_loss(error, torch.zeros_like(error), beta=SMOOTH_L1_BETA, reduction="sum")
