"""Pages made upright, level and flat before anything is read.

``direction``
    rows or columns of staff lines, and their skew;
``facing``
    two pages of an open book on one image;
``flattening``
    perspective and the curl of the page, from the course of the staff lines;
``light``
    shadows, dark edges and the desk around the page;
``orientation``
    upside down or mirrored, by symbols;
``chain``
    the steps in order, up to the search for symbols.
"""

from omr.normalise.chain import NormalisedPage, in_reading_order, normalise, normalise_pages
from omr.normalise.orientation import find_flip, is_upright

__all__ = [
    "NormalisedPage",
    "find_flip",
    "in_reading_order",
    "is_upright",
    "normalise",
    "normalise_pages",
]
