"""The whole account: learning rates chosen, every budget, every seed, and whether the differences are sure.

Each stage is a benchmark of its own (`omr.benchmark.runner.run`) in a folder of its own; a stage that was
stopped goes on where it was. Learning rates are chosen on validation pages alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from omr.benchmark.measurement import measure_pace
from omr.benchmark.origin import keep_origin
from omr.benchmark.outcomes import LEAST_INSTANCES, Outcomes, paired_bootstrap
from omr.benchmark.processes import run_in_processes
from omr.benchmark.results import Figures, Result
from omr.benchmark.runner import run
from omr.benchmark.settings import Settings, read_json, write_json
from omr.benchmark.table_rows import DWDNET, ROWS, Row
from omr.evaluation.detection.tables import NO_FIGURE, Table, percent

MAIN = ("dwdnet", "ssd", "yolo", "faster_rcnn", "mask_rcnn", "retinanet", "unet", "fcn8s", "deeplab")
"""Rows of the main budget."""

SEEDED = ("dwdnet", "ssd", "yolo", "faster_rcnn")
"""Rows that are trained with further seeds."""

LONG = ("dwdnet", "ssd")
"""Rows of the longest budget."""

SEEDS = (0, 1, 2)
"""Seeds of `SEEDED`; the other rows have the first."""

RATE_FACTORS = (0.5, 1.0, 2.0)
"""Factors of a row's stated learning rate from which the best on validation pages is taken."""

RATE_STEPS, MAIN_STEPS, LONG_STEPS, EARLY_STEPS = 500, 4000, 16000, 1000
"""Optimiser steps of the search for rates, of the main and the longest budget, and of the rows that are
history or trunks. Each has a schedule of its own."""

HOUR = 3600
"""Seconds."""


@dataclass(frozen=True)
class Stage:
    """A part of the account.

    Attributes
    ----------
    name : str
        Its folder, below that of the account.
    settings : Settings
    rows : tuple of Row
    """

    name: str
    settings: Settings
    rows: tuple[Row, ...]

    def hours(self, paces: dict[str, float]) -> float:
        """Tell how long learning takes; validation and test pages come on top.

        Parameters
        ----------
        paces : dict of str to float
            Seconds a step of each row.

        Returns
        -------
        float
        """
        if self.settings.minutes is not None:
            return len(self.rows) * self.settings.minutes * 60 / HOUR
        return sum(paces[row.name] for row in self.rows) * (self.settings.steps or 0) / HOUR


def rate_stages(base: Settings, rows: Sequence[Row]) -> list[Stage]:
    """Plan the search for learning rates: every factor, measured on the validation pages.

    Parameters
    ----------
    base : Settings
        With validation pages.
    rows : sequence of Row

    Returns
    -------
    list of Stage
        One for each of `RATE_FACTORS`.
    """
    settings = replace(base, steps=RATE_STEPS, minutes=None, test=base.validate or "val", pages=None)
    return [Stage(f"rates/{factor:g}", settings, tuple(at_rate(rows, factor))) for factor in RATE_FACTORS]


def at_rate(rows: Iterable[Row], factor: float) -> list[Row]:
    """Give rows another learning rate.

    Parameters
    ----------
    rows : iterable of Row
    factor : float
        Of their stated rate.

    Returns
    -------
    list of Row
    """
    return [replace(row, rate=row.rate * factor) for row in rows]


def budget_stages(base: Settings, rows: Sequence[Row], pace: float) -> list[Stage]:
    """Plan the budgets: main, further seeds, longest, equal time, and early for history and trunks.

    Parameters
    ----------
    base : Settings
    rows : sequence of Row
        With the learning rates that were chosen.
    pace : float
        Seconds a step of DWDNet: equal time is what it takes for the main budget.

    Returns
    -------
    list of Stage
    """

    def some(names: Sequence[str]) -> tuple[Row, ...]:
        return tuple(row for row in rows if row.name in names)

    def steps(count: int, seed: int = 0) -> Settings:
        return replace(base, steps=count, minutes=None, seed=seed)

    others = tuple(row for row in rows if row.name not in MAIN)
    in_time = replace(base, steps=None, minutes=pace * MAIN_STEPS / 60)
    return [
        Stage(f"steps-{MAIN_STEPS}/seed-{SEEDS[0]}", steps(MAIN_STEPS), some(MAIN)),
        *(Stage(f"steps-{MAIN_STEPS}/seed-{s}", steps(MAIN_STEPS, s), some(SEEDED)) for s in SEEDS[1:]),
        Stage(f"steps-{LONG_STEPS}/seed-{SEEDS[0]}", steps(LONG_STEPS), some(LONG)),
        Stage(f"equal-time/seed-{SEEDS[0]}", in_time, some(MAIN)),
        Stage(f"steps-{EARLY_STEPS}/seed-{SEEDS[0]}", steps(EARLY_STEPS), (*some(LONG), *others)),
    ]


