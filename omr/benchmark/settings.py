"""The settings that all rows of a benchmark share: data, budget, protocol."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omr.benchmark.table_rows import Row
from omr.datasets import Dataset, open_dataset
from omr.errors import InputError
from omr.files import replacing

if TYPE_CHECKING:
    from omr.training import Plan

WARMUP = 200
"""Steps over which the learning rate rises to its peak; at most a `WARMUP_SHARE` of all steps.
Release 0.1.0, as in the training of the shipped weights."""

WARMUP_SHARE = 10
"""The warm-up takes at most one of so many steps."""

LEAST_STEPS = 20
"""Steps that a row gets at least in a time budget, however slow it is: with fewer, the learning rate
hardly leaves its warm-up."""


@dataclass(frozen=True)
class Settings:
    """Everything but the row itself that decides a row's result.

    Attributes
    ----------
    dataset : str
        Folder of the dataset to learn from; its training pages where it has splits.
    validate, test : str or None
        Other datasets, or splits of this one. By default the splits "val" (no validation where the
        dataset has none) and "test".
    steps : int or None
        Optimiser steps of every row; None where `minutes` is the budget.
    minutes : float or None
        Learning time of every row. A row's own pace decides how many steps that makes.
    pages : int or None
        Number of test pages, evenly spread; None for all.
    protocol : str
        A key of `omr.evaluation.detection.protocols.PROTOCOLS`.
    batch : int
        Crops a step in each training process.
    size : int
        Side of a crop, in pixels at the canonical staff space.
    seed : int
        Seed of the crops and of the initial weights.
    processes : int
        Processes that train together. On a CPU, two of one thread each are faster than one of two.
    device : str
        As torch names it, or "auto".
    validations : int
        Points of the learning curve.
    validation_pages : int
        Pages for each point of the curve.
    selection_pages : int
        Validation pages on which thresholds are selected after training, the same for every row.
    workers : int
        Processes that prepare crops, for each training process.
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
    selection_pages: int = 16
    workers: int = 1

    def plan(self, row: Row, steps: int) -> Plan:
        """Return the training plan of a row.

        Plans differ in the learning rate and, for rows with a staff space of their own, in the size
        of a crop.

        Parameters
        ----------
        row : Row
        steps : int
            Optimiser steps.

        Returns
        -------
        Plan
        """
        from omr.training import Plan

        return Plan(
            steps=steps,
            batch=self.batch,
            size=self._size(row),
            rate=row.rate,
            warmup=max(1, min(WARMUP, steps // WARMUP_SHARE)),
            seed=self.seed,
            workers=self.workers,
            validate_every=-(-steps // self.validations),
            validation_pages=self.validation_pages,
            selection_pages=self.selection_pages,
        )

    def _size(self, row: Row) -> int:
        """Return the side of a crop, in pixels, that shows the same music at the row's staff space."""
        from omr.detectors.search import CANONICAL_SPACE
        from omr.detectors.tiling import MULTIPLE

        if "space" not in row.options:
            return self.size
        return MULTIPLE * round(self.size * float(row.options["space"]) / CANONICAL_SPACE / MULTIPLE)

    def steps_at(self, pace: float) -> int:
        """Return the optimiser steps that fit into the time budget.

        Parameters
        ----------
        pace : float
            Seconds a step.

        Returns
        -------
        int
            At least `LEAST_STEPS`.
        """
        return max(LEAST_STEPS, round(60 * (self.minutes or 0) / pace))

    def training(self) -> Dataset:
        """Open the pages to learn from.

        Returns
        -------
        Dataset

        Raises
        ------
        InputError
            When the dataset can't be read.
        """
        return open_dataset(self.dataset).preferably("train")

    def validation(self) -> Dataset | None:
        """Open the pages for learning curves and threshold selection.

        Returns
        -------
        Dataset or None
            None when none were named and the dataset has no split "val".

        Raises
        ------
        InputError
            When the dataset can't be read.
        """
        return self._part(self.validate, "val")

    def testing(self) -> Dataset:
        """Open the pages to measure on.

        Returns
        -------
        Dataset

        Raises
        ------
        InputError
            When none were named and the dataset has no split "test".
        """
        part = self._part(self.test, "test")
        if part is None:
            raise InputError(f"{self.dataset}: has no split test; give pages to measure on with --test")
        return part

    def _part(self, given: str | None, split: str) -> Dataset | None:
        """Open a named split or dataset; without a name, the dataset's split `split` where it has one."""
        whole = open_dataset(self.dataset)
        name = given or split
        if name in whole.splits:
            return whole.part(name)
        return open_dataset(given).preferably(split) if given else None

    def keep(self, folder: Path) -> None:
        """Store the settings beside the results, or compare them with those stored there.

        Parameters
        ----------
        folder : Path
            Folder of the results; made if it does not exist.

        Raises
        ------
        InputError
            When the folder holds results with other settings, which would not be comparable.
        """
        file = folder / "settings.json"
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
    """Write a mapping as an indented JSON file, whole or not at all.

    Parameters
    ----------
    file : Path
    content : mapping
        Values that JSON knows.

    Raises
    ------
    InputError
        When the file can't be written.
    """
    with replacing(file) as part:
        part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_json(file: Path) -> dict[str, Any]:
    """Read a JSON file that holds an object.

    Parameters
    ----------
    file : Path

    Returns
    -------
    dict

    Raises
    ------
    InputError
        When the file holds anything else.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise InputError(f"{file}: not a file of this program; delete it to have it made again")
    return content
