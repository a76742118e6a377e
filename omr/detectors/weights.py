"""Weights on disk: safetensors in half precision, with everything needed to build the net in the header."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

import omr.weights
from omr.detectors.allocator import keep_large_blocks
from omr.detectors.base import Detector
from omr.detectors.layers import fold_norms
from omr.errors import InputError


def shipped() -> dict[str, Path]:
    """The weights in the package by name."""
    folder = Path(next(iter(omr.weights.__path__)))
    return {path.stem: path for path in sorted(folder.glob("*.safetensors"))}


def save(detector: Detector, path: Path, about: dict[str, Any] | None = None) -> None:
    """Write a detector; `about` (data, command, figures) goes into the file's header as JSON.

    Raises
    ------
    InputError
        When the file can't be written.
    """
    meta = {
        "detector": detector.name,
        "config": json.dumps(detector.config),
        "tuning": json.dumps(detector.tuning),
        "about": json.dumps(about or {}),
    }
    tensors = {
        key: (value.half() if value.is_floating_point() else value).cpu().contiguous()
        for key, value in detector.state_dict().items()
    }
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file(tensors, part, meta)
        part.replace(path)
    except OSError as error:
        raise InputError(f"{path}: can't be written ({error.strerror}); give another place") from error


def load(weights: str | Path, device: str = "auto") -> Detector:
    """A detector ready for use: evaluation mode, normalisation folded, in the fastest precision here.

    Parameters
    ----------
    weights : str or Path
        Name of shipped weights, or a file.
    device : str
        "auto" (CUDA where there is one), "cpu", "cuda", "cuda:1", ...

    Raises
    ------
    InputError
        When there are no such weights, the file is not one of ours, or the device is not there.
    """
    return ready(read(weights), device)


def ready(detector: Detector, device: str = "auto") -> Detector:
    """Make a detector as it was trained ready for use; it is changed, and returned."""
    target = find_device(device)
    if target.type == "cpu":
        keep_large_blocks()
    detector.eval()
    fold_norms(detector)
    detector.to(target, fastest_precision(target))
    detector.to(memory_format=torch.channels_last)
    return detector


def read(weights: str | Path) -> Detector:
    """The detector in a weights file as it was trained: float32, on the CPU, nothing folded."""
    from omr.detectors import DETECTORS

    path = shipped().get(str(weights), Path(weights))
    if not path.is_file():
        names = ", ".join(shipped()) or "none"
        raise InputError(f"{weights}: no such weights; shipped are: {names}, or give a .safetensors file")
    try:
        with safe_open(path, "pt") as file:
            meta = file.metadata() or {}
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a dict)
        detector = DETECTORS[meta["detector"]](**json.loads(meta["config"]))
        detector.load_state_dict(tensors)
        detector.tune(json.loads(meta["tuning"]))
    except (SafetensorError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise InputError(f"{path}: not weights of this program; train some with `omr train`") from error
    return detector


def find_device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise InputError(f"{name}: no such device here; try --device cpu") from error
    return device


def fastest_precision(device: torch.device) -> torch.dtype:
    """bfloat16 where the hardware multiplies it natively, else float32."""
    if device.type == "cpu":
        able: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
        return torch.bfloat16 if able.get("avx512_bf16") or able.get("amx_bf16") else torch.float32
    if device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.bfloat16
    return torch.float32
