"""Pages made upright, level and flat before anything is read.

``direction``
    rows or columns of staff lines, and their skew;
``flattening``
    perspective and the curl of the page, from the course of the staff lines;
``light``
    shadows, dark edges and the desk around the page;
``orientation``
    upside down or mirrored, by symbols;
``chain``
    the steps in order, up to the search for symbols.
"""

from omr.normalise.chain import NormalisedPage, normalise
from omr.normalise.orientation import find_flip, is_upright

__all__ = ["NormalisedPage", "find_flip", "is_upright", "normalise"]
