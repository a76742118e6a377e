"""What a detector is: something that can be trained on crops and finds the symbols of a page."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from omr.detectors.barlines import join_barlines
from omr.detectors.ink import fit_to_ink
from omr.images import ink_mask, resize
from omr.page import Box, Symbol

CANONICAL_SPACE = 12.0
"""Staff space, in pixels, at which detectors see a page unless they are told otherwise."""


@dataclass(frozen=True)
class Found:
    """What a detector found on a page at its staff space, `n` symbols in any order.

    Attributes
    ----------
    boxes : array (n, 4)
        x0, y0, x1, y1 in pixels of the image that was searched.
    classes : array (n,)
        Index into the detector's `classes`.
    scores : array (n,)
        From 0 to 1.
    """

    boxes: NDArray[np.float32]
    classes: NDArray[np.int64]
    scores: NDArray[np.float32]


class Detector(nn.Module):
    """The contract: `targets` and `losses` to train it, `find` to use it.

    Parameters
    ----------
    classes : sequence of str
        The names it tells apart; their order is the order of its outputs.
    """

    name: ClassVar[str]
    """What it is called on the command line and in `omr.registry.DETECTORS`."""

    learns_masks: ClassVar[bool] = False
    """Whether training adds "instances" to its targets where the dataset has masks: a map (h, w) of the
    crop with the number (from 1) of each symbol in the truth that `targets` was given, 0 elsewhere."""

    def __init__(self, classes: tuple[str, ...]) -> None:
        super().__init__()
        self.classes = tuple(classes)
        self.space = CANONICAL_SPACE
        """Staff space, in pixels, at which it learns and sees pages."""
        self.min_score = 0.5
        """Score below which a symbol is not worth showing: the best F1 on validation pages."""

    @property
    def config(self) -> dict[str, Any]:
        """The constructor's arguments and what was chosen on validation pages: all that is not a weight."""
        return {"classes": list(self.classes)}

    @property
    def thresholds(self) -> dict[str, Any]:
        """What is selected on validation pages, as JSON types; stored with the weights."""
        return {"min_score": self.min_score}

    def set_thresholds(self, stored: dict[str, Any]) -> None:
        """Set what was selected on validation pages.

        Parameters
        ----------
        stored : dict
            As `thresholds` gives it; what is missing stays as it is.
        """
        self.min_score = float(stored.get("min_score", self.min_score))

    def fit_to(self, boxes: NDArray[np.float32], labels: NDArray[np.int64]) -> None:
        """Look at the training data once before training; what is learnt from it goes into `config`.

        Parameters
        ----------
        boxes : array (n, 4)
            Of all symbols, in pixels at the staff space `space`.
        labels : array (n,)
            Indices into `classes`.
        """

    def targets(
        self, boxes: NDArray[np.float32], labels: NDArray[np.int64], shape: tuple[int, int]
    ) -> dict[str, Tensor]:
        """Turn a crop's truth into what `losses` needs; runs in the data loader's workers.

        Parameters
        ----------
        boxes : array (n, 4)
            In pixels of the crop, possibly reaching beyond it.
        labels : array (n,)
            Indices into `classes`.
        shape : (height, width)
            Of the crop, in pixels.
        """
        return {"boxes": torch.from_numpy(boxes), "labels": torch.from_numpy(labels)}

    def ignore_regions(self, targets: dict[str, Tensor], boxes: NDArray[np.float32]) -> dict[str, Tensor]:
        """Exclude regions whose truth is unknown from the loss.

        A detector that does not override this learns that the regions are empty.

        Parameters
        ----------
        targets : dict of tensors
            Of the crop, as `targets` made them.
        boxes : array (n, 4)
            The regions: x0, y0, x1, y1 in pixels of the crop.

        Returns
        -------
        dict of tensors
            Targets by which it costs nothing to find symbols inside the regions.
        """
        return targets

    @abstractmethod
    def losses(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        """Named losses, to be summed, of a batch (N, 1, H, W) of ink (0 paper, 1 ink)."""

    @abstractmethod
    def find(self, ink: Tensor) -> Found:
        """Search a whole page, (1, 1, H, W) of ink from 0 to 1 at its staff space."""

    def forward(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        return self.losses(images, targets)

    @torch.inference_mode()
    def detect(self, image: NDArray[np.uint8], staff_space: float | None = None) -> list[Symbol]:
        """Find the symbols of a page at any resolution.

        Parameters
        ----------
        image : array (height, width) of uint8
            0 is black.
        staff_space : float, optional
            Of the page, in its pixels; without it the page is taken to be at
            `space` already.

        Returns
        -------
        list of Symbol
            Every candidate, best first; `min_score` tells which are worth
            showing. Boxes in pixels of `image`, fitted to the ink of symbols that touch nothing else;
            barlines found in parts are joined.
        """
        small = at_space(image, staff_space, self.space)
        found = self.find(to_ink(small).to(self.device))
        height, width = image.shape
        boxes = found.boxes * pixels_of(image, small)
        boxes[:, 0::2] = boxes[:, 0::2].clip(0, width)
        boxes[:, 1::2] = boxes[:, 1::2].clip(0, height)
        order = np.argsort(-found.scores, kind="stable")
        best_first = (values[order].tolist() for values in (found.classes, boxes, found.scores))
        symbols = (
            Symbol(self.classes[c], Box(*box), score)
            for c, box, score in zip(*best_first, strict=True)
            if box[2] > box[0] and box[3] > box[1]
        )
        dark = ink_mask(image)
        return join_barlines(dark, fit_to_ink(dark, symbols), staff_space or self.space)

    @property
    def device(self) -> torch.device:
        return next(self.parameters()).device

    @property
    def dtype(self) -> torch.dtype:
        return next(self.parameters()).dtype


def at_space(
    image: NDArray[np.uint8], staff_space: float | None, space: float = CANONICAL_SPACE
) -> NDArray[np.uint8]:
    """A page at another staff space; untouched where that makes no difference or its own is unknown."""
    scale = space / (staff_space or space)
    if abs(scale - 1) < 0.01:
        return image
    return resize(image, (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))))


def pixels_of(image: NDArray[np.uint8], small: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What to multiply boxes (n, 4) on the resized page with to get boxes on the page.

    Sizes are whole pixels, so the two axes differ by a little: half a pixel at
    the far end of a page, which is half a stem.
    """
    x, y = image.shape[1] / small.shape[1], image.shape[0] / small.shape[0]
    return np.array([x, y, x, y], np.float32)


def to_ink(image: NDArray[np.uint8]) -> Tensor:
    """A grey page (height, width) as a float tensor (1, 1, height, width): 0 paper, 1 ink."""
    return 1 - torch.from_numpy(image)[None, None].float() / 255
