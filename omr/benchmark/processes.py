"""Run functions in fresh processes that may crash or hang without harm to the caller.

`concurrent.futures` starts processes, too, but before Python 3.14 it can't end the other ranks of a
joint training when one of them fails, and a rank that waits for a dead one waits forever.
"""

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
"""What the function returns that the processes run."""

PRELOADED = (
    "omr.benchmark.processes",
    "omr.benchmark.measurement",
    "omr.baselines.mask_rcnn",
    "faster_coco_eval",
    "matplotlib.figure",
)
"""Modules that the fork server imports once for all processes; importing them takes seconds."""

LONGEST_REASON = 200
"""Characters of an exception's first line that a `WorkerError` repeats."""

LOOPBACK = "127.0.0.1"
"""Address at which the processes of a joint training find each other: this machine."""


class WorkerError(Exception):
    """A worker process raised an exception or died; the message says why in one line."""


def run_in_processes(log: Path, work: Callable[..., Answer], *arguments: Any, processes: int = 1) -> Answer:
    """Call a function in one or several fresh processes and return the first one's answer.

    Parameters
    ----------
    log : Path
        File to which everything is appended that the processes print.
    work : callable
        A function of a module; every process calls it with the same arguments.
    *arguments : Any
        Arguments that can be pickled.
    processes : int
        Processes that train together. Each finds the others by the environment variables that
        `omr.training.Trainer` reads.

    Returns
    -------
    Answer
        What `work` returned in the process of rank 0.

    Raises
    ------
    WorkerError
        When a process raises an exception or is killed, for instance because the system has no more
        memory. All other processes are killed.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    port = _free_port() if processes > 1 else 0
    pipes, workers = [], []
    try:
        for rank in range(processes):
            receiver, sender = context.Pipe(duplex=False)
            worker = context.Process(
                target=_run_worker, args=(sender, (rank, processes, port), log, work, arguments)
            )
            worker.start()
            sender.close()  # the worker holds the only sender, so its death closes the pipe
            pipes.append(receiver)
            workers.append(worker)
        answers = _receive(pipes)
    finally:
        for worker in workers:
            worker.kill()
            worker.join()
    first: Answer = answers[0]
    return first


def _receive(pipes: list[connection.Connection]) -> list[Any]:
    """Wait for the answer of every process and return the answers by rank."""
    answers: dict[int, Any] = {}
    while len(answers) < len(pipes):
        waiting = [pipe for rank, pipe in enumerate(pipes) if rank not in answers]
        for pipe in connection.wait(waiting):
            assert isinstance(pipe, connection.Connection)
            try:
                answer, failure = pipe.recv()
            except EOFError:
                raise WorkerError("its process was killed, probably for lack of memory") from None
            if failure:
                raise WorkerError(failure)
            answers[pipes.index(pipe)] = answer
    return [answers[rank] for rank in range(len(pipes))]


def _run_worker(
    pipe: connection.Connection,
    position: tuple[int, int, int],
    log: Path,
    work: Callable[..., Any],
    arguments: tuple[Any, ...],
) -> None:
    """Do the work of one process and send its answer, or why there is none."""
    Thread(target=_end_with_parent, daemon=True).start()
    with log.open("a", encoding="utf-8") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    set_start_method(None, force=True)  # processes that the work starts use the platform's default
    _join_training(*position)
    try:
        answer, failure = work(*arguments), ""
    except Exception as error:
        traceback.print_exc()
        answer, failure = None, _first_line(error)
    sys.stdout.flush()  # the caller kills this process once it has the answer
    pipe.send((answer, failure))


def _join_training(rank: int, processes: int, port: int) -> None:
    """Tell Lightning Fabric that its processes run already, and share out the cores among them."""
    if processes == 1:
        return
    import torch

    os.environ |= {"LOCAL_RANK": str(rank), "NODE_RANK": "0"}
    os.environ |= {"MASTER_ADDR": LOOPBACK, "MASTER_PORT": str(port)}
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // processes))


def _end_with_parent() -> None:
    """End this process when the benchmark is killed; a restarted benchmark writes the same files."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _first_line(error: Exception) -> str:
    """Return the kind and the first line of an exception."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:LONGEST_REASON]}" if lines else type(error).__name__


def _free_port() -> int:
    """Return a port that no process listens on."""
    with socket.socket() as server:
        server.bind((LOOPBACK, 0))
        port: int = server.getsockname()[1]
        return port
