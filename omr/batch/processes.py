"""Engines of one machine: read pieces here, or in processes that may be killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from omr.batch.inputs import Piece
from omr.batch.piece_reader import Work, read_piece
from omr.batch.records import Record, write_record
from omr.batch.settings import Settings
from omr.batch.store import Store, open_store
from omr.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Generator

    from omr.inference import Reader

Event: TypeAlias = Record | int
"""A piece that is finished, or the number of pages read since the last event."""

ATTEMPTS = 2
"""Times that a piece is given to a worker, and times that a worker may end while it starts: both may end for
a reason that is gone the next time."""

LOOK_SECONDS = 0.5
"""Seconds between two looks at the time and the memory of the workers."""

GRACE = 2.0
"""Factor on `Settings.page_seconds` after which a worker is ended: it ends a slow page itself before."""

START_SECONDS = 300.0
"""Longest time in seconds that a worker may take to load its weights."""

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Environment variables by which numerical libraries choose their number of threads: one for each worker."""


def make_work(settings: Settings, store: Store) -> Work:
    """Load the weights.

    Parameters
    ----------
    settings : Settings
    store : Store

    Returns
    -------
    Work

    Raises
    ------
    InputError
        When the weights or a value can't be used.
    """
    return Work(make_reader(settings), store, settings, settings.digest())


def make_reader(settings: Settings) -> Reader:
    """Load the weights into a reader.

    Parameters
    ----------
    settings : Settings

    Returns
    -------
    Reader

    Raises
    ------
    InputError
        When the weights or a value can't be used.
    """
    from omr.inference import Reader

    return Reader(
        settings.weights,
        settings.device,
        staff_space=settings.staff_space,
        min_score=settings.min_score,
        classes=settings.classes,
        names=settings.names,
        dpi=settings.dpi,
        words=settings.words,
    )


def read_here(pieces: Sequence[Piece], settings: Settings, out: str) -> Generator[Event]:
    """Read pieces one after the other in this process.

    Parameters
    ----------
    pieces : sequence of Piece
    settings : Settings
    out : str
        Folder or URL of the results.

    Yields
    ------
    Record or int
        The pages of each piece, and the piece, when it is finished.
    """
    work = make_work(settings, open_store(out))
    for piece in pieces:
        record = read_piece(piece, work)
        yield 0 if record.resumed else record.pages
        yield record


def read_in_processes(pieces: Sequence[Piece], settings: Settings, out: str, jobs: int) -> Generator[Event]:
    """Read pieces in processes of their own, each on one processor core.

    A process that dies, takes too long or too much memory fails the piece it was reading, and another takes
    its place. Closing the generator ends all processes at once; what they have stored stays.

    Parameters
    ----------
    pieces : sequence of Piece
    settings : Settings
    out : str
        Folder or URL of the results.
    jobs : int
        Number of processes.

    Yields
    ------
    Record or int
        Each piece when it is finished, in any order; the pages read in between.

    Raises
    ------
    InputError
        When the workers can't start.
    """
    waiting = deque(_Task(piece) for piece in pieces)
    workers = [_Worker(settings, out) for _ in range(min(jobs, len(pieces)))]
    store = open_store(out)
    try:
        while waiting or any(worker.task for worker in workers):
            for worker in workers:
                if worker.ready and worker.task is None and waiting:
                    worker.give(waiting.popleft())
            wait(
                [thing for worker in workers for thing in (worker.connection, worker.sentinel)], LOOK_SECONDS
            )
            for worker in workers:
                yield from worker.messages()
                if fault := worker.fault():
                    yield from _after_fault(worker, fault, waiting, store)
    finally:
        for worker in workers:
            worker.end()


@dataclass
class _Task:
    """A piece and how often it was tried."""

    piece: Piece
    attempts: int = 0


