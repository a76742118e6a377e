"""Worker processes that may die: a job that kills its process is told so and the run goes on.

verovio aborts the whole process on a few broken scores, and hangs on none
known; both ends of a job are handled here and nowhere else.
"""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Done:
    """A job that returned `result`."""

    job: Any
    result: Any


@dataclass(frozen=True)
class Died:
    """A job whose process was lost; `last` is what it reported last."""

    job: Any
    last: Any


@dataclass
class _Worker:
    """One process and the job it holds."""

    function: Callable[[Any, Callable[[Any], None]], Any]
    job: Any = None
    last: Any = None
    since: float = 0.0

    def __post_init__(self) -> None:
        self.connection, theirs = _CONTEXT.Pipe()
        self.process = _CONTEXT.Process(target=_serve, args=(theirs, self.function), daemon=True)
        self.process.start()
        theirs.close()

    def give(self, job: Any) -> None:
        self.job, self.last, self.since = job, None, time.monotonic()
        self.connection.send(job)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def run(
    function: Callable[[Any, Callable[[Any], None]], Any],
    jobs: Iterable[Any],
    workers: int,
    limit: float = 120.0,
) -> Iterator[Done | Died]:
    """Run ``function(job, report)`` for every job, in `workers` processes.

    Parameters
    ----------
    function : callable
        Importable by name. It may call ``report(note)`` any number of times to say what it is at.
    jobs : iterable
        Picklable.
    workers : int
    limit : float
        Seconds after which a job without news counts as dead.

    Yields
    ------
    Done or Died
        In the order in which jobs end.

    Raises
    ------
    RuntimeError
        When `function` raised; the message holds its traceback.
    """
    waiting = deque(jobs)
    team = [_Worker(function) for _ in range(min(workers, len(waiting)))]
    try:
        while waiting or any(worker.job is not None for worker in team):
            for worker in team:
                if worker.job is None and waiting:
                    worker.give(waiting.popleft())
            busy = {worker.connection: worker for worker in team if worker.job is not None}
            ready = wait(busy, timeout=1.0)
            for connection, worker in busy.items():
                late = time.monotonic() - worker.since > limit
                if connection in ready or late:
                    yield from _hear(worker, team, late and connection not in ready)
    finally:
        for worker in team:
            worker.stop()


def _hear(worker: _Worker, team: list[_Worker], late: bool) -> Iterator[Done | Died]:
    """Take one message from a worker; replace the worker if there is none to come."""
    try:
        if late:
            raise EOFError
        kind, value = worker.connection.recv()
    except (EOFError, OSError):
        team[team.index(worker)] = _Worker(worker.function)
        worker.stop()
        yield Died(worker.job, worker.last)
        return
    if kind == "report":
        worker.last, worker.since = value, time.monotonic()
    elif kind == "error":
        raise RuntimeError(value)
    else:
        job, worker.job = worker.job, None
        yield Done(job, value)


def _serve(connection: Connection, function: Callable[[Any, Callable[[Any], None]], Any]) -> None:
    """The life of a worker: jobs in, reports and results out, until the pipe closes."""
    import traceback

    while True:
        try:
            job = connection.recv()
        except EOFError:
            return
        try:
            result = function(job, lambda note: connection.send(("report", note)))
            connection.send(("done", result))
        except Exception:
            connection.send(("error", traceback.format_exc()))
