"""The FCN baselines: FCN-32s, FCN-16s and FCN-8s."""

from __future__ import annotations

from typing import ClassVar

from omr.baselines.segmentation import Segmenter


class FCN32s(Segmenter):
    """`omr.detectors.trunks.fcn` from stride 32 alone, with a classifier of ink."""

    name = "fcn32s"
    trunk_name = "fcn"
    trunk_options: ClassVar = {"finest": 32}


class FCN16s(Segmenter):
    """The same with a skip from stride 16."""

    name = "fcn16s"
    trunk_name = "fcn"
    trunk_options: ClassVar = {"finest": 16}


class FCN8s(Segmenter):
    """The same with skips from strides 16 and 8."""

    name = "fcn8s"
    trunk_name = "fcn"
    trunk_options: ClassVar = {"finest": 8}
