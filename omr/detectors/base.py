"""What a detector is: a net that is trained on crops and finds the symbols of a page."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from omr.detectors.search import CANONICAL_SPACE, Found, search
from omr.page import Symbol


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

    selectable: ClassVar[Mapping[str, Sequence[float]]] = {}
    """Keys of `thresholds` that are numbers, with the values that threshold selection tries for each, one key
    after the other."""

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
        return search(
            image, staff_space, self.space, self.classes, lambda grey: self.find(to_ink(grey).to(self.device))
        )

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.parameters()).device

    @property
    def dtype(self) -> torch.dtype:
        """Precision of the weights."""
        return next(self.parameters()).dtype


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