def _after_fault(worker: _Worker, fault: str, waiting: deque[_Task], store: Store) -> Iterator[Record]:
    """Start a worker anew; its piece is tried again, or has failed."""
    task = worker.task
    if not worker.ready and (worker.refused or worker.starts >= ATTEMPTS):
        raise InputError(f"a worker can't start: {fault}")
    worker.restart()
    if task is None:
        return
    if task.attempts < ATTEMPTS and not worker.overran:
        waiting.appendleft(task)
        return
    record = Record(task.piece.title, "failed", task.piece.name, message=f"{task.piece.title}: {fault}")
    write_record(store, task.piece, record)
    yield record


class _Worker:
    """A process that reads pieces, as seen from the process that gives them out."""

    def __init__(self, settings: Settings, out: str) -> None:
        self._settings, self._out = settings, out
        self.starts = 0
        self._start()

    def _start(self) -> None:
        self.task: _Task | None = None
        self.ready = self.overran = False
        self._error = ""
        self.starts += 1
        self._deadline = time.monotonic() + START_SECONDS
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._settings, self._out), daemon=True)
        with _one_thread():
            self._process.start()
        theirs.close()

    @property
    def refused(self) -> bool:
        """Whether the process can't use its settings, so that another one could neither."""
        return bool(self._error)

    @property
    def sentinel(self) -> int:
        """What becomes ready when the process ends."""
        return self._process.sentinel

    def give(self, task: _Task) -> None:
        """Have a piece read."""
        task.attempts += 1
        self.task = task
        self._allow(1)
        with suppress(OSError):  # it may have died; `fault` tells
            self.connection.send(task.piece)

    def messages(self) -> Iterator[Event]:
        """Take what the process has sent."""
        with suppress(EOFError, OSError):  # it may have died; `fault` tells
            while self.connection.poll():
                message = self.connection.recv()
                if isinstance(message, Record):
                    self.task = None
                    self._deadline = float("inf")
                    yield message
                elif isinstance(message, str):
                    self.ready, self._error = not message, message
                    self.starts = 0
                    self._deadline = float("inf")
                else:
                    allowed, read = message
                    self._allow(allowed)
                    if read:
                        yield read

    def fault(self) -> str:
        """Say why the process can't go on; "" while it can."""
        if self._error:
            return self._error
        if not self._process.is_alive():
            code = self._process.exitcode or 0
            cause = (
                f"was killed by signal {-code}, perhaps for lack of memory" if code < 0 else f"ended ({code})"
            )
            return f"the process that read it {cause}; try it alone"
        if time.monotonic() > self._deadline:
            self.overran = self.task is not None
            return f"a page took longer than {self._settings.page_seconds:g} seconds; give --page-seconds"
        if self.task and _resident_bytes(self._process.pid) > self._settings.worker_bytes > 0:
            self.overran = True
            return f"needs more than {self._settings.worker_bytes / 1e9:.1f} GB of memory; scale it down"
        return ""

    def restart(self) -> None:
        """End the process and start another one."""
        overran = self.overran
        self.end()
        self._start()
        self.overran = overran

    def end(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.join()
        self.connection.close()

    def _allow(self, pages: int) -> None:
        """Set the time by which the next message must come."""
        seconds = self._settings.page_seconds
        self._deadline = time.monotonic() + seconds * GRACE * pages if seconds > 0 else float("inf")


def _serve(connection: Connection, settings: Settings, out: str) -> None:
    """Read pieces until nobody sends any."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process ends its workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        work = make_work(settings, open_store(out))
    except InputError as error:
        connection.send(str(error))
        return
    connection.send("")
    tell: Callable[[tuple[int, int]], Any] = connection.send
    while True:
        try:
            piece = connection.recv()
        except EOFError:
            return
        connection.send(read_piece(piece, work, tell))


def _end_with_parent() -> None:
    """End this process when its parent is gone: another run may be at work on the same pieces."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Start processes that compute in one thread, unless the user chose otherwise."""
    unset = [name for name in THREAD_VARIABLES if name not in os.environ]
    os.environ.update(dict.fromkeys(unset, "1"))
    try:
        yield
    finally:
        for name in unset:
            del os.environ[name]


def _resident_bytes(process: int | None) -> int:
    """Measure the memory of a process; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0
