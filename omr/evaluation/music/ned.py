"""OMR-NED: the notation edit distance of two scores over their size, measured by the package musicdiff.

Edits of notes, rests, beams, marks and signs, over the symbols of both scores (Martinez-Sevilla, Rios-Vila,
Calvo-Zaragoza and Chapman, *Sheet Music Benchmark*, 2025); 0 for equal scores, 1 for nothing in common. The
measurement runs in a process of its own, since it may take hours and all memory, and a process can be ended.
"""

from __future__ import annotations

import importlib
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

PATIENCE = 180.0
"""Seconds after which a measurement is given up; most take six.

Where two scores have little in common, the search for the fewest edits takes hours.
"""


def omr_ned(predicted: Path, truth: Path, patience: float = PATIENCE) -> float | None:
    """Measure the OMR-NED of a file to its truth, every kind of notation counted.

    Parameters
    ----------
    predicted, truth : Path
        Files of any kind that music21 reads.
    patience : float
        Seconds that it may take.

    Returns
    -------
    float or None
        From 0 to 1; None where music21 or musicdiff fail, or patience ends.

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
    there.close()  # so that the worker's death ends the waiting: nobody else holds this end
    try:
        answer: float | None = here.recv() if here.poll(patience) else None
        return answer
    except EOFError:  # killed, for lack of memory
        return None
    finally:
        worker.kill()
        worker.join()


def _measure(predicted: Path, truth: Path, answer: Connection) -> None:
    """Measure in the worker process and send the result."""
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
    """Name the version of musicdiff, on which figures depend.

    Returns
    -------
    str
    """
    from importlib.metadata import version as of

    return of("musicdiff")


def read_back(source: Path, converted: Path) -> bool:
    """Write what music21 reads in a file as MusicXML, to measure what music21 itself loses.

    Parameters
    ----------
    source : Path
        File of any kind that music21 reads.
    converted : Path
        MusicXML file to write.

    Returns
    -------
    bool
        Whether music21 could.
    """
    from music21 import converter

    try:
        score: Any = converter.parse(source, forceSource=True)
        score.write("musicxml", converted)
    except Exception:  # music21 raises whatever it stumbles over
        return False
    return True
