"""Messages to the user of the command line, one line each, and the signals that end it."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
"""Exit status of a run that the user stopped, as shells have it."""


def say(line: str) -> None:
    """Print a line on stdout; when nobody reads it any more, the work goes on all the same.

    Parameters
    ----------
    line : str
    """
    try:
        print(line, flush=True)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (stays open)


def complain(what: object) -> None:
    """Print a message in one line on stderr."""
    print("omr:", " ".join(str(what).split()), file=sys.stderr)


@contextmanager
def terminated_as_interrupted() -> Iterator[None]:
    """Let the signal by which systems end programs raise KeyboardInterrupt, as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class _Complaints(logging.Handler):
    """Prints what the library logs."""

    def emit(self, record: logging.LogRecord) -> None:
        complain(record.getMessage())


def show_log() -> None:
    """Print the library's warnings from now on."""
    log = logging.getLogger("omr")
    if not any(isinstance(handler, _Complaints) for handler in log.handlers):
        log.addHandler(_Complaints(logging.WARNING))
