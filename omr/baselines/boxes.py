"""What the box detectors share: boxes as targets, anchors fitted to the data, pages read in tiles."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from omr.baselines.anchors import Anchor, AnchorGrid, by_shape, fit_anchors
from omr.baselines.tiled import Candidates, find_in_tiles
from omr.detectors.base import Detector
from omr.detectors.search import Found

TILE, OVERLAP = 1536, 256
"""Largest tile and least overlap of neighbours, in pixels. Boxes can't be blended as maps can, so the
overlap is wider than DWDNet's: it shows most slurs whole."""

SAME_SYMBOL = 0.5
"""IoU, 0 to 1, from which two boxes of one class are one symbol (non-maximum suppression). Among the true
boxes of 200 engraved pages with 118,349 symbols, 0.12 % would be taken for copies of another; 0.17 % at 0.4,
0.02 % at 0.7. The start of threshold selection."""

LOOSEST = 0.7
"""Highest IoU that threshold selection tries for `SAME_SYMBOL`; parts of torchvision that suppress copies
themselves do so from here on, and leave the rest to `find`."""

MIN_CANDIDATE = 0.02
"""Score, 0 to 1, below which a candidate is dropped: lower ones add little recall and cost time."""

MAX_SYMBOLS = 10_000
"""Symbols a tile, more than any has; libraries stop at 100 to 300."""

MIN_VISIBLE = 0.3
"""Fraction of a symbol's area, 0 to 1, that a crop must show for the symbol to be a target."""

ON_IGNORED = 0.5
"""Fraction of a box, 0 to 1, that must lie on something ignored for the box to teach nothing (as COCO has it
for detections on crowds)."""

MIN_SIDE = 0.5
"""Pixels that a crop must show of a symbol in width and in height for it to be a target."""


class BoxDetector(Detector):
    """A detector that learns from boxes and reads a page tile by tile.

    Parameters
    ----------
    classes : sequence of str
        The names that it tells apart.
    **options
        Further arguments of the constructor, for `config`. Most detectors have ``encoder``, a name in
        `omr.detectors.encoder.SIZES`, and ``channels``, of the feature pyramid.
    """

    selectable: ClassVar[Mapping[str, Sequence[float]]] = {"same_symbol": (0.3, 0.4, 0.5, 0.6, LOOSEST)}

    def __init__(self, classes: Sequence[str], **options: Any) -> None:
        super().__init__(tuple(classes))
        self._options = options
        self.same_symbol = SAME_SYMBOL
        """IoU, 0 to 1, from which two boxes of one class are one symbol; selected on validation pages."""

    @property
    def config(self) -> dict[str, Any]:
        """The constructor's arguments, as JSON types; stored with the weights."""
        return super().config | self._options

    @property
    def thresholds(self) -> dict[str, Any]:
        """What is selected on validation pages, as JSON types; stored with the weights."""
        return super().thresholds | {"same_symbol": self.same_symbol}

    def set_thresholds(self, stored: dict[str, Any]) -> None:
        """Set what was selected on validation pages.

        Parameters
        ----------
        stored : dict
            As `thresholds` gives it; what is missing stays as it is.
        """
        super().set_thresholds(stored)
        self.same_symbol = float(stored.get("same_symbol", self.same_symbol))

    def targets(
        self, boxes: NDArray[np.float32], labels: NDArray[np.int64], shape: tuple[int, int]
    ) -> dict[str, Tensor]:
        """Cut boxes to the crop; what it shows too little of is ignored: neither symbol nor background.

        Parameters
        ----------
        boxes : array (n, 4)
            x0, y0, x1, y1 in pixels of the crop; they may reach beyond it.
        labels : array (n,)
            Indices into `classes`.
        shape : (height, width)
            Of the crop, in pixels.

        Returns
        -------
        dict of tensors
            "boxes" (m, 4), "labels" (m,), and "numbers" (m,): the number of each symbol, from 1, in the
            truth given; "ignored" (k, 4): the visible parts of the others.
        """
        visible = boxes.clip(0, [shape[1], shape[0]] * 2)
        size = visible[:, 2:] - visible[:, :2]
        share = size.prod(1) / np.maximum((boxes[:, 2:] - boxes[:, :2]).prod(1), 1e-6)
        shown = (share >= MIN_VISIBLE) & (size.min(1) >= MIN_SIDE)
        (kept,) = np.nonzero(shown)
        return {
            "boxes": torch.from_numpy(visible[kept].astype(np.float32)),
            "labels": torch.from_numpy(labels[kept]),
            "numbers": torch.from_numpy(kept + 1),
            "ignored": torch.from_numpy(visible[~shown & (size.min(1) > 0)].astype(np.float32)),
        }

    def ignore_regions(self, targets: dict[str, Tensor], boxes: NDArray[np.float32]) -> dict[str, Tensor]:
        """Exclude regions whose truth is unknown from the loss.

        Parameters
        ----------
        targets : dict of tensors
            Of the crop, as `targets` made them.
        boxes : array (n, 4)
            The regions: x0, y0, x1, y1 in pixels of the crop.

        Returns
        -------
        dict of tensors
            With the regions among the "ignored".
        """
        return targets | {"ignored": torch.cat([targets["ignored"], torch.from_numpy(boxes)])}

    @abstractmethod
    def look(self, ink: Tensor) -> Candidates:
        """Find every candidate in a tile.

        Parameters
        ----------
        ink : tensor (1, 1, h, w)
            0 paper, 1 ink; h and w multiples of 32.

        Returns
        -------
        Candidates
            In pixels of the tile; copies of one symbol may be among them.
        """

    @torch.inference_mode()
    def find(self, ink: Tensor) -> Found:
        """Find the symbols of a page.

        Parameters
        ----------
        ink : tensor (1, 1, H, W)
            0 paper, 1 ink, at the staff space `space`.

        Returns
        -------
        Found
            In pixels of `ink`.
        """
        with self.precision():
            return find_in_tiles(ink, self.look, TILE, OVERLAP, self.same_symbol)

    def precision(self) -> AbstractContextManager[Any]:
        """Give a context in which half-precision weights are multiplied in half precision.

        Coordinates stay in single precision: at x = 1000 neighbouring bfloat16 numbers are 4 apart.

        Returns
        -------
        context manager
        """
        if self.dtype == torch.float32:
            return nullcontext()
        return torch.autocast(self.device.type, self.dtype)


