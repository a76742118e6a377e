"""Write DWDNet as ONNX: the net alone, for runtimes that need no PyTorch.

The file holds one graph of two parts without a connection: from a grey image to its maps, and from the
features of cells to their class and box. What lies between them, the watershed, is ours
(`omr.detectors.landscape`). Weights are stored in half precision, as in the weights file, and are cast when
the graph is loaded. The header (ONNX calls it metadata) has the keys of a weights file, and "net".
"""

from __future__ import annotations

import copy
import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from omr.detectors.dwdnet import DeepWatershedDetector
from omr.detectors.layers import fold_norms
from omr.errors import InputError
from omr.files import replacing

OPSET = 17
"""Version of the ONNX operators: the newest that `torch.onnx` writes without the exporter of onnxscript."""

TRACED_SIDE = 128
"""Side in pixels of the image that the net is traced with; the graph takes any multiple of 32."""

MIN_HALVED = 64
"""Numbers from which a weight is stored in half precision; smaller ones are constants of the arithmetic."""


class _Graph(nn.Module):
    """The two parts of the net, as the graph is to have them."""

    def __init__(self, detector: DeepWatershedDetector) -> None:
        super().__init__()
        self.detector = detector

    def forward(
        self, grey: Tensor, cells: Tensor, layer: Tensor, row: Tensor, column: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Compute energy and features of an image, and probabilities and boxes of cells."""
        ink = 1 - grey.float() / 255
        return *self.detector.forward_maps(ink), *self.detector.forward_cells(cells, layer, row, column)


def export_onnx(detector: DeepWatershedDetector, path: Path, about: str = "{}") -> None:
    """Write the net of a detector, and what is selected for it, as ONNX.

    Parameters
    ----------
    detector : DeepWatershedDetector
        As it was trained.
    path : Path
        The .onnx file.
    about : str
        Data, command and figures as JSON, for the header.

    Raises
    ------
    InputError
        When the trunk can't be written as ONNX, or the file can't be written.
    ModuleNotFoundError
        When the package onnx is missing.
    """
    import onnx

    whole = copy.deepcopy(detector).eval().cpu().float()
    fold_norms(whole)
    model = onnx.load_from_string(_traced(whole))
    _halve_weights(model)
    meta = {
        "detector": detector.name,
        "config": json.dumps(detector.config),
        "tuning": json.dumps(detector.thresholds),
        "net": json.dumps({"stride": detector.trunk.stride, "view": detector.trunk.view}),
        "about": about,
    }
    onnx.helper.set_model_props(model, meta)
    onnx.checker.check_model(model)
    with replacing(path) as part:
        part.write_bytes(model.SerializeToString())


def _traced(detector: DeepWatershedDetector) -> bytes:
    """Trace the net to an ONNX model in single precision."""
    grey = torch.zeros(1, 1, TRACED_SIDE, TRACED_SIDE, dtype=torch.uint8)
    place = torch.zeros(2, dtype=torch.int64)
    axes = {name: {0: "cells"} for name in ("cells", "layer", "row", "column", "probabilities", "boxes")}
    axes |= {"grey": {2: "height", 3: "width"}, "energy": {0: "rows", 1: "columns"}}
    axes |= {"features": axes["energy"]}
    with warnings.catch_warnings(), torch.inference_mode(), tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "net.onnx"
        # the tracer warns of shapes that it may fix; the contract test runs other shapes
        warnings.simplefilter("ignore")
        try:
            torch.onnx.export(
                _Graph(detector).eval(),
                (grey, torch.zeros(2, detector.trunk.channels), place, place, place),
                file,
                dynamo=False,
                opset_version=OPSET,
                input_names=["grey", "cells", "layer", "row", "column"],
                output_names=["energy", "features", "probabilities", "boxes"],
                dynamic_axes=axes,
            )
        except (RuntimeError, TypeError, torch.onnx.errors.OnnxExporterError) as error:
            trunk = detector.config["trunk"]
            raise InputError(f"{trunk}: this trunk can't be written as ONNX; use it with PyTorch") from error
        return file.read_bytes()


def _halve_weights(model: Any) -> None:
    """Store the weights of an ONNX model in half precision, each with a cast to single precision."""
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for stored in model.graph.initializer:
        values = numpy_helper.to_array(stored)
        if stored.data_type != TensorProto.FLOAT or values.size < MIN_HALVED:
            continue
        name, half = stored.name, f"{stored.name}.half"
        stored.CopyFrom(numpy_helper.from_array(values.astype(np.float16), half))
        casts.append(helper.make_node("Cast", [half], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
