"""Row after row: what is there is kept, what fails is recorded, the rest is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from omr.benchmark import tasks
from omr.benchmark.apart import FailedError, apart
from omr.benchmark.results import Result, training_of
from omr.benchmark.rows import EVERY, Row
from omr.benchmark.setup import Setup, read_json, write_json


def run(setup: Setup, rows: Sequence[Row], folder: Path, say: Callable[[str], None] = print) -> list[Result]:
    """Train and measure rows, or go on where that was interrupted.

    For each row, `folder` comes to hold the files of its training,
    ``<row>.safetensors`` and beside it checkpoint, log and picture; what its
    processes printed, ``<row>.log``; and its result, ``<row>.json``, written
    when the row is done. A row that failed before is tried again.

    Parameters
    ----------
    setup : Setup
    rows : sequence of Row
    folder : Path
        Made if it isn't there.
    say : callable
        Takes a line on each step of the way.

    Returns
    -------
    list of Result
        In the order of the rows.

    Raises
    ------
    InputError
        When there is nothing to learn from or to measure on, or when the
        folder has results of another setup.
    """
    setup.training(), setup.validation(), setup.testing()  # complain now, not after an hour
    setup.keep(folder)
    return [_result(setup, row, folder, say) for row in rows]


def done(folder: Path) -> list[Result]:
    """All results in a folder, of this run and of those before it, in the table's order."""
    files = [folder / f"{row.name}.json" for row in EVERY]
    return [Result.read(file) for file in files if file.exists()]


def _result(setup: Setup, row: Row, folder: Path, say: Callable[[str], None]) -> Result:
    file = folder / f"{row.name}.json"
    if file.exists() and not (known := Result.read(file)).failure:
        say(f"{row.name}: done before")
        return known
    try:
        result = _made(setup, row, folder, say)
    except FailedError as error:
        say(f"{row.name}: failed: {error}; see {folder / row.name}.log")
        result = Result(row.name, failure=str(error))
    result.write(file)
    return result


def _made(setup: Setup, row: Row, folder: Path, say: Callable[[str], None]) -> Result:
    log = folder / f"{row.name}.log"
    trained = folder / f"{row.name}.training.json"
    if not trained.exists() and row.weights:
        if not (folder / f"{row.weights}.training.json").exists():
            raise FailedError(f"uses the weights of {row.weights}, which was not trained")
        say(f"{row.name}: with the weights of {row.weights}")
        apart(log, tasks.take_over, setup, row, folder)
    elif not trained.exists():
        steps = _steps(setup, row, folder)
        say(f"{row.name}: training, {steps} steps")
        apart(log, tasks.train, setup, row, steps, folder, processes=setup.processes)
    training = training_of(read_json(trained))
    say(f"{row.name}: trained in {training.seconds:.0f} s, reading")
    figures = apart(log, tasks.measure, setup, row, folder)
    say(f"{row.name}: mAP50 {100 * figures.map50:.1f}, {figures.seconds:.2f} s a page")
    return Result(row.name, training, figures)


def _steps(setup: Setup, row: Row, folder: Path) -> int:
    """Of the budget; a pace is measured once, so that a training that was interrupted can go on."""
    if setup.minutes is None:
        assert setup.steps is not None
        return setup.steps
    file = folder / f"{row.name}.pace.json"
    if not file.exists():
        pace = apart(folder / f"{row.name}.log", tasks.measure_pace, setup, row, processes=setup.processes)
        write_json(file, {"seconds": pace})
    return setup.steps_at(float(read_json(file)["seconds"]))
