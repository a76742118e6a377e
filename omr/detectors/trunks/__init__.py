"""Trunks by name: the fully convolutional nets between a page and the heads that read it.

All of them stand on the same encoder (`omr.detectors.encoder`) and end at
stride 2 with the same number of channels. They differ in the decoder: how each
paper combines coarse features, which tell classes apart, with fine ones, which
tell positions.
"""

from __future__ import annotations

from typing import Any

from omr.detectors.trunks.base import Trunk
from omr.detectors.trunks.deeplab import DeepLab
from omr.detectors.trunks.fcn import FCN
from omr.detectors.trunks.gcn import GCN
from omr.detectors.trunks.pspnet import PSPNet
from omr.detectors.trunks.refinenet import RefineNet
from omr.detectors.trunks.segnet import SegNet
from omr.detectors.trunks.unet import UNet

TRUNKS: dict[str, type[Trunk]] = {
    "refinenet": RefineNet,
    "unet": UNet,
    "fcn": FCN,
    "deeplab": DeepLab,
    "pspnet": PSPNet,
    "segnet": SegNet,
    "gcn": GCN,
}
"""By the name in the option ``trunk`` of DWDNet, which weights store."""


def make_trunk(name: str, **options: Any) -> Trunk:
    """Build a trunk with fresh weights.

    Parameters
    ----------
    name : str
        A name in `TRUNKS`.
    **options
        Arguments of its class, e.g. ``encoder="medium"``.

    Returns
    -------
    Trunk

    Raises
    ------
    ValueError
        When there is no trunk of that name; the message lists the names.
    """
    if name not in TRUNKS:
        raise ValueError(f"no trunk is called {name!r}; choose one of {', '.join(TRUNKS)}")
    return TRUNKS[name](**options)


__all__ = ["TRUNKS", "Trunk", "make_trunk"]
