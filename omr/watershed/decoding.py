"""Decode an energy landscape into symbols: basins of a watershed, whose cells vote on class and box."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from omr.watershed.basins import basins
from omr.watershed.encoding import Floats, Ints
from omr.watershed.instances import Instances
from omr.watershed.suppression import suppress


@dataclass(frozen=True)
class Decoding:
    """Thresholds of `decode`; `omr.training.thresholds` selects them on validation pages.

    The selection is stored with the weights; the defaults are those of release 0.1.0.

    Attributes
    ----------
    foreground : float
        Energy, 0 to 1, up to which a cell belongs to no symbol.
    depth : float
        Energy, 0 to 1, that a summit must rise above the saddle to a higher one to be a symbol of its own
        (the h of h-maxima).
    summit : float
        Fraction of a symbol's highest energy, 0 to 1, from which a cell votes on class and box.
    overlap : float
        IoU, 0 to 1, above which the lower-scored of two boxes of one class is dropped (non-maximum
        suppression): the rest of a symbol that was cut in two.
    share : float
        Share of the vote, 0 to 1, from which a class that lost is reported as well, with the score that
        so few votes deserve. Of one flag or two, the second-placed is often correct.
    """

    foreground: float = 0.2
    depth: float = 0.1
    summit: float = 0.7
    overlap: float = 0.5
    share: float = 0.05


ReadCells = Callable[[Ints, Ints, Ints], tuple[Floats, Floats]]
"""Looks cells up: (layer, row, column), each (m,), to class probabilities (m, C) and boxes (m, 4)."""


def decode(energy: Floats, read: ReadCells, decoding: Decoding | None = None) -> Instances:
    """Cut a landscape into symbols: the inverse of `omr.watershed.encode`.

    A watershed on the negated energy within the foreground has one basin for each h-maximum (`basins`).
    The cells around each summit vote, weighted by their energy, on class and box. A large symbol that a
    smaller one of its layer cuts in two is found twice with the same box; the weaker half is suppressed.

    Parameters
    ----------
    energy : array (layers, height, width)
        From 0 to 1.
    read : callable
        Class probabilities and boxes of the cells that vote. No other cells are asked for, so a network
        need not compute theirs.
    decoding : Decoding, optional
        Thresholds; the defaults where there are none.

    Returns
    -------
    Instances
        Best first.
    """
    how = decoding or Decoding()
    cells, label = basins(energy, how.foreground, how.depth)
    if not len(cells):
        return Instances.none()
    height = energy.ravel()[cells]
    peaks = np.zeros(label.max() + 1, np.float32)
    np.maximum.at(peaks, label, height)
    votes = height >= how.summit * peaks[label]
    cells, label, weight = cells[votes], label[votes], height[votes]
    layer, row, column = np.unravel_index(cells, tuple(energy.shape))
    probabilities, boxes = read(layer, row, column)
    cells_of = _membership(label, weight / np.bincount(label, weight)[label], len(peaks))
    found = _candidates(cells_of @ boxes, peaks, cells_of @ probabilities, how.share)
    return found.only(suppress(found.boxes, found.classes, found.peaks * found.votes, how.overlap))


def _candidates(boxes: Floats, peaks: Floats, votes: Floats, share: float) -> Instances:
    """Give every symbol (n,) the class that won its vote (n, C), and the classes that got a `share` of it."""
    winner = votes.argmax(1)
    candidate = votes >= share
    candidate[np.arange(len(votes)), winner] = True
    symbol, classes = np.nonzero(candidate)
    own = votes[symbol, classes]
    places = np.maximum((votes[symbol] > own[:, None]).sum(1), classes != winner[symbol])  # at a draw, too
    return Instances(boxes[symbol], classes, peaks[symbol], own, places, symbol)


def _membership(label: Ints, weight: NDArray[np.floating[Any]], count: int) -> csr_array:
    """Make the matrix (count, m) of the weight of each of m cells in the symbol that it belongs to."""
    by_symbol = np.argsort(label, kind="stable")
    ends = np.concatenate([[0], np.cumsum(np.bincount(label, minlength=count))])
    return csr_array((weight[by_symbol].astype(np.float32), by_symbol, ends), (count, len(label)))
