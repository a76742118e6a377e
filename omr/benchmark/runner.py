"""Run the rows of a benchmark one after the other: keep finished rows, record failures, make the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from omr.benchmark import measurement
from omr.benchmark.processes import WorkerError, run_in_processes
from omr.benchmark.results import Result, Training
from omr.benchmark.settings import Settings, read_json, write_json
from omr.benchmark.table_rows import ALL_ROWS, Row
from omr.errors import InputError


def run(
    settings: Settings, rows: Sequence[Row], folder: Path, say: Callable[[str], None] = print
) -> list[Result]:
    """Train and measure rows, or continue an interrupted run.

    For each row, the folder receives the files of its training (``ROW.safetensors``, and beside it
    checkpoint, log and learning curve), everything that its processes printed (``ROW.log``), and, once
    the row is done, its result (``ROW.json``). Rows that failed in an earlier run are tried again.

    Parameters
    ----------
    settings : Settings
    rows : sequence of Row
    folder : Path
        Made if it does not exist.
    say : callable
        Receives a line of text at each step of the way.

    Returns
    -------
    list of Result
        In the order of the rows.

    Raises
    ------
    InputError
        When there is nothing to learn from or to measure on, or when the folder holds results with
        other settings.
    """
    # open all data at once, so that a missing split is reported before hours of training
    settings.training(), settings.validation(), settings.testing()
    settings.keep(folder)
    return [_result(settings, row, folder, say) for row in rows]


def finished(folder: Path) -> list[Result]:
    """Read the results of this and of earlier runs.

    Parameters
    ----------
    folder : Path
        The folder that was given to `run`.

    Returns
    -------
    list of Result
        In the order of `omr.benchmark.table_rows.ALL_ROWS`; failed rows included.

    Raises
    ------
    InputError
        When a file of the folder is no result.
    """
    files = [folder / f"{row.name}.json" for row in ALL_ROWS]
    return [Result.read(file) for file in files if file.exists()]


def _result(settings: Settings, row: Row, folder: Path, say: Callable[[str], None]) -> Result:
    """Return the stored result of a row, or make it."""
    file = folder / f"{row.name}.json"
    if file.exists() and not (known := Result.read(file)).failure:
        say(f"{row.name}: done in an earlier run")
        return known
    try:
        result = _train_and_measure(settings, row, folder, say)
    except WorkerError as error:
        say(f"{row.name}: failed: {error}; see {folder / row.name}.log")
        result = Result(row.name, failure=str(error))
    result.write(file)
    return result


def _train_and_measure(settings: Settings, row: Row, folder: Path, say: Callable[[str], None]) -> Result:
    """Train a row, unless its training is finished, and measure it."""
    log = folder / f"{row.name}.log"
    trained = folder / f"{row.name}.training.json"
    if not trained.exists() and row.weights:
        if not (folder / f"{row.weights}.training.json").exists():
            raise WorkerError(f"uses the weights of {row.weights}, which was not trained")
        say(f"{row.name}: with the weights of {row.weights}")
        run_in_processes(log, measurement.copy_weights, settings, row, folder)
    elif not trained.exists():
        steps = _steps(settings, row, folder)
        say(f"{row.name}: training, {steps} steps")
        run_in_processes(log, measurement.train, settings, row, steps, folder, processes=settings.processes)
    training = _stored_training(trained)
    say(f"{row.name}: trained in {training.seconds:.0f} s, reading the test pages")
    figures = run_in_processes(log, measurement.measure, settings, row, folder)
    say(f"{row.name}: mAP50 {100 * figures.map50:.1f}, {figures.seconds:.2f} s a page")
    return Result(row.name, training, figures)


def _stored_training(file: Path) -> Training:
    """Read how a row was trained."""
    content = read_json(file)
    try:
        return Training.from_dict(content)
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{file}: not a training; delete it to have the row trained again") from None


def _steps(settings: Settings, row: Row, folder: Path) -> int:
    """Return the optimiser steps of a row, from its time budget where that was given.

    The pace is stored: a training that is resumed keeps its number of steps.
    """
    if settings.minutes is None:
        assert settings.steps is not None
        return settings.steps
    file = folder / f"{row.name}.pace.json"
    if not file.exists():
        pace = run_in_processes(
            folder / f"{row.name}.log",
            measurement.measure_pace,
            settings,
            row,
            processes=settings.processes,
        )
        write_json(file, {"seconds": pace})
    return settings.steps_at(float(read_json(file)["seconds"]))
