"""Measure the cost of the trunks and of the segmentation baselines.

    python benchmarks/nets.py

Columns: parameters; multiply-adds of a crop of 512 x 512 pixels through the trunk, as torch counts them; CPU
seconds of one thread for a page of 1024 x 1024 pixels, in the precision that is fastest on this machine, the
fastest of three turns. A trunk runs on tiles, a detector from page to symbols. Weights are random, so a
detector finds next to nothing and the time does not include decoding.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from torch import nn

from omr.baselines.segmentation import Segmenter
from omr.benchmark.cost import multiply_adds, parameters
from omr.detectors import Detector
from omr.detectors.base import to_ink
from omr.detectors.devices import fastest_precision
from omr.detectors.layers import fold_norms
from omr.detectors.search import CANONICAL_SPACE, at_space
from omr.detectors.trunks import TRUNKS, make_trunk
from omr.registry import DETECTORS
from omr.vocabulary import CORE

ROUNDS = 3
"""Timed calls of each net; the fastest counts."""

SIDE = 1024
"""Side of the page that is timed, in pixels at the canonical staff space."""

CROP = 512
"""Side of the crop that multiply-adds are counted on, in pixels."""

WHITE = 255
"""Grey value of empty paper."""


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    page = engraved()
    nets: dict[str, nn.Module] = {f"trunk {name}": make_trunk(name) for name in TRUNKS}
    nets |= {
        name: kind(CORE)
        for name, kind in DETECTORS.items()
        if name == "dwdnet" or issubclass(kind, Segmenter)
    }
    costs = {name: (parameters(net), of_trunk(net)) for name, net in nets.items()}
    ready = {name: prepared(net, page) for name, net in nets.items()}
    seconds = {name: min(times) for name, times in timed(ready).items()}
    table = Table(
        "net", "parameters, M", f"multiply-adds of {CROP} x {CROP}, G", f"CPU seconds of {SIDE} x {SIDE}"
    )
    for name, (count, products) in costs.items():
        table.add_row(name, f"{count / 1e6:.2f}", f"{products / 1e9:.1f}", f"{seconds[name]:.2f}")
    Console().print(table)


def engraved() -> NDArray[np.uint8]:
    """Return the top left of a dense page at the canonical staff space."""
    from omr.datasets import open_dataset
    from omr.engraving.dataset import build

    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder), 1, "test", seed=1, processes=1)
        dataset = open_dataset(folder)
        small = at_space(dataset.image(0), dataset.staff_space(0))
    page = np.full((SIDE, SIDE), WHITE, np.uint8)
    top = small[:SIDE, :SIDE]
    page[: top.shape[0], : top.shape[1]] = top
    return page


def of_trunk(net: nn.Module) -> float:
    """Count the multiply-adds of a trunk, without heads, whose cost depends on the ink."""
    trunk: Any = net.trunk if isinstance(net, Detector) else net
    trunk.eval()
    return multiply_adds(lambda: trunk(torch.rand(1, 1, CROP, CROP)))


def prepared(net: nn.Module, page: NDArray[np.uint8]) -> Callable[[], object]:
    """Prepare a net as `omr.registry.load` does and return the call to time."""
    fold_norms(net.eval())
    precision = fastest_precision(torch.device("cpu"))
    net.to(precision).to(memory_format=torch.channels_last)
    if isinstance(net, Detector):
        return lambda: net.detect(page, CANONICAL_SPACE)
    trunk: Any = net
    ink = to_ink(page).to(precision)
    return torch.inference_mode()(lambda: trunk.page_features(ink))


def timed(calls: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Time calls in turns and return the processor seconds of each."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(ROUNDS + 1):
        for name, call in calls.items():
            start = time.process_time()
            call()
            if turn:  # the first call warms up
                times[name].append(time.process_time() - start)
    return times


if __name__ == "__main__":
    cv2.setNumThreads(1)
    typer.run(main)
