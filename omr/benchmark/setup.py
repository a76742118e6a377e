"""What all rows of a benchmark share: data, budget, protocol."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omr.benchmark.rows import Row
from omr.datasets import Dataset, open_dataset
from omr.errors import InputError

if TYPE_CHECKING:
    from omr.training import Plan

WARMUP = 200
"""Steps over which the learning rate rises, or a tenth of all where that is less."""

LEAST_STEPS = 20
"""Of a row, however slow it is: less is no training."""


@dataclass(frozen=True)
class Setup:
    """What decides every row's result, apart from the row.

    Attributes
    ----------
    dataset : str
        Folder to learn from: its training pages where it has splits.
    validate, test : str or None
        Other datasets, or splits of this one; by default its splits "val" (none
        where it has none) and "test".
    steps : int or None
        Optimiser steps of every row; None where `minutes` counts.
    minutes : float or None
        Learning time of every row, from which its steps follow by its own pace.
    pages : int or None
        Test pages, evenly spread; None is all.
    protocol : str
        A name in `omr.evaluation.detection.protocols.PROTOCOLS`.
    batch, size : int
        Crops a step in each process; their side in pixels at the canonical staff space.
    seed : int
        Of the crops and of the nets' fresh weights.
    processes : int
        That train side by side; on a CPU two of a thread each are faster than one of two threads.
    device : str
    validations : int
        Points of the learning curve.
    validation_pages : int
        For each of them, and to choose thresholds on in the end.
    workers : int
        Processes that prepare crops, for each that trains.
    """

    dataset: str
    validate: str | None = None
    test: str | None = None
    steps: int | None = 2000
    minutes: float | None = None
    pages: int | None = None
    protocol: str = "core"
    batch: int = 4
    size: int = 512
    seed: int = 0
    processes: int = 1
    device: str = "auto"
    validations: int = 5
    validation_pages: int = 4
    workers: int = 1

    def plan(self, row: Row, steps: int) -> Plan:
        """How a row is trained; rows differ in their learning rate and in the scale of what they see."""
        from omr.training import Plan

        return Plan(
            steps=steps,
            batch=self.batch,
            size=self._size(row),
            rate=row.rate,
            warmup=max(1, min(WARMUP, steps // 10)),
            seed=self.seed,
            workers=self.workers,
            validate_every=-(-steps // self.validations),
            validation_pages=self.validation_pages,
            selection_pages=self.validation_pages,
        )

    def _size(self, row: Row) -> int:
        """Pixels a side of a crop that shows as much music to a row of another staff space."""
        from omr.detectors.base import CANONICAL_SPACE
        from omr.detectors.tiling import MULTIPLE

        if "space" not in row.options:
            return self.size
        return MULTIPLE * round(self.size * float(row.options["space"]) / CANONICAL_SPACE / MULTIPLE)

    def steps_at(self, pace: float) -> int:
        """Steps of a row that takes `pace` seconds for each."""
        return max(LEAST_STEPS, round(60 * (self.minutes or 0) / pace))

    def training(self) -> Dataset:
        return open_dataset(self.dataset).preferably("train")

    def validation(self) -> Dataset | None:
        return self._part(self.validate, "val")

    def testing(self) -> Dataset:
        """The pages to measure on.

        Raises
        ------
        InputError
            When none are named and the dataset has none set apart.
        """
        part = self._part(self.test, "test")
        if part is None:
            raise InputError(f"{self.dataset}: has no split test; give pages to measure on with --test")
        return part

    def _part(self, given: str | None, split: str) -> Dataset | None:
        whole = open_dataset(self.dataset)
        name = given or split
        if name in whole.splits:
            return whole.part(name)
        return open_dataset(given).preferably(split) if given else None

    def keep(self, folder: Path) -> None:
        """Write the setup into the folder of the results, or see that it is the one that is there.

        Raises
        ------
        InputError
            When results of another setup are there: one table can't hold both.
        """
        file = folder / "setup.json"
        ours = json.loads(json.dumps(asdict(self)))
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            write_json(file, ours)
            return
        theirs = read_json(file)
        if differ := [key for key in ours if theirs.get(key) != ours[key]]:
            raise InputError(
                f"{folder}: has results with another {', '.join(differ)}; use the same options to go on, "
                "or give another folder"
            )


def write_json(file: Path, content: Mapping[str, Any]) -> None:
    """All of a file or nothing."""
    part = file.with_name(f".{file.name}.part")
    part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    part.replace(file)


def read_json(file: Path) -> dict[str, Any]:
    """Raises `InputError` when the file isn't one of ours."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise InputError(f"{file}: not a file of this program; delete it to have it made again")
    return content
