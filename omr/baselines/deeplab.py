"""The DeepLab baseline, with the fully connected CRF as an option."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor
from torch.nn import functional

from omr.baselines import crf
from omr.baselines.segmentation import Segmenter

POSSIBLE = 0.1
"""Probability, 0 to 1, that a class must exceed somewhere on a page to be refined; the CRF would raise no
lower one."""


class DeepLabSegmenter(Segmenter):
    """`omr.detectors.trunks.deeplab` with a classifier of ink.

    Parameters
    ----------
    classes : sequence of str
    crf : bool
        Whether a fully connected CRF cleans the maps of a page (`omr.baselines.crf`).
    **options
        For the trunk.
    """

    name = "deeplab"
    trunk_name = "deeplab"

    def __init__(self, classes: Sequence[str], crf: bool = False, **options: Any) -> None:
        super().__init__(classes, **options)
        self.with_crf = crf

    @property
    def config(self) -> dict[str, Any]:
        """The constructor's arguments, as JSON types; stored with the weights."""
        return super().config | {"crf": self.with_crf}

    def refine(self, maps: Tensor, ink: Tensor) -> Tensor:
        """Refine the class maps of a page by the CRF; parameters as in `Segmenter.refine`."""
        seen = maps.amax((1, 2)) > POSSIBLE
        if not self.with_crf or not bool(seen.any()):
            return maps
        darkness = functional.avg_pool2d(ink, self.trunk.stride, ceil_mode=True)[0, 0]
        refined = crf.refine(maps[seen], darkness)
        maps[seen] = refined * (maps[seen] > 0)  # paper stays paper
        return maps
