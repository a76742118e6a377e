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
    """The same with one skip."""

    name = "fcn16s"
    trunk_name = "fcn"
    trunk_options: ClassVar = {"finest": 16}


class FCN8s(Segmenter):
    """The same with two."""

    name = "fcn8s"
    trunk_name = "fcn"
    trunk_options: ClassVar = {"finest": 8}
