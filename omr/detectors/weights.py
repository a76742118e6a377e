"""Weights on disk: safetensors in half precision, with everything needed to build the net in the header."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from omr.detectors.allocator import keep_large_blocks
from omr.detectors.base import Detector
from omr.detectors.layers import fold_norms
from omr.errors import InputError
from omr.files import replacing


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
        "tuning": json.dumps(detector.thresholds),
        "about": json.dumps(about or {}),
    }
    tensors = {
        key: (value.half() if value.is_floating_point() else value).cpu().contiguous()
        for key, value in detector.state_dict().items()
    }
    with replacing(path) as part:
        save_file(tensors, part, meta)


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


def read_file(path: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    """Read the header and the tensors of a weights file.

    Parameters
    ----------
    path : Path
        A file that `save` wrote.

    Returns
    -------
    meta : dict of str to str
        "detector" is a name, "config", "tuning" and "about" are JSON.
    tensors : dict of str to tensor
        By the key in the detector's state dict, on the CPU.

    Raises
    ------
    safetensors.SafetensorError
        When the file is not in the safetensors format.
    """
    with safe_open(path, "pt") as file:
        tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a dict)
        return file.metadata() or {}, tensors


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
