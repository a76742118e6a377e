"""Make pages to adapt to: a dataset's pages, degraded as by a scanner or a phone, without their truth.

    python benchmarks/adaptation.py data/train data/scanned --pages 60
    omr train --init printed --adapt-to data/scanned --steps 0 -o statistics.safetensors
    python benchmarks/accuracy.py --weights statistics.safetensors

Pages are those to learn from; `accuracy.py` degrades the test pages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from rich.progress import track

from omr.datasets import open_dataset
from omr.datasets.degrade import scan
from omr.training.thresholds import spread

USUAL_SPACE = 12.0
"""Staff space in pixels for pages that have none to measure: the canonical one."""


def main(
    dataset: Annotated[Path, typer.Argument(help="Engraved pages.")],
    out: Annotated[Path, typer.Argument(help="Folder to write.")],
    pages: int = 60,
    seed: int = 0,
) -> None:
    """Write the degraded pages as PNG files."""
    data = open_dataset(dataset).preferably("train")
    out.mkdir(parents=True, exist_ok=True)
    nothing = np.zeros((0, 4), np.float32)
    for i in track(spread(len(data), pages), description="scanning"):
        grey, _ = scan(
            data.image(i), nothing, np.random.default_rng([seed, i]), data.staff_space(i) or USUAL_SPACE
        )
        cv2.imwrite(str(out / f"{i:05d}.png"), grey)
    print("wrote", out)


if __name__ == "__main__":
    typer.run(main)
