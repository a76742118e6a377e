"""torchvision's detectors under our contract, and the parts that adapt them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from torch import Tensor, nn
from torchvision.models.detection.image_list import ImageList

from omr.baselines.boxes import LOOSEST, MAX_SYMBOLS, MIN_CANDIDATE, AnchorDetector
from omr.baselines.tiled import Candidates

POSTPROCESSING: dict[str, Any] = {
    "score_thresh": MIN_CANDIDATE,
    "nms_thresh": LOOSEST,
    "detections_per_img": MAX_SYMBOLS,
}
"""Arguments of torchvision's detectors and heads, for crowded pages."""


class TorchvisionDetector(AnchorDetector):
    """A detector of torchvision, `net`, on anchors fitted to the data.

    Parameters
    ----------
    classes : sequence of str
        The names that it tells apart.
    **options
        See `AnchorDetector`.
    """

    net: nn.Module

    first_label: ClassVar[int] = 1
    """Label of the first class in `net`: in most of torchvision's detectors 0 is background."""

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
            Those of `net`, each a scalar.
        """
        return dict(self.net(images, labels_from(self.first_label, targets)))

    def look(self, ink: Tensor) -> Candidates:
        """Find every candidate in a tile (1, 1, h, w) of ink."""
        return candidates(self.net(ink)[0], self.first_label)


class NoTransform(nn.Module):
    """Takes the place of torchvision's transform: crops and tiles have the right size already."""

    def forward(
        self, images: Tensor, targets: list[dict[str, Tensor]] | None = None
    ) -> tuple[ImageList, list[dict[str, Tensor]] | None]:
        """Give a batch (N, 1, H, W) as torchvision's detectors want it."""
        return ImageList(images, [tuple(images.shape[-2:])] * len(images)), targets

    def postprocess(self, result: list[dict[str, Tensor]], *_: object) -> list[dict[str, Tensor]]:
        """Leave boxes in pixels of the image.

        Parameters
        ----------
        result : list of dict
            Detections of each image, as torchvision has them.

        Returns
        -------
        list of dict
            The same.
        """
        return result


class SinglePrecision(nn.Module):
    """A head of torchvision whose outputs are single precision, in whatever precision it multiplies.

    Parameters
    ----------
    head : module
    """

    def __init__(self, head: nn.Module) -> None:
        super().__init__()
        self.head = head

    def forward(self, *inputs: Any) -> Any:
        """Compute the head's outputs as float32."""
        return single_precision(self.head(*inputs))


def single_precision(value: Any) -> Any:
    """Convert tensors to single precision.

    Parameters
    ----------
    value : tensor, or dict, list or tuple of such values

    Returns
    -------
    same as `value`
    """
    if isinstance(value, Tensor):
        return value.float()
    if isinstance(value, dict):
        return {key: single_precision(part) for key, part in value.items()}
    return type(value)(map(single_precision, value))


def labels_from(first: int, targets: Iterable[dict[str, Tensor]]) -> list[dict[str, Tensor]]:
    """Shift the labels of targets.

    Parameters
    ----------
    first : int
        Label of the first class.
    targets : iterable of dict of tensors
        With "labels" from 0.

    Returns
    -------
    list of dict of tensors
        With "labels" from `first`.
    """
    return [t | {"labels": t["labels"] + first} for t in targets]


def candidates(result: dict[str, Tensor], first: int = 1) -> Candidates:
    """Turn what a detector of torchvision found in an image into candidates.

    Parameters
    ----------
    result : dict of tensors
        "boxes" (n, 4), "labels" (n,) and "scores" (n,).
    first : int
        Label of the first class.

    Returns
    -------
    Candidates
    """
    return Candidates(result["boxes"], result["labels"] - first, result["scores"])
