"""Measure how far apart the ledger lines of a page are, and take positions beyond the staff to its grid.

Engravers by hand (1870 to 1910) set ledger lines 6 to 18 % further apart than staff lines, so that a note
beyond the staff would be read too far from it. Modern programs use the same distance for both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from omr.notation.limits import LedgerLimits
from omr.vocabulary.staves import BOTTOM_LINE

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LedgerSpacing:
    """Distance between neighbouring ledger lines on either side of the staves of a page.

    Attributes
    ----------
    above, below : float
        In staff spaces; 1 where it is that of the staff lines.
    """

    above: float = 1.0
    below: float = 1.0

    def to_grid(self, positions: Floats) -> Floats:
        """Take measured positions to those of a staff whose ledger lines are as close as its own lines.

        Parameters
        ----------
        positions : array
            Half staff spaces below the top line, as measured.

        Returns
        -------
        array
            Of the same shape; unchanged from the top line (0) to the bottom line (8).

        Examples
        --------
        >>> LedgerSpacing(above=1.1).to_grid(np.array([-2.2, 3.0, 10.0])).tolist()
        [-2.0, 3.0, 10.0]
        """
        above = positions / self.above
        below = BOTTOM_LINE + (positions - BOTTOM_LINE) / self.below
        return np.where(positions < 0, above, np.where(positions > BOTTOM_LINE, below, positions))


def measure_ledger_spacing(positions: Floats, *, limits: LedgerLimits = LedgerLimits()) -> LedgerSpacing:
    """Measure the spacing of the ledger lines of a page.

    Parameters
    ----------
    positions : array (n,)
        Of the ledger lines, in half staff spaces below the top line of their staves, as measured.
    limits : LedgerLimits, optional

    Returns
    -------
    LedgerSpacing
        1 on a side with too few ledger lines to tell.
    """
    above, below = -positions, positions - BOTTOM_LINE
    return LedgerSpacing(_spacing(above, limits), _spacing(below, limits))


def _spacing(distances: Floats, limits: LedgerLimits) -> float:
    """Fit one spacing to distances from the staff, in half staff spaces; on its other side they are negative.

    The candidate with the smallest mean error says which ledger line each one is; the median of the lines
    that are in place refines it.
    """
    distances = distances[distances > limits.nearest]
    if len(distances) < limits.min_count:
        return 1.0
    candidates = np.arange(limits.min_spacing, limits.max_spacing, limits.step)
    if not candidates.size:
        return 1.0
    numbers = np.maximum(1, np.rint(distances / (2 * candidates[:, None])))
    errors = np.abs(distances - 2 * numbers * candidates[:, None])
    best = int(np.argmin(np.minimum(errors, limits.max_error).mean(axis=1)))
    in_place = errors[best] < limits.in_place
    if not in_place.any():
        return 1.0
    return float(np.median(distances[in_place] / (2 * numbers[best][in_place])))
