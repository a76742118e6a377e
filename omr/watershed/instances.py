"""The symbols that decoding found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from omr.watershed.encoding import Floats, Ints

MAX_COVERED = 0.75
"""Fraction of an instance's area, 0 to 1, above which a better one of its class that covers it suppresses it
(release 0.1.0, chosen on validation pages)."""


@dataclass(frozen=True)
class Instances:
    """The `n` symbols that decoding found; one with a divided vote is there once for each class.

    Attributes
    ----------
    boxes : array (n, 4)
        x0, y0, x1, y1 in cells.
    classes : array (n,)
        Index of the class.
    peaks : array (n,)
        Energy of the summit, 0 to 1.
    votes : array (n,)
        Share of the vote that the class got, 0 to 1.
    places : array (n,)
        Rank of the class in the vote: 0 for the winner.
    symbols : array (n,)
        Number of the symbol; instances of one symbol under several classes share it.
    """

    boxes: Floats
    classes: Ints
    peaks: Floats
    votes: Floats
    places: Ints
    symbols: Ints

    def only(self, keep: NDArray[np.bool_] | Ints) -> Instances:
        """Select instances.

        Parameters
        ----------
        keep : array (n,) of bool, or array (m,) of int
            Which to keep, or their indices in the order wanted.

        Returns
        -------
        Instances
        """
        return Instances(*(getattr(self, field.name)[keep] for field in fields(self)))

    @staticmethod
    def none() -> Instances:
        """Make a set of no instances.

        Returns
        -------
        Instances
            With arrays of length 0.
        """
        floats, ints = np.zeros(0, np.float32), np.zeros(0, np.int64)
        return Instances(np.zeros((0, 4), np.float32), ints, floats, floats, ints, ints)

    @staticmethod
    def concatenate(parts: Sequence[Instances]) -> Instances:
        """Join instances in the order given.

        Parameters
        ----------
        parts : sequence of Instances
            At least one.

        Returns
        -------
        Instances
        """
        return Instances(
            *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Instances))
        )


def without_nested(found: Instances, max_covered: float = MAX_COVERED) -> NDArray[np.bool_]:
    """Tell which instances do not lie inside a better one of their class.

    The curl of a clef looks like a small clef; non-maximum suppression leaves it, since the two boxes
    differ much in size. Only for symbols that fill their box: the box of a sloping beam has room for
    another beam.

    Parameters
    ----------
    found : Instances
    max_covered : float
        Fraction of an instance's area, 0 to 1, that a better one of its class may cover.

    Returns
    -------
    array (n,) of bool
    """
    score = found.peaks * found.votes
    kept = np.ones(len(score), bool)
    for c in np.unique(found.classes):
        these = np.flatnonzero(found.classes == c)
        boxes = found.boxes[these]
        low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
        high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
        area = (boxes[:, 2:] - boxes[:, :2]).prod(1)
        covered = (high - low).clip(0).prod(2) > max_covered * area[:, None]
        better = score[these][None] > score[these][:, None]
        kept[these] = ~(covered & better).any(1)
    return kept
