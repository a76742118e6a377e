"""Decode an energy landscape into symbols: basins of a watershed, whose cells vote on class and box."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torchvision.ops import batched_nms

from omr.watershed.basins import basins
from omr.watershed.encoding import Floats, Ints
from omr.watershed.instances import Instances


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


def decode(energy: torch.Tensor, read: ReadCells, decoding: Decoding | None = None) -> Instances:
    """Cut a landscape into symbols: the inverse of `omr.watershed.encode`.

    A watershed on the negated energy within the foreground has one basin for each h-maximum (`basins`).
    The cells around each summit vote, weighted by their energy, on class and box. A large symbol that a
    smaller one of its layer cuts in two is found twice with the same box; the weaker half is suppressed.

    Parameters
    ----------
    energy : tensor (layers, height, width)
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
    height = energy.flatten()[torch.from_numpy(cells).to(energy.device)].float().cpu().numpy()
    peaks = np.zeros(label.max() + 1, np.float32)
    np.maximum.at(peaks, label, height)
    votes = height >= how.summit * peaks[label]
    cells, label, weight = cells[votes], label[votes], height[votes]
    layer, row, column = np.unravel_index(cells, tuple(energy.shape))
    probabilities, boxes = read(layer, row, column)
    weight = weight / np.bincount(label, weight)[label]
    probabilities = _sum_by(label, weight[:, None] * probabilities, len(peaks))
    boxes = _sum_by(label, weight[:, None] * boxes, len(peaks))
    found = _candidates(boxes, peaks, probabilities, how.share)
    scores, classes = torch.from_numpy(found.peaks * found.votes), torch.from_numpy(found.classes)
    return found.only(batched_nms(torch.from_numpy(found.boxes), scores, classes, how.overlap).numpy())


def _candidates(boxes: Floats, peaks: Floats, votes: Floats, share: float) -> Instances:
    """Give every symbol (n,) the class that won its vote (n, C), and the classes that got a `share` of it."""
    winner = votes.argmax(1)
    candidate = votes >= share
    candidate[np.arange(len(votes)), winner] = True
    symbol, classes = np.nonzero(candidate)
    own = votes[symbol, classes]
    places = np.maximum((votes[symbol] > own[:, None]).sum(1), classes != winner[symbol])  # at a draw, too
    return Instances(boxes[symbol], classes, peaks[symbol], own, places, symbol)


def _sum_by(label: Ints, values: NDArray[np.floating[Any]], count: int) -> Floats:
    """Sum the rows of `values` that share a label."""
    total = torch.zeros(count, values.shape[1])
    total.index_add_(0, torch.from_numpy(label), torch.from_numpy(np.ascontiguousarray(values, np.float32)))
    summed: Floats = total.numpy()
    return summed
