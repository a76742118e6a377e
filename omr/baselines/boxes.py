"""What the box detectors share: boxes as targets, anchors fitted to the data, pages read in tiles."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torchvision.models.detection.image_list import ImageList

from omr.baselines.anchors import Anchor, AnchorGrid, by_level, fit_anchors
from omr.baselines.tiled import Candidates, find_in_tiles
from omr.detectors.base import Detector, Found

TILE, OVERLAP = 1536, 256
"""As for DWDNet, but for an overlap that holds most slurs whole: boxes can't be blended."""

SAME_SYMBOL = 0.5
"""IoU from which on two boxes of one class are one symbol. Among the true boxes of 200 engraved pages with
118,349 symbols it would take 0.12 % for copies of another, 0.4 would take 0.17 %, 0.7 would take 0.02 %."""

MIN_CANDIDATE = 0.02
"""Score below which a candidate isn't kept: the last per cents of recall, at the price of time."""

MOST = 10_000
"""Symbols a tile, more than any has; libraries stop at 100 to 300."""

SEEN = 0.3
"""Share of a symbol that a crop must show for it to be asked for."""


class BoxDetector(Detector):
    """A detector that learns from boxes and looks at one tile of a page at a time."""

    def __init__(self, classes: Sequence[str], **options: Any) -> None:
        super().__init__(tuple(classes))
        self._options = options

    @property
    def config(self) -> dict[str, Any]:
        return super().config | self._options

    def targets(
        self, boxes: NDArray[np.float32], labels: NDArray[np.int64], shape: tuple[int, int]
    ) -> dict[str, Tensor]:
        """Boxes cut to the crop, their labels, and their number (from 1) in the crop's truth."""
        visible = boxes.clip(0, [shape[1], shape[0]] * 2)
        size = visible[:, 2:] - visible[:, :2]
        share = size.prod(1) / np.maximum((boxes[:, 2:] - boxes[:, :2]).prod(1), 1e-6)
        (kept,) = np.nonzero((share >= SEEN) & (size.min(1) >= 0.5))
        return {
            "boxes": torch.from_numpy(visible[kept].astype(np.float32)),
            "labels": torch.from_numpy(labels[kept]),
            "numbers": torch.from_numpy(kept + 1),
        }

    @abstractmethod
    def look(self, ink: Tensor) -> Candidates:
        """Every candidate in a tile (1, 1, h, w) of ink; copies of one symbol may be among them."""

    @torch.inference_mode()
    def find(self, ink: Tensor) -> Found:
        with self.precision():
            return find_in_tiles(ink, self.look, TILE, OVERLAP, SAME_SYMBOL)

    def precision(self) -> AbstractContextManager[Any]:
        """Weights in half precision multiply in half precision; coordinates stay in single.

        At x = 1000 neighbouring bfloat16 numbers are 4 apart, so no box may pass
        through one.
        """
        if self.dtype == torch.float32:
            return nullcontext()
        return torch.autocast(self.device.type, self.dtype)


class AnchorDetector(BoxDetector):
    """A box detector that starts from anchors.

    Parameters
    ----------
    classes : sequence of str
    anchors : sequence of (width, height)
        In pixels at the canonical staff space, by area; `levels` times as many
        as each level gets. `typical` ones until `fit_to` has seen the data.
    """

    levels: ClassVar[int] = 3
    typical: ClassVar[Sequence[Anchor]] = (
        (4.8, 4.8), (20.13, 1.73), (1.6, 48.0), (15.26, 6.91), (9.19, 11.75),
        (15.07, 12.39), (13.58, 16.36), (8.45, 28.37), (29.04, 12.0), (17.86, 24.05),
        (13.83, 38.49), (27.04, 21.69), (13.25, 54.72), (31.06, 57.3), (190.51, 19.58),
    )  # fmt: skip
    """Fitted to 200 engraved pages: a box there overlaps the best of these, on one centre, by 0.74."""

    def __init__(
        self, classes: Sequence[str], anchors: Sequence[Sequence[float]] | None = None, **options: Any
    ) -> None:
        super().__init__(classes, **options)
        chosen = self.typical if anchors is None else [(w, h) for w, h in anchors]
        if len(chosen) % self.levels:
            raise ValueError(f"{len(chosen)} anchors can't be shared out to {self.levels} levels evenly")
        self.grid = AnchorGrid(by_level(chosen, self.levels))

    @property
    def anchors(self) -> list[Anchor]:
        return [anchor for level in self.grid.levels for anchor in level]

    @property
    def config(self) -> dict[str, Any]:
        return super().config | {"anchors": [list(anchor) for anchor in self.anchors]}

    def fit_to(self, boxes: NDArray[np.float32], labels: NDArray[np.int64]) -> None:
        self.grid.levels = by_level(fit_anchors(boxes, labels, len(self.anchors)), self.levels)


class AsIs(nn.Module):
    """In the place of torchvision's transform: crops are in shape already."""

    def forward(
        self, images: Tensor, targets: list[dict[str, Tensor]] | None = None
    ) -> tuple[ImageList, list[dict[str, Tensor]] | None]:
        return ImageList(images, [tuple(images.shape[-2:])] * len(images)), targets

    def postprocess(self, result: list[dict[str, Tensor]], *_: object) -> list[dict[str, Tensor]]:
        return result


class Exact(nn.Module):
    """A torchvision head whose answers are single precision, however it multiplies."""

    def __init__(self, head: nn.Module) -> None:
        super().__init__()
        self.head = head

    def forward(self, *inputs: Any) -> Any:
        return exact(self.head(*inputs))


def exact(value: Any) -> Any:
    """The same tensors, dicts, lists or tuples of them, in single precision."""
    if isinstance(value, Tensor):
        return value.float()
    if isinstance(value, dict):
        return {key: exact(part) for key, part in value.items()}
    return type(value)(map(exact, value))


def from_one(targets: Iterable[dict[str, Tensor]]) -> list[dict[str, Tensor]]:
    """Targets whose labels start at 1: in most of torchvision's detectors 0 is paper."""
    return [t | {"labels": t["labels"] + 1} for t in targets]


def candidates(result: dict[str, Tensor], first: int = 1) -> Candidates:
    """What one of torchvision's detectors found in an image; its labels start at `first`."""
    return Candidates(result["boxes"], result["labels"] - first, result["scores"])
