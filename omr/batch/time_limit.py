"""Limit the time that a step may take."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from omr.errors import InputError


@contextmanager
def time_limit(seconds: float, what: str) -> Iterator[None]:
    """End the block with an error when it takes too long.

    It does so between two steps of Python; a single call into compiled code is not interrupted. Outside of a
    process's main thread, and on systems without alarm signals, there is no limit.

    Parameters
    ----------
    seconds : float
        0 for no limit.
    what : str
        What takes the time, for the message.

    Yields
    ------
    None

    Raises
    ------
    InputError
        When the time is up.
    """
    if seconds <= 0 or threading.current_thread() is not threading.main_thread() or not _ALARMS:
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise InputError(f"{what}: took longer than {seconds:g} seconds; give it more with --page-seconds")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


_ALARMS = hasattr(signal, "SIGALRM")
