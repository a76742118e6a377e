"""Decode perfect maps: the recall that no training can exceed, class by class.

    python benchmarks/oracle.py data/val [--split val] [--pages 16] [--least 5]

The truth of a page is encoded as DWDNet learns it, and decoded with the true class and box at every cell.
What is lost has no summit of its own: twins, whose peaks merge, and symbols below others of their layer. A
symbol counts as found from an IoU of .5 with a box of its class.
"""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console

from omr.datasets import Dataset, open_dataset
from omr.detectors.landscape import ClassLayers, find_instances
from omr.detectors.search import CANONICAL_SPACE
from omr.evaluation.detection.matching import judge
from omr.evaluation.detection.tables import Table, percent
from omr.page import Box, Page, Symbol
from omr.training.thresholds import spread
from omr.vocabulary import CORE, LAYERS
from omr.watershed import Decoding, encode
from omr.watershed.peak_shapes import PEAK_SHAPES

STRIDE = 2
"""Pixels to a cell of DWDNet's maps."""


def main(
    dataset: Annotated[str, typer.Argument(help="Dataset with truth.")],
    split: str = "val",
    pages: int = 16,
    least: Annotated[int, typer.Option(help="Fewest symbols of a class that is listed.")] = 5,
    peaks: Annotated[str, typer.Option(help=f"One of {', '.join(PEAK_SHAPES)}.")] = "sized",
) -> None:
    """Print the recall of perfect maps."""
    data = open_dataset(dataset).preferably(split)
    found, total = Counter[str](), Counter[str]()
    for i in spread(len(data), pages):
        truth, decoded = oracle(data, i, peaks)
        total.update(symbol.name for symbol in truth.symbols)
        found.update(truth.symbols[t].name for t, _ in judge(truth, decoded).right)
    lines = [
        (name, str(count), percent(found[name] / count)) for name, count in total.items() if count >= least
    ]
    lines.sort(key=lambda line: (float(line[2]), line[0]))
    lines.append(("all", str(total.total()), percent(found.total() / total.total())))
    Console().print(Table("Recall of perfect maps", ("class", "symbols", "recall"), lines).rich())


def oracle(data: Dataset, i: int, peaks: str) -> tuple[Page, Page]:
    """Encode and decode the truth of a page.

    Parameters
    ----------
    data : Dataset
    i : int
        Number of the page.
    peaks : str
        A name in `PEAK_SHAPES`.

    Returns
    -------
    truth, decoded : Page
        In core names, in pixels at the canonical staff space.
    """
    page = data.core(i)
    scale = CANONICAL_SPACE / (data.staff_space(i) or CANONICAL_SPACE)
    boxes = np.array([symbol.box for symbol in page.symbols], np.float32).reshape(-1, 4) * scale / STRIDE
    labels = np.array([CORE.index(symbol.name) for symbol in page.symbols], np.int64)
    layers = ClassLayers.of(CORE)
    height, width = (int(np.ceil(side * scale / STRIDE)) for side in (page.height, page.width))
    target = encode(PEAK_SHAPES[peaks](boxes), layers.layer_of[labels], (len(LAYERS), height, width))

    def read(*cell: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        owner = target.owner[cell]
        return np.eye(len(CORE), dtype=np.float32)[labels[owner]], boxes[owner]

    seen = find_instances(target.energy, read, layers, Decoding())
    return _page(boxes, labels, (width, height)), _page(seen.boxes, seen.classes, (width, height))


def _page(boxes: NDArray[np.float32], labels: NDArray[np.int64], shape: tuple[int, int]) -> Page:
    """Make a page of boxes (n, 4) in cells, with labels (n,)."""
    symbols = (
        Symbol(CORE[label], Box(*box))
        for box, label in zip((boxes * STRIDE).tolist(), labels.tolist(), strict=True)
    )
    return Page(shape[0] * STRIDE, shape[1] * STRIDE, tuple(symbols))


if __name__ == "__main__":
    typer.run(main)
