"""Refinement of detected boxes by the page's ink.

A net at a stride of 2 pixels tells a brace from a bracket but does not see to the pixel where it ends, and
finds symbols longer than its receptive field in fragments. Where the ink itself shows the ends of a
symbol, the box is fitted to it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from omr.detectors.refinement.barlines import join_barlines
from omr.detectors.refinement.ink_boxes import fit_to_ink
from omr.page import Symbol

__all__ = ["fit_to_ink", "join_barlines", "refine"]


def refine(ink: NDArray[np.uint8], symbols: Iterable[Symbol], space: float) -> list[Symbol]:
    """Fit free-standing symbols to their ink, then join barlines and brackets that were found in fragments.

    Parameters
    ----------
    ink : array (height, width)
        1 where the page is dark, 0 elsewhere.
    symbols : iterable of Symbol
        In core names, best first; boxes in pixels of the page, inside of it.
    space : float
        Staff space, in pixels of the page.

    Returns
    -------
    list of Symbol
        Best first.
    """
    return join_barlines(ink, fit_to_ink(ink, symbols), space)
