"""Show how far a job is: a bar where there is a terminal, else a line now and then."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

if TYPE_CHECKING:
    from types import TracebackType

    from omr.batch.records import Record

LINE_SECONDS = 10.0
"""Seconds between two lines of progress where there is no terminal."""


@dataclass
class Tally:
    """What a job has done so far.

    Attributes
    ----------
    total : int
        Pieces of the job.
    done, failed, skipped, resumed : int
        Pieces that were read in this run; that can't be read; whose results were there; that an earlier run
        had read.
    pages : int
        Pages read in this run.
    started : float
        Seconds of the monotonic clock.
    """

    total: int
    done: int = 0
    failed: int = 0
    skipped: int = 0
    resumed: int = 0
    pages: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def finished(self) -> int:
        """Pieces that nothing more is done about."""
        return self.done + self.failed + self.skipped + self.resumed

    def add(self, record: Record) -> None:
        """Count a piece.

        Parameters
        ----------
        record : Record
        """
        if record.resumed:
            self.resumed += 1
        elif record.state == "done":
            self.done += 1
        elif record.state == "skipped":
            self.skipped += 1
        else:
            self.failed += 1

    def speed(self) -> str:
        """Say how fast pieces and pages are read, and how long the rest takes.

        Returns
        -------
        str
        """
        seconds = max(1e-3, time.monotonic() - self.started)
        read = self.done + self.failed
        said = f"{self.pages} pages, {read / seconds:.2f} pieces/s, {self.pages / seconds:.2f} pages/s"
        left = self.total - self.finished
        if read and left:
            said += f", {timedelta(seconds=round(left * seconds / read))} left"
        return said

    def summary(self) -> str:
        """Say what was done.

        Returns
        -------
        str
        """
        counts = {
            "read": self.done,
            "read before": self.resumed,
            "left as they were": self.skipped,
            "failed": self.failed,
        }
        return f"{self.finished} of {self.total} pieces: " + ", ".join(
            f"{count} {what}" for what, count in counts.items() if count or what == "read"
        )


class Display:
    """A progress bar on stderr where that is a terminal, else lines there.

    Parameters
    ----------
    tally : Tally
    """

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._console = Console(stderr=True, soft_wrap=True)
        self._shown = time.monotonic()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[speed]}"),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("pieces", total=tally.total, speed="")

    def __enter__(self) -> Display:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.update()
        self._bar.stop()

    def say(self, line: str) -> None:
        """Print a line above the bar.

        Parameters
        ----------
        line : str
        """
        self._console.print(" ".join(line.split()), markup=False, highlight=False)

    def update(self) -> None:
        """Show what the tally says."""
        tally = self._tally
        self._bar.update(self._task, completed=tally.finished, speed=tally.speed())
        if not self._console.is_terminal and time.monotonic() - self._shown > LINE_SECONDS:
            self._shown = time.monotonic()
            self.say(f"{tally.finished} of {tally.total} pieces, {tally.failed} failed: {tally.speed()}")
