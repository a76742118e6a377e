"""Measure what a net costs: parameters, multiply-adds, memory."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode


def parameters(net: nn.Module) -> int:
    """Count the parameters of a net.

    Parameters
    ----------
    net : nn.Module

    Returns
    -------
    int
        Numbers in all parameter tensors; buffers do not count.
    """
    return sum(p.numel() for p in net.parameters())


def multiply_adds(work: Callable[[], object]) -> float:
    """Count the multiply-adds of the convolutions and matrix products in a call.

    Parameters
    ----------
    work : callable
        Called once, without arguments, in inference mode.

    Returns
    -------
    float
        Half of the floating-point operations that torch's `FlopCounterMode` counts.
    """
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        work()
    return float(counter.get_total_flops()) / 2


def peak_memory(device: torch.device) -> int | None:
    """Return the highest memory use of this process so far.

    Parameters
    ----------
    device : torch.device
        The device that the net runs on.

    Returns
    -------
    int or None
        Bytes. On a GPU, the memory that torch allocated there; on a CPU under Linux, the resident
        memory of the whole process, with Python, torch, the page and the net. None elsewhere.
    """
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    if sys.platform != "linux":
        return None
    # ru_maxrss would include the memory that the parent held when it forked
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return 1024 * int(line.split()[1])
