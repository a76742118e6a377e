"""The FCN baselines: FCN-32s, FCN-16s and FCN-8s."""

from __future__ import annotations

from typing import ClassVar

from omr.baselines.segmentation import Segmenter


class FCN32s(Segmenter):
    """`omr.detectors.trunks.fcn` from stride 32 alone, with a classifier of ink."""

    name = "fcn32s"
    summary = "FCN-32s: semantic segmentation from features of stride 32, connected components"
    trunk_name = "fcn"
    trunk_options: ClassVar = {"finest": 32}


class FCN16s(Segmenter):
    """The same with one skip."""

    name = "fcn16s"
    summary = "FCN-16s: semantic segmentation from features of strides 32 and 16, connected components"
    trunk_name = "fcn"
    trunk_options: ClassVar = {"finest": 16}


class FCN8s(Segmenter):
    """The same with two."""

    name = "fcn8s"
    summary = "FCN-8s: semantic segmentation from features of strides 32, 16 and 8, connected components"
    trunk_name = "fcn"
    trunk_options: ClassVar = {"finest": 8}
