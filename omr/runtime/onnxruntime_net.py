"""A net on onnxruntime, in float32."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as state

from omr.errors import InputError
from omr.runtime.net import CELLS, MAPS, Floats, Ints, Net, threads

QUIET = 3
"""onnxruntime's level of messages from which it prints: errors, no warnings about the machine."""

REFUSALS = (state.Fail, state.InvalidArgument, state.InvalidGraph, state.InvalidProtobuf)
"""What onnxruntime raises for a file that is no graph."""

SMALLEST_SIDE = 32
"""Side, in pixels, of the smallest image that the net takes."""


class OnnxRuntimeNet(Net):
    """A net for images of any size.

    onnxruntime always runs a graph as a whole, so the part that is not asked for is given as little as
    possible.

    Parameters
    ----------
    path : Path
        The .onnx file.

    Raises
    ------
    InputError
        When the file is no ONNX graph of this program.
    """

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = QUIET
        options.intra_op_num_threads = threads()
        try:
            self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
            inputs = {given.name: given for given in self._session.get_inputs()}
            self._no_cells = dict.fromkeys(CELLS[1:], np.zeros(1, np.int64))
            self._no_cells["cells"] = np.zeros((1, inputs["cells"].shape[1]), np.float32)
        except (*REFUSALS, KeyError) as error:
            raise InputError(f"{path}: no net of this program; write one with `omr export-model`") from error
        self.header: Mapping[str, str] = self._session.get_modelmeta().custom_metadata_map
        self._no_image = np.zeros((1, 1, SMALLEST_SIDE, SMALLEST_SIDE), np.uint8)

    def maps(self, grey: NDArray[np.uint8]) -> tuple[Any, ...]:
        """Compute energy and features of an image, see `Net.maps`."""
        return tuple(self._session.run(MAPS, {"grey": np.ascontiguousarray(grey), **self._no_cells}))

    def cells(self, features: Floats, layer: Ints, row: Ints, column: Ints) -> tuple[Floats, Floats]:
        """Compute class and box of cells, see `Net.cells`."""
        given = dict(zip(CELLS, (features, layer, row, column), strict=True))
        probabilities, boxes = self._session.run(
            ("probabilities", "boxes"), {"grey": self._no_image, **given}
        )
        return probabilities, boxes
