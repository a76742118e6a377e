"""Count noteheads beyond the staff from the ledger lines that they stand on.

A head is on a ledger line or touches one, whatever the spacing of the engraver: its distance from the line
next to it is 0 or about 1.2 half staff spaces, and hardly anything in between. Where no ledger line is seen,
the outer line of the staff takes its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from omr.notation.limits import LedgerLimits
from omr.page import Box

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LedgerLines:
    """The ledger lines of a page.

    Attributes
    ----------
    boxes : array (n, 4)
        x0, y0, x1, y1 in pixels of the image.
    limits : LedgerLimits
    """

    boxes: Floats = field(default_factory=lambda: np.zeros((0, 4)))
    limits: LedgerLimits = LedgerLimits()

    @classmethod
    def of(cls, boxes: Iterable[Box], limits: LedgerLimits) -> LedgerLines:
        """Collect ledger lines.

        Parameters
        ----------
        boxes : iterable of Box
            In pixels of the image.
        limits : LedgerLimits

        Returns
        -------
        LedgerLines
        """
        return cls(np.array(list(boxes), float).reshape(-1, 4), limits)

    def heights_at(self, x: float, width: float) -> Floats:
        """Find the ledger lines over or under a notehead.

        Parameters
        ----------
        x, width : float
            Middle and width of the head, in pixels of the image.

        Returns
        -------
        array (k,)
            The y of the middle of each.
        """
        x0, y0, x1, y1 = self.boxes.T
        overlap = np.minimum(x1, x + width / 2) - np.maximum(x0, x - width / 2)
        near = overlap > self.limits.min_overlap * width
        return np.asarray((y0 + y1)[near] / 2, float)

    def count(self, distance: float, lines: Floats) -> float:
        """Count how far a notehead is from its staff.

        Parameters
        ----------
        distance : float
            Of the head from the outer line of the staff, in half staff spaces; positive beyond the staff.
        lines : array (k,)
            Likewise, of the ledger lines at its place.

        Returns
        -------
        float
            In half staff spaces of a staff whose ledger lines are as close as its own lines; a whole number
            where the head touches a line, `distance` itself where two lines are neither one nor clearly two.
        """
        limits = self.limits
        number, line = 0, 0.0
        for next_line in sorted(lines[lines < distance + limits.most_beyond].tolist()):
            apart = next_line - line
            at_head = distance - next_line < limits.stands_on  # it may be an edge of the head
            if number and at_head and limits.min_apart < apart < limits.clearly_apart:
                return distance
            if apart > (limits.min_apart if number else limits.nearest):
                number, line = number + max(1, round(apart / 2)), next_line
        offset = distance - line
        if offset >= limits.touches:  # further out: a ledger line between is missing
            return 2 * number + offset
        return 2.0 * number + (offset > limits.stands_on)
