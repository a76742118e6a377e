"""Run a job: show its progress, say which pieces failed, write the report."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omr.batch.progress import Display, Tally
from omr.batch.records import Record
from omr.batch.store import open_store

if TYPE_CHECKING:
    from collections.abc import Generator

    from omr.batch.processes import Event

REPORT = "report.jsonl"
"""Name of the report in the output folder: the record of each piece, one a line."""


@dataclass(frozen=True)
class Outcome:
    """How a job ended.

    Attributes
    ----------
    tally : Tally
    interrupted : bool
        Whether the user stopped it.
    has_music : bool
        Whether a note or a rest was read in any piece.
    """

    tally: Tally
    interrupted: bool
    has_music: bool


def run(events: Generator[Event], total: int, out: str) -> Outcome:
    """Follow an engine to the end of a job, or until it is interrupted.

    Parameters
    ----------
    events : generator of Record or int
        From an engine.
    total : int
        Number of pieces.
    out : str
        Folder or URL of the results. The report is written when the job ends, however it does.

    Returns
    -------
    Outcome
    """
    tally = Tally(total)
    interrupted = has_music = False
    with tempfile.TemporaryFile("w+", encoding="utf-8") as lines, Display(tally) as display, closing(events):
        try:
            for event in events:
                if isinstance(event, Record):
                    tally.add(event)
                    has_music |= any(score is not None for score in event.quality)
                    lines.write(event.line() + "\n")
                    for said in _remarks(event):
                        display.say(f"omr: {said}")
                else:
                    tally.pages += event
                display.update()
        except KeyboardInterrupt:
            interrupted = True
        finally:
            lines.seek(0)
            open_store(out).write(REPORT, lines.read().encode())
    return Outcome(tally, interrupted, has_music)


def _remarks(record: Record) -> Iterable[str]:
    """Say which pages and pieces can't be read."""
    if record.resumed:
        return
    yield from record.broken
    if record.message:
        yield record.message
