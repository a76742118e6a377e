"""The device that a net runs on, and its fastest precision."""

from __future__ import annotations

import torch

from omr.errors import InputError


def find_device(name: str) -> torch.device:
    """Find a device by its name.

    Parameters
    ----------
    name : str
        "auto" (CUDA where there is a GPU), "cpu", "cuda", "cuda:1", ...

    Returns
    -------
    torch.device

    Raises
    ------
    InputError
        When there is no such device.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise InputError(f"{name}: no such device here; try --device cpu") from error
    return device


def fastest_precision(device: torch.device) -> torch.dtype:
    """Choose bfloat16 where the hardware multiplies it natively, else float32.

    Parameters
    ----------
    device : torch.device

    Returns
    -------
    torch.dtype
    """
    if device.type == "cpu":
        able: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
        return torch.bfloat16 if able.get("avx512_bf16") or able.get("amx_bf16") else torch.float32
    if device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.bfloat16
    return torch.float32
