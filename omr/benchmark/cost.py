"""What a net costs: parameters, multiply-adds, memory."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode


def parameters(net: nn.Module) -> int:
    return sum(p.numel() for p in net.parameters())


def multiply_adds(work: Callable[[], object]) -> float:
    """Of the convolutions and matrix products in a call, by torch's own count."""
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        work()
    return counter.get_total_flops() / 2


def peak_memory(device: torch.device) -> int | None:
    """The most bytes that this process has held so far, or torch has on a GPU; None where nobody tells.

    On a CPU that is resident memory with everything in it: Python, torch, the
    page and the net.
    """
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    if sys.platform != "linux":
        return None
    # not ru_maxrss, which counts what the parent held when it forked
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return 1024 * int(line.split()[1])
