"""Run jobs in worker processes that may crash or hang: such a job is reported and the run continues.

verovio aborts the whole process on a few broken scores.

The standard library's ``ProcessPoolExecutor`` gives up all pending jobs when one process dies and
has no time limit for a job; loky starts new processes, but loses the pending jobs as well.
"""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Function = Callable[[Any, Callable[[Any], None]], Any]
_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Done:
    """A job that returned.

    Attributes
    ----------
    job : object
    result : object
        What the function returned.
    """

    job: Any
    result: Any


@dataclass(frozen=True)
class Died:
    """A job whose process crashed or was ended after the time limit.

    Attributes
    ----------
    job : object
    last : object
        The last report of the job; None if it made none.
    """

    job: Any
    last: Any


@dataclass
class _Worker:
    """One process and the job it holds."""

    function: Function
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


class Team:
    """Worker processes; a context manager that ends them.

    Parameters
    ----------
    function : callable
        Called as ``function(job, report)`` in a worker; importable by name. It may call
        ``report(note)`` any number of times to tell its progress.
    size : int
        Number of processes.
    limit : float
        Seconds after which a job without a report or result counts as hanging.
    """

    def __init__(self, function: Function, size: int, limit: float = 120.0) -> None:
        self._workers = [_Worker(function) for _ in range(size)]
        self._limit = limit

    def __enter__(self) -> Team:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.stop()

    def run(self, jobs: Iterable[Any]) -> Iterator[Done | Died]:
        """Run jobs, each in the next free process.

        Parameters
        ----------
        jobs : iterable
            Picklable arguments of the function.

        Yields
        ------
        Done or Died
            In the order in which jobs end.

        Raises
        ------
        RuntimeError
            When the function raised; the message holds its traceback.
        """
        waiting = deque(jobs)
        while waiting or any(worker.job is not None for worker in self._workers):
            for worker in self._workers:
                if worker.job is None and waiting:
                    worker.give(waiting.popleft())
            busy = {worker.connection: worker for worker in self._workers if worker.job is not None}
            ready = wait(busy, timeout=1.0)
            for connection, worker in busy.items():
                late = time.monotonic() - worker.since > self._limit
                if connection in ready or late:
                    yield from self._hear(worker, dead=connection not in ready)

    def _hear(self, worker: _Worker, dead: bool) -> Iterator[Done | Died]:
        """Take one message from a worker; replace a worker that crashed or hangs."""
        try:
            if dead:
                raise EOFError
            kind, value = worker.connection.recv()
        except (EOFError, OSError):
            self._workers[self._workers.index(worker)] = _Worker(worker.function)
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


def _serve(connection: Connection, function: Function) -> None:
    """Take jobs from a pipe and send reports and results back until it closes."""
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