def measure_paces(settings: Settings, rows: Sequence[Row], folder: Path) -> dict[str, float]:
    """Measure the seconds a step of rows, once: they are stored in ``paces.json``.

    Parameters
    ----------
    settings : Settings
    rows : sequence of Row
    folder : Path
        Of the account; made if it does not exist.

    Returns
    -------
    dict of str to float
        By the names of the rows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "paces.json"
    paces: dict[str, float] = read_json(file) if file.exists() else {}
    for row in rows:
        if row.name not in paces:
            log = folder / "paces.log"
            paces[row.name] = run_in_processes(log, measure_pace, settings, row, processes=settings.processes)
            write_json(file, paces)
    return paces


def chosen_rates(folder: Path, rows: Sequence[Row]) -> list[Row]:
    """Give rows the learning rate that was best on the validation pages.

    Parameters
    ----------
    folder : Path
        Of the account, with the results of `rate_stages`.
    rows : sequence of Row

    Returns
    -------
    list of Row
        Rows without a result keep their stated rate.
    """
    best = []
    for row in rows:
        worth = {}
        for factor in RATE_FACTORS:
            file = folder / f"rates/{factor:g}" / f"{row.name}.json"
            if file.exists() and (figures := Result.read(file).figures):
                worth[factor] = figures.map50 + figures.ap
        best += at_rate([row], max(worth, key=worth.__getitem__, default=1.0))
    return best


def run_account(
    base: Settings, folder: Path, rows: Sequence[Row] = ROWS, say: Callable[[str], None] = print
) -> None:
    """Run every stage, or go on with a stopped account.

    Parameters
    ----------
    base : Settings
        Data, crops and pages of all stages; steps, minutes and seed are those of the stages.
    folder : Path
    rows : sequence of Row
        Of which a stage takes its own.
    say : callable
        Receives a line of text at each step of the way.

    Raises
    ------
    InputError
        When data is missing, or the folder has results of other settings or pages.
    """
    paces = measure_paces(base, rows, folder)
    for stage in rate_stages(base, rows):
        _run(stage, folder, say)
    for stage in budget_stages(base, chosen_rates(folder, rows), paces[DWDNET.name]):
        _run(stage, folder, say)


def _run(stage: Stage, folder: Path, say: Callable[[str], None]) -> None:
    """Run a stage in its folder."""
    here = folder / stage.name
    here.mkdir(parents=True, exist_ok=True)
    keep_origin(stage.settings, here)
    run(stage.settings, stage.rows, here, lambda line: say(f"{stage.name}: {line}"))


def plan_table(base: Settings, paces: dict[str, float], rows: Sequence[Row] = ROWS) -> Table:
    """Show how long the account takes.

    Parameters
    ----------
    base : Settings
    paces : dict of str to float
        Seconds a step of each row.
    rows : sequence of Row

    Returns
    -------
    Table
    """
    stages = [*rate_stages(base, rows), *budget_stages(base, rows, paces[DWDNET.name])]
    lines = [(stage.name, str(len(stage.rows)), f"{stage.hours(paces):.1f}") for stage in stages]
    total = sum(stage.hours(paces) for stage in stages)
    return Table(
        "Plan of the account",
        ("stage", "rows", "hours"),
        [*lines, ("all", "", f"{total:.1f}")],
        "Hours of learning, from the measured seconds of a step; validation, threshold selection and test "
        "pages come on top.",
    )


def result_table(folder: Path, budget: str) -> Table:
    """Compare the rows of a budget over its seeds.

    Parameters
    ----------
    folder : Path
        Of the account.
    budget : str
        The name of its folder, such as "steps-4000".

    Returns
    -------
    Table
        A line for each row that was measured.
    """
    seeds = sorted((folder / budget).glob("seed-*"))
    lines = []
    ours = _outcomes(seeds, DWDNET.name)
    for row in ROWS:
        figures = [of for seed in seeds if (of := _figures(seed / f"{row.name}.json"))]
        if figures:
            theirs = _outcomes(seeds, row.name)
            lines.append((row.name, str(len(figures)), *_cells(figures), _compared(row, ours, theirs)))
    return Table(
        f"Budget {budget}",
        (
            "row",
            "seeds",
            "mAP50",
            "AP",
            "mAP50 all",
            "weighted",
            "raw mAP50 all",
            "raw AP all",
            "dwdnet ahead by",
        ),
        lines,
        f"In %, means over the seeds with their range. mAP50 and AP: classes with at least {LEAST_INSTANCES} "
        "true symbols; all: every class; weighted: by number of symbols; raw: all classes, boxes not refined "
        "by the ink. Last column: difference in mAP50, with the interval of 95 % by a paired bootstrap over "
        "pieces.",
    )


def _cells(figures: Sequence[Figures]) -> tuple[str, ...]:
    """Return mean and range over the seeds of each figure."""
    keys = ("frequent_map50", "frequent_ap", "map50", "weighted_map50", "raw_map50", "raw_ap")
    return tuple(_mean_and_range([getattr(of, key) for of in figures]) for key in keys)


def _mean_and_range(values: Sequence[float]) -> str:
    """Return a mean in percent, and the lowest and highest value where there are several."""
    mean = percent(float(np.mean(values)))
    return mean if len(values) == 1 else f"{mean} ({percent(min(values))} to {percent(max(values))})"


def _compared(row: Row, ours: Sequence[Outcomes], theirs: Sequence[Outcomes]) -> str:
    """Return how far DWDNet is ahead of a row, in points."""
    if row.name == DWDNET.name or not ours or not theirs:
        return NO_FIGURE
    ahead = paired_bootstrap(ours, theirs)
    return f"{100 * ahead.mean:+.1f} ({100 * ahead.low:+.1f} to {100 * ahead.high:+.1f})"


def _outcomes(seeds: Sequence[Path], row: str) -> list[Outcomes]:
    """Read the outcomes of a row with each seed that it was trained with."""
    files = [seed / f"{row}.outcomes.npz" for seed in seeds]
    return [Outcomes.read(file) for file in files if file.exists()]


def _figures(file: Path) -> Figures | None:
    """Read the figures of a result, where there are any."""
    return Result.read(file).figures if file.exists() else None
