"""What a detector is: a net that is trained on crops and finds the symbols of a page."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from omr.detectors.refinement import refine
from omr.images import ink_mask, resize
from omr.page import Box, Symbol

CANONICAL_SPACE = 12.0
"""Staff space, in pixels, at which detectors see a page unless they are told otherwise."""

MIN_RESCALING = 0.01
"""Relative change of the staff space below which a page is not resized: it would only be blurred."""


@dataclass(frozen=True)
class Found:
    """The `n` symbols that a detector found on a page at its own staff space, in any order.

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
    """The contract: `targets` and `losses` to train a detector, `find` to use it.

    Parameters
    ----------
    classes : sequence of str
        The names that it tells apart; their order is the order of its outputs.
    """

    name: ClassVar[str]
    """Its name on the command line and in `omr.registry.DETECTORS`."""

    learns_masks: ClassVar[bool] = False
    """Whether training adds "instances" to its targets where the dataset has masks: a map (h, w) of the
    crop with the number (from 1) of each symbol in the truth that `targets` was given, 0 elsewhere."""

    def __init__(self, classes: tuple[str, ...]) -> None:
        super().__init__()
        self.classes = tuple(classes)
        self.space = CANONICAL_SPACE
        """Staff space, in pixels, at which it learns and sees pages."""
        self.min_score = 0.5
        """Score, 0 to 1, below which a symbol is not shown; threshold selection maximises F1 with it."""

    @property
    def config(self) -> dict[str, Any]:
        """The constructor's arguments, as JSON types; stored with the weights."""
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
            Of all symbols: x0, y0, x1, y1 in pixels at the staff space `space`.
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
            x0, y0, x1, y1 in pixels of the crop; they may reach beyond it.
        labels : array (n,)
            Indices into `classes`.
        shape : (height, width)
            Of the crop, in pixels.

        Returns
        -------
        dict of tensors
            Here "boxes" and "labels" as they are given.
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
        """Compute the losses of a batch.

        Parameters
        ----------
        images : tensor (N, 1, H, W)
            Ink: 0 paper, 1 ink.
        targets : list of dict of tensors
            Of each image.

        Returns
        -------
        dict of str to tensor
            Named scalars; their sum is minimised.
        """

    @abstractmethod
    def find(self, ink: Tensor) -> Found:
        """Find the symbols of a whole page.

        Parameters
        ----------
        ink : tensor (1, 1, H, W)
            0 paper, 1 ink, at the staff space `space`.

        Returns
        -------
        Found
            In pixels of `ink`.
        """

    def forward(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        """Compute `losses`: PyTorch's wrappers for training call a module, not its methods."""
        return self.losses(images, targets)

    @torch.inference_mode()
    def detect(self, image: NDArray[np.uint8], staff_space: float | None = None) -> list[Symbol]:
        """Find the symbols of a page at any resolution.

        Parameters
        ----------
        image : array (height, width) of uint8
            Grey values; 0 is black.
        staff_space : float, optional
            Of the page, in its pixels; without it the page is taken to be at `space` already.

        Returns
        -------
        list of Symbol
            Every candidate, best first, whatever its score. Boxes in pixels of `image`, refined by its ink
            (`omr.detectors.refinement`).
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
        return refine(ink_mask(image), symbols, staff_space or self.space)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.parameters()).device

    @property
    def dtype(self) -> torch.dtype:
        """Precision of the weights."""
        return next(self.parameters()).dtype


def at_space(
    image: NDArray[np.uint8], staff_space: float | None, space: float = CANONICAL_SPACE
) -> NDArray[np.uint8]:
    """Resize a page to another staff space.

    Parameters
    ----------
    image : array (height, width)
    staff_space : float or None
        Of the page, in its pixels; None where it is unknown.
    space : float
        The staff space wanted, in pixels.

    Returns
    -------
    array (height, width)
        The page itself where its staff space is unknown or within 1 % of `space`.
    """
    scale = space / (staff_space or space)
    if abs(scale - 1) < MIN_RESCALING:
        return image
    return resize(image, (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))))


def pixels_of(image: NDArray[np.uint8], small: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Give the factors from boxes on a resized page to boxes on the page.

    Sizes are whole pixels, so the factors of the two axes differ by a little: half a pixel at the far end
    of a page, which is half a stem.

    Parameters
    ----------
    image : array (height, width)
        The page.
    small : array (height, width)
        The page at another staff space.

    Returns
    -------
    array (4,)
        Of x0, y0, x1 and y1.
    """
    x, y = image.shape[1] / small.shape[1], image.shape[0] / small.shape[0]
    return np.array([x, y, x, y], np.float32)


def to_ink(image: NDArray[np.uint8]) -> Tensor:
    """Turn a grey page into ink.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.

    Returns
    -------
    tensor (1, 1, height, width)
        float32: 0 paper, 1 ink.
    """
    return 1 - torch.from_numpy(image)[None, None].float() / 255
