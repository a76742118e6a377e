"""Engine for a cluster: read blocks of pieces in the workers of Ray, each of which loads the weights once.

A worker that dies is replaced by a new one, and its blocks are given out again: what it had finished is found
by its records and not read twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from omr.batch.inputs import Piece
from omr.batch.piece_reader import Work, read_piece
from omr.batch.processes import ATTEMPTS, THREAD_VARIABLES, Event, make_work
from omr.batch.records import Record, write_record
from omr.batch.settings import Settings
from omr.batch.store import open_store
from omr.errors import InputError

BLOCK = 16
"""Pieces given to a worker at a time: large enough that giving them out takes no time, small enough that
little is read again when a worker dies."""

AHEAD = 2
"""Blocks that wait at each worker, so that it never waits itself."""


class BlockReader:
    """A worker: it loads the weights when it starts, and reads one block after the other.

    Parameters
    ----------
    settings : Settings
    out : str
        Folder or URL of the results, the same for all workers.
    """

    def __init__(self, settings: Settings, out: str) -> None:
        self._work: Work = make_work(settings, open_store(out))

    def read(self, block: Sequence[Piece], again: bool) -> list[Record]:
        """Read pieces one after the other.

        Parameters
        ----------
        block : sequence of Piece
        again : bool
            Whether the block was given to a worker that died: its finished pieces are left as they are.

        Returns
        -------
        list of Record
        """
        settings = replace(self._work.settings, resume=self._work.settings.resume or again)
        return [read_piece(piece, replace(self._work, settings=settings)) for piece in block]


@dataclass(frozen=True)
class _Block:
    """Pieces, and how often workers died over them."""

    pieces: tuple[Piece, ...]
    deaths: int = 0


def read_on_ray(
    pieces: Sequence[Piece],
    settings: Settings,
    out: str,
    *,
    address: str | None = None,
    jobs: int | None = None,
    block: int = BLOCK,
) -> Generator[Event]:
    """Read pieces on a Ray cluster.

    Parameters
    ----------
    pieces : sequence of Piece
        Their files must have the same names on every machine, as in a shared folder, or be URLs.
    settings : Settings
        A weights file, where one is named, must be in a shared folder too.
    out : str
        A shared folder, or a URL.
    address : str, optional
        Of the cluster; by default the one that RAY_ADDRESS names, else one is started on this machine.
    jobs : int, optional
        Number of workers, each on one processor core; by default one for each core of the cluster.
    block : int
        Pieces given to a worker at a time.

    Yields
    ------
    Record or int
        Each piece when its block is finished, in any order.

    Raises
    ------
    InputError
        When Ray isn't installed, the cluster is not there, or a worker can't start.
    """
    ray = _connected(address)
    try:
        count = jobs or max(1, int(ray.cluster_resources().get("CPU", 1)))
        waiting = deque(_Block(tuple(pieces[i : i + block])) for i in range(0, len(pieces), block))
        count = min(count, len(waiting))
        actor = ray.remote(num_cpus=1)(BlockReader)
        yield from _give_out(ray, lambda: actor.remote(settings, out), count, waiting, out)
    finally:
        ray.shutdown()


def _connected(address: str | None) -> Any:
    try:
        import ray
    except ImportError as error:
        raise InputError("this needs ray: run `pip install 'omr-music[ray]'`") from error
    variables = dict.fromkeys(THREAD_VARIABLES, "1")
    try:
        ray.init(
            address=address,
            log_to_driver=False,
            logging_level="ERROR",
            include_dashboard=False if address is None else None,
            runtime_env={"env_vars": variables},
            ignore_reinit_error=True,
        )
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise InputError(f"{address or 'Ray'}: no cluster there ({error}); check --address") from error
    return ray


def _give_out(
    ray: Any, start: Callable[[], Any], count: int, waiting: deque[_Block], out: str
) -> Iterator[Event]:
    """Keep `count` workers busy until all blocks are read."""
    running: dict[Any, tuple[int, _Block]] = {}
    workers = {number: start() for number in range(count)}
    for number in [*workers] * AHEAD:
        _give(running, number, workers, waiting)
    while running:
        [done], _ = ray.wait(list(running), num_returns=1)
        number, block = running.pop(done)
        try:
            for record in ray.get(done):
                yield 0 if record.resumed else record.pages
                yield record
        except ray.exceptions.RayActorError:
            yield from _after_death(block, waiting, out)
            if all(other != number for other, _ in running.values()):  # its last block
                workers[number] = start()
                _give(running, number, workers, waiting)
            else:
                continue
        except ray.exceptions.RayTaskError as error:
            raise InputError(f"a worker can't start: {error.cause}") from error
        _give(running, number, workers, waiting)


def _give(
    running: dict[Any, tuple[int, _Block]], number: int, workers: dict[int, Any], waiting: deque[_Block]
) -> None:
    """Give the next block to a worker."""
    if waiting:
        block = waiting.popleft()
        running[workers[number].read.remote(list(block.pieces), block.deaths > 0)] = number, block


def _after_death(block: _Block, waiting: deque[_Block], out: str) -> Iterator[Event]:
    """Give the pieces of a block out again one by one; a piece that ended its workers has failed.

    A block that waited at a worker when it died counts as a death too: hence the one by one.
    """
    if len(block.pieces) > 1 or block.deaths < ATTEMPTS + AHEAD:
        waiting.extendleft(_Block((piece,), block.deaths + 1) for piece in reversed(block.pieces))
        return
    [piece] = block.pieces
    message = f"{piece.title}: the worker that read it died {block.deaths + 1} times; try it alone"
    record = Record(piece.title, "failed", piece.name, message=message)
    write_record(open_store(out), piece, record)
    yield record
