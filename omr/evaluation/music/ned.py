"""OMR-NED: the notation edit distance of two scores over their size, measured by the package musicdiff.

Martinez-Sevilla, Rios-Vila, Calvo-Zaragoza and Chapman (2025), *PageLayout Music Benchmark*: edits of notes,
rests, beams, marks and signs, over the symbols of both scores; 0 is the same score, 1 nothing in common.
"""

from __future__ import annotations

import importlib
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

PATIENCE = 180.0
"""Seconds after which two scores count as beyond comparison: most take six, but where little of one is in the
other the search for the fewest edits goes on for hours and takes all memory."""


def omr_ned(predicted: Path, truth: Path, patience: float = PATIENCE) -> float | None:
    """The OMR-NED of a file against its truth, every kind of notation counted; None where it fails.

    Parameters
    ----------
    predicted, truth : Path
        Files of any kind that music21 reads.
    patience : float
        Seconds that it may take.

    Raises
    ------
    ModuleNotFoundError
        When musicdiff isn't installed.
    """
    importlib.import_module("musicdiff")
    context = get_context("spawn")  # a process of its own can be ended
    here, there = context.Pipe(duplex=False)
    worker = context.Process(target=_measure, args=(predicted, truth, there), daemon=True)
    worker.start()
    there.close()  # else its end would not be noticed
    try:
        answer: float | None = here.recv() if here.poll(patience) else None
        return answer
    except EOFError:  # killed, for lack of memory
        return None
    finally:
        worker.kill()
        worker.join()


def _measure(predicted: Path, truth: Path, answer: Connection) -> None:
    from music21 import converter
    from music21.stream import Score
    from musicdiff.annotation import AnnScore
    from musicdiff.comparison import Comparison
    from musicdiff.detaillevel import DetailLevel
    from musicdiff.visualization import Visualization

    try:
        parsed = [converter.parse(path, forceSource=True) for path in (predicted, truth)]
        scores = [AnnScore(s, DetailLevel.AllObjects) for s in parsed if isinstance(s, Score)]
        _, edits = Comparison.annotated_scores_diff(*scores)
        ned = Visualization.get_omr_ned(edits, *(score.notation_size() for score in scores))
    except Exception:  # either package may stumble over a score that is unusual enough
        answer.send(None)
    else:
        answer.send(float(ned))


def version() -> str:
    """Which musicdiff this is: figures depend on it."""
    from importlib.metadata import version as of

    return of("musicdiff")


def read_back(source: Path, converted: Path) -> bool:
    """Write what music21 reads in a file as MusicXML: its own losses are to be known. Whether it could."""
    from music21 import converter

    try:
        converter.parse(source, forceSource=True).write("musicxml", converted)
    except Exception:  # music21 raises whatever it stumbles over
        return False
    return True
