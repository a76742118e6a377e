"""`omr detect ... -o FOLDER/`: every input a piece of its own, read by workers, resumable."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from omr.commands.messages import INTERRUPTED, complain, say, terminated_as_interrupted
from omr.commands.reading import NOTHING_READ
from omr.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Generator

    from omr.batch import Piece, Settings
    from omr.batch.processes import Event

ENGINES = ("processes", "ray")
"""What runs the workers."""


@dataclass(frozen=True)
class Many:
    """The options that only a job with a folder of results has; None where they were not given.

    Attributes
    ----------
    to : str or None
        Formats, with commas between them.
    jobs : int or None
        Number of workers.
    engine : str or None
        One of `ENGINES`.
    address : str or None
        Of a cluster.
    """

    to: str | None = None
    jobs: int | None = None
    engine: str | None = None
    address: str | None = None

    @property
    def given(self) -> list[str]:
        """The options that were given, as on the command line."""
        values = {"--to": self.to, "--jobs": self.jobs, "--engine": self.engine, "--address": self.address}
        return [name for name, value in values.items() if value is not None]


def output_folder(output: Sequence[str], many: Many, resume: bool) -> str | None:
    """Find the folder that takes the results of each input.

    Parameters
    ----------
    output : sequence of str
        As given with -o.
    many : Many
    resume : bool
        Whether ``--resume`` was given.

    Returns
    -------
    str or None
        A folder or a URL; None where the results are files.

    Raises
    ------
    InputError
        When options of such a job are given and no folder is.
    """
    given = [*many.given, *(["--resume"] if resume else [])]
    if len(output) == 1 and (
        output[0].endswith(("/", os.sep)) or "://" in output[0] or Path(output[0]).is_dir() or given
    ):
        if not (
            output[0].endswith(("/", os.sep)) or Path(output[0]).suffix == "" or Path(output[0]).is_dir()
        ):
            raise InputError(f"{output[0]}: is no folder, which {given[0]} needs; end its name in /")
        return output[0]
    if given:
        raise InputError(f"{given[0]}: needs one folder for the results; give -o FOLDER/")
    return None


def detect_many(inputs: Sequence[str], folder: str, settings: Settings, many: Many, *, join: bool) -> int:
    """Read every input and store its results in a folder.

    Parameters
    ----------
    inputs : sequence of str
        As for `omr.batch.find_pieces`.
    folder : str
        A folder or a URL.
    settings : Settings
    many : Many
    join : bool
        Whether all inputs are one piece.

    Returns
    -------
    int
        Exit status.

    Raises
    ------
    InputError
        When the inputs or the settings can't be used.
    """
    from omr.batch import find_pieces, run
    from omr.batch.job import REPORT
    from omr.batch.settings import parse_formats
    from omr.files import check_writable

    settings = replace(settings, formats=parse_formats(many.to)) if many.to is not None else settings
    if many.engine not in (None, *ENGINES):
        raise InputError(f"{many.engine}: no such engine; choose {' or '.join(ENGINES)}")
    if "://" not in folder:
        check_writable(Path(folder) / "results")
        _check_new(Path(folder), settings)
    pieces = find_pieces(inputs, join=join, listed=sys.stdin)
    with terminated_as_interrupted():
        outcome = run(_events(pieces, settings, folder, many), len(pieces), folder)
    say(f"{outcome.tally.summary()}, {outcome.tally.speed()}")
    say(f"results and {REPORT} are in {folder}")
    if outcome.interrupted:
        again = shlex.join([*sys.argv[1:], *([] if settings.resume else ["--resume"])])
        complain(f"stopped; what is done is stored. To go on: omr {again}")
        return INTERRUPTED
    if outcome.tally.failed:
        return 2
    nothing = outcome.tally.done + outcome.tally.resumed > 0 and not outcome.has_music
    return NOTHING_READ if nothing else 0


def _check_new(folder: Path, settings: Settings) -> None:
    """Refuse the folder of an earlier run unless it is said what to do with its results."""
    from omr.batch.records import FOLDER

    if (folder / FOLDER).exists() and not settings.resume and settings.on_exists is None:
        raise InputError(
            f"{folder}: has results of an earlier run; --resume goes on with it, --on-exists skip, overwrite "
            "or number starts anew"
        )


def _events(pieces: Sequence[Piece], settings: Settings, folder: str, many: Many) -> Generator[Event]:
    """Choose the engine."""
    from omr.batch.processes import read_here, read_in_processes

    if many.engine == "ray" or (many.engine is None and many.address):
        from omr.batch.ray_engine import read_on_ray

        return read_on_ray(pieces, settings, folder, address=many.address, jobs=many.jobs)
    jobs = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if many.jobs is not None:
        jobs = many.jobs
    elif len(pieces) == 1:
        jobs = 0
    return read_in_processes(pieces, settings, folder, jobs) if jobs else read_here(pieces, settings, folder)
