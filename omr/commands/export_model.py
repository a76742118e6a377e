"""`omr export-model`: write the net of trained weights as ONNX."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omr.errors import InputError
from omr.extras import needing


def export_model(
    weights: Annotated[
        str,
        typer.Argument(metavar="NAME|FILE", help="Shipped weights (`omr models`) or a .safetensors file."),
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Default: WEIGHTS.onnx in the current folder."),
    ] = None,
) -> None:
    """Write the net of DWDNet weights as ONNX, which reads pages without PyTorch.

    The file serves as `--weights`. It holds the net and the selected thresholds, not the watershed.
    """
    file = out or Path(f"{Path(weights).stem}.onnx")
    if file.suffix != ".onnx":
        raise InputError(f"{file}: a net is written as .onnx; end the name so")
    if out is None and file.exists():
        raise InputError(f"{file}: exists already; name the file to write with --out")
    with needing("train"):
        import onnx  # noqa: F401 (a missing extra is reported before the weights are read)

        from omr.detectors import DeepWatershedDetector
        from omr.detectors.onnx_export import export_onnx
    from omr.registry import read
    from omr.weights import header, shipped

    detector = read(weights)
    if not isinstance(detector, DeepWatershedDetector):
        raise InputError(f"{weights}: holds {detector.name}; only dwdnet can be written as ONNX")
    export_onnx(detector, file, header(shipped().get(weights, Path(weights)))["about"])
    print("wrote", file)
