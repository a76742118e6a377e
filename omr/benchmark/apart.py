"""Work in processes of its own: what it holds is its own, and where it dies the others go on."""

from __future__ import annotations

import os
import socket
import sys
import traceback
from collections.abc import Callable
from multiprocessing import connection, get_context, parent_process, set_start_method
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

Answer = TypeVar("Answer")

PRELOADED = (
    "omr.benchmark.apart",
    "omr.benchmark.tasks",
    "omr.baselines.mask_rcnn",
    "faster_coco_eval",
    "matplotlib.figure",
)
"""Imported once, where all processes are forked from: it takes seconds."""


class FailedError(Exception):
    """What was to be done apart was not done; says why in one line."""


def apart(log: Path, work: Callable[..., Answer], *arguments: Any, processes: int = 1) -> Answer:
    """Call a function of this package in fresh processes.

    Parameters
    ----------
    log : Path
        Takes what they print.
    work : callable
        Is given the arguments in each process.
    processes : int
        That train together: each finds the others as `omr.training.Trainer` expects it.

    Returns
    -------
    Answer
        That of the first process.

    Raises
    ------
    FailedError
        When one of them raises an exception or dies, as it does where the
        system has no more memory for it; the others are ended.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    port = _free_port() if processes > 1 else 0
    pipes, workers = [], []
    try:
        for rank in range(processes):
            here, there = context.Pipe(duplex=False)
            worker = context.Process(
                target=_work, args=(there, (rank, processes, port), log, work, arguments)
            )
            worker.start()
            there.close()  # else its end would not be noticed
            pipes.append(here)
            workers.append(worker)
        answers = _answers(pipes)
    finally:
        for worker in workers:
            worker.kill()
            worker.join()
    return answers[0]


def _answers(pipes: list[connection.Connection]) -> list[Any]:
    """What each of them sends, in their order; waits for all, unless one fails."""
    answers: dict[int, Any] = {}
    while len(answers) < len(pipes):
        waiting = [pipe for number, pipe in enumerate(pipes) if number not in answers]
        for pipe in connection.wait(waiting):
            assert isinstance(pipe, connection.Connection)
            try:
                answer, failure = pipe.recv()
            except EOFError:
                raise FailedError("its process was killed, probably for lack of memory") from None
            if failure:
                raise FailedError(failure)
            answers[pipes.index(pipe)] = answer
    return [answers[number] for number in range(len(pipes))]


def _work(
    pipe: connection.Connection,
    place: tuple[int, int, int],
    log: Path,
    work: Callable[..., Any],
    arguments: tuple[Any, ...],
) -> None:
    """The life of a process."""
    Thread(target=_end_with_parent, daemon=True).start()
    with log.open("a", encoding="utf-8") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    set_start_method(None, force=True)  # for processes of its own, as everywhere; not that of this one
    _take_place(*place)
    try:
        said = (work(*arguments), "")
    except Exception as error:
        traceback.print_exc()
        said = (None, _in_one_line(error))
    sys.stdout.flush()  # who answers is ended
    pipe.send(said)


def _take_place(rank: int, processes: int, port: int) -> None:
    """Tell Lightning's Fabric that its processes have been started for it, and share out the cores."""
    if processes == 1:
        return
    import torch

    os.environ |= {"LOCAL_RANK": str(rank), "NODE_RANK": "0"}
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // processes))


def _end_with_parent() -> None:
    """Else who starts a killed benchmark again would have two processes write one file."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _in_one_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__


def _free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port: int = server.getsockname()[1]
        return port
