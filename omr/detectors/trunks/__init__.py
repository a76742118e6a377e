"""Trunks by name: the fully convolutional nets between a page and the heads that read it.

All of them stand on the same encoder (`omr.detectors.encoder`) and end at
stride 2 with the same number of channels, so what differs is the decoder: how
each paper brings the coarse features, which know what a thing is, back to the
fine ones, which know where it is.
"""

from __future__ import annotations

from typing import Any, Protocol

from torch import Tensor

from omr.detectors.trunks.deeplab import DeepLab
from omr.detectors.trunks.fcn import FCN
from omr.detectors.trunks.gcn import GCN
from omr.detectors.trunks.pspnet import PSPNet
from omr.detectors.trunks.refinenet import RefineNet
from omr.detectors.trunks.segnet import SegNet
from omr.detectors.trunks.unet import UNet

OVERLAP = 160
"""Of neighbouring views of a page, in pixels."""


class Trunk(Protocol):
    """Any fully convolutional net: (N, 1, H, W) to (N, `channels`, H / `stride`, W / `stride`).

    Attributes
    ----------
    channels : int
        Of the features.
    stride : int
        Pixels to a cell of the features.
    view : int
        The largest piece of a page, in pixels a side, that it should be shown
        at once. Nets that pool over all they see have to see as much as when
        they learnt.
    """

    channels: int
    stride: int
    view: int

    def __call__(self, image: Tensor) -> Tensor: ...


TRUNKS = {
    "refinenet": RefineNet,
    "unet": UNet,
    "fcn": FCN,
    "deeplab": DeepLab,
    "pspnet": PSPNet,
    "segnet": SegNet,
    "gcn": GCN,
}


def make_trunk(name: str, **options: Any) -> Any:
    """A trunk with fresh weights.

    Raises
    ------
    ValueError
        When there is none of that name; the message names those there are.
    """
    if name not in TRUNKS:
        raise ValueError(f"no trunk is called {name!r}; choose one of {', '.join(TRUNKS)}")
    return TRUNKS[name](**options)


__all__ = ["OVERLAP", "TRUNKS", "Trunk", "make_trunk"]