class AnchorDetector(BoxDetector):
    """A box detector that starts from anchors.

    Parameters
    ----------
    classes : sequence of str
        The names that it tells apart.
    anchors : sequence of sequences of (width, height), optional
        Of each level, finest first, in pixels at the canonical staff space. The `typical` ones, dealt by
        `spans`, until `fit_to` has seen the data. Anchors in one sequence, as weights of release
        0.1.0 store them, are shared out evenly.
    **options
        See `BoxDetector`.

    Raises
    ------
    ValueError
        When the anchors are not those of `levels` levels, or can't be shared out evenly.
    """

    spans: ClassVar[Sequence[tuple[int, int]]] = ((0, 8), (4, 12), (7, 15))
    """Anchors of each grid, finest first, in the order of `omr.baselines.anchors.tolerance`. Heads that all
    grids share need as many on each; spans that overlap leave the finest enough of them."""

    typical: ClassVar[Sequence[Anchor]] = (
        (4.8, 4.8), (20.13, 1.73), (1.6, 48.0), (15.26, 6.91), (9.19, 11.75),
        (15.07, 12.39), (13.58, 16.36), (8.45, 28.37), (29.04, 12.0), (17.86, 24.05),
        (13.83, 38.49), (27.04, 21.69), (13.25, 54.72), (31.06, 57.3), (190.51, 19.58),
    )  # fmt: skip
    """Widths and heights in pixels, fitted to 200 engraved pages: there the mean IoU of a box and the best of
    these, on one centre, is 0.74."""

    def __init__(self, classes: Sequence[str], anchors: Sequence[Any] | None = None, **options: Any) -> None:
        super().__init__(classes, **options)
        levels = by_shape(self.typical, self.spans) if anchors is None else _levels(anchors, self.levels)
        self.grid = AnchorGrid(levels)

    @property
    def levels(self) -> int:
        """Grids of anchors, of different strides."""
        return len(self.spans)

    @property
    def anchors(self) -> list[Anchor]:
        """Widths and heights in pixels at the canonical staff space, those of the finest level first."""
        return [anchor for level in self.grid.levels for anchor in level]

    @property
    def config(self) -> dict[str, Any]:
        """The constructor's arguments, as JSON types; stored with the weights."""
        levels = [[list(anchor) for anchor in level] for level in self.grid.levels]
        return super().config | {"anchors": levels}

    def fit_to(self, boxes: NDArray[np.float32], labels: NDArray[np.int64]) -> None:
        """Fit the anchors to the training data.

        Parameters
        ----------
        boxes : array (n, 4)
            Of all symbols: x0, y0, x1, y1 in pixels at the staff space `space`.
        labels : array (n,)
            Indices into `classes`.
        """
        counts = [len(level) for level in self.grid.levels]
        spans = self.spans
        if counts != [stop - start for start, stop in spans]:  # of weights of release 0.1.0
            spans = list(pairwise([0, *np.cumsum(counts).tolist()]))
        self.grid.levels = by_shape(fit_anchors(boxes, labels, spans[-1][1]), spans)


def _levels(anchors: Sequence[Any], levels: int) -> list[list[Anchor]]:
    """Give the anchors of each level, however they are stored."""
    if anchors and np.ndim(anchors[0][0]) == 0:
        if len(anchors) % levels:
            raise ValueError(f"{len(anchors)} anchors can't be shared out to {levels} levels evenly")
        each = len(anchors) // levels
        anchors = [anchors[i * each : (i + 1) * each] for i in range(levels)]
    if len(anchors) != levels:
        raise ValueError(f"there are anchors of {len(anchors)} levels; the detector has {levels}")
    return [[(w, h) for w, h in level] for level in anchors]


def on_ignored(boxes: Tensor, ignored: Tensor) -> Tensor:
    """Tell which boxes lie on symbols that a crop hardly shows, or on ignore regions.

    Parameters
    ----------
    boxes : tensor (n, 4)
        In pixels of the crop.
    ignored : tensor (k, 4)
        As in the targets.

    Returns
    -------
    tensor (n,) of bool
        Whether half of the box is covered by one of the `ignored`.
    """
    if not len(ignored):
        return boxes.new_zeros(len(boxes), dtype=torch.bool)
    corner = torch.maximum(boxes[:, None, :2], ignored[None, :, :2])
    shared = (torch.minimum(boxes[:, None, 2:], ignored[None, :, 2:]) - corner).clamp(min=0).prod(2)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(1).clamp(min=1e-6)
    covered: Tensor = shared.amax(1) >= ON_IGNORED * area
    return covered
