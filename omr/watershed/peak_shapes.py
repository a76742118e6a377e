"""What the peak of a symbol spans: the box of the symbol, or one stamp for all symbols.

`omr.watershed.encode` paints the boxes that it is given; a peak shape turns the boxes of symbols into the
boxes to paint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from omr.watershed.encoding import Floats

STAMP = 8.5
"""Side of the stamp in cells: the 17 pixels of the authors' code at stride 2."""


def sized(boxes: Floats) -> Floats:
    """Give every peak the size of its symbol.

    Parameters
    ----------
    boxes : array (n, 4)
        Of symbols, in cells.

    Returns
    -------
    array (n, 4)
        The same boxes.
    """
    return boxes


def stamp(boxes: Floats) -> Floats:
    """Give every peak the same square around its centre, as in the paper (one radius for all symbols).

    Two drawbacks: the valley between two thin lines is no deeper than between two noteheads at the same
    distance, and of a symbol longer than a crop only a crop with its middle shows anything.

    Parameters
    ----------
    boxes : array (n, 4)
        Of symbols, in cells.

    Returns
    -------
    array (n, 4)
        Squares of side `STAMP`, in cells.
    """
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    return np.concatenate([centre - STAMP / 2, centre + STAMP / 2], 1).astype(np.float32)


PEAK_SHAPES: Mapping[str, Callable[[Floats], Floats]] = {"sized": sized, "stamp": stamp}
"""By the name in the option ``peaks`` of DWDNet, which weights store."""
