"""Weights on disk: safetensors in half precision, with all that is needed to build the net in the header."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save as to_bytes
from torch import Tensor

from omr.detectors.allocator import keep_large_blocks
from omr.detectors.base import Detector
from omr.detectors.devices import fastest_precision, find_device
from omr.detectors.layers import fold_norms
from omr.files import replacing


def save(detector: Detector, path: Path, about: dict[str, Any] | None = None) -> None:
    """Write a detector to a weights file.

    Parameters
    ----------
    detector : Detector
        As it is trained, its normalisation not folded.
    path : Path
        The .safetensors file.
    about : dict, optional
        Data, command and figures, as JSON types, for the header.

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
        part.write_bytes(to_bytes(tensors, meta))  # save_file makes files that only their owner reads


def ready(detector: Detector, device: str = "auto") -> Detector:
    """Make a trained detector ready for use.

    Parameters
    ----------
    detector : Detector
        As it was trained; changed in place.
    device : str
        "auto", "cpu", "cuda", "cuda:1", ...

    Returns
    -------
    Detector
        The same: in evaluation mode, normalisation folded, in the fastest precision of the device.

    Raises
    ------
    InputError
        When the device does not exist.
    """
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
