"""A net on OpenVINO: in bfloat16 where the processor multiplies it natively, else in float32."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import openvino
from numpy.typing import NDArray

from omr.errors import InputError
from omr.runtime.net import CELLS, MAPS, Floats, Ints, Net, threads

KEPT_SIZES = 2
"""Image sizes whose compiled nets are kept. Compiling takes 0.2 s; a net that takes any size needs 0.32 s for
1024 x 1024 pixels in place of 0.23, and each compiled net keeps the memory that it works in."""


class OpenVinoNet(Net):
    """A net compiled for every size of image that it is shown.

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
        self._core = openvino.Core()
        try:
            model = self._core.read_model(path)
            info = model.get_rt_info()["framework"]
            self.header: Mapping[str, str] = {
                key: str(info[key].value) for key in ("detector", "config", "tuning", "net")
            }
            self._page = _part(model, ("grey",), MAPS)
            self._cells = self._compile(_part(model, CELLS, ("probabilities", "boxes")))
        except (RuntimeError, KeyError) as error:
            raise InputError(f"{path}: no net of this program; write one with `omr export-model`") from error
        self._by_size: OrderedDict[tuple[int, ...], Any] = OrderedDict()

    def maps(self, grey: NDArray[np.uint8]) -> tuple[Any, ...]:
        """Compute energy and features of an image, see `Net.maps`."""
        request = self._by_size.pop(grey.shape, None) or self._request(grey.shape)
        self._by_size[grey.shape] = request
        request.infer({"grey": np.ascontiguousarray(grey)}, share_inputs=True)
        return tuple(request.get_tensor(name).data for name in MAPS)

    def cells(self, features: Floats, layer: Ints, row: Ints, column: Ints) -> tuple[Floats, Floats]:
        """Compute class and box of cells, see `Net.cells`."""
        probabilities, boxes = self._cells(
            dict(zip(CELLS, (features, layer, row, column), strict=True)), share_inputs=True
        ).values()
        return probabilities, boxes

    def _request(self, shape: tuple[int, ...]) -> Any:
        """Compile the net for one size of image."""
        while len(self._by_size) >= KEPT_SIZES:
            self._by_size.popitem(last=False)
        model = self._page.clone()
        model.reshape(list(shape))
        return self._compile(model).create_infer_request()

    def _compile(self, model: openvino.Model) -> Any:
        hints = {"INFERENCE_NUM_THREADS": threads()} if threads() else {}
        return self._core.compile_model(model, "CPU", hints)


def _part(model: openvino.Model, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> openvino.Model:
    """Take the part of a graph between some of its inputs and outputs."""
    results = [model.output(name).get_node() for name in outputs]
    return openvino.Model(results, [model.input(name).get_node() for name in inputs])
