"""What the peak of a symbol spans: the symbol's own box, or one stamp for all.

`encode` paints whatever boxes it is given, so a kind of peak is a function from
the symbols' boxes to those that are painted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from omr.watershed.energy import Floats

STAMP = 8.5
"""Side of the stamp in cells: the 17 pixels of the authors' code at stride 2."""


def sized(boxes: Floats) -> Floats:
    """A peak as large as its symbol."""
    return boxes


def stamp(boxes: Floats) -> Floats:
    """The same square around every centre, as in the paper (one radius for all symbols).

    What it lacks: the valley between two thin lines is no deeper than between
    two noteheads as near, and of a symbol longer than a crop only a crop with
    its middle shows anything.
    """
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    return np.concatenate([centre - STAMP / 2, centre + STAMP / 2], 1).astype(np.float32)


PEAKS: Mapping[str, Callable[[Floats], Floats]] = {"sized": sized, "stamp": stamp}
"""From boxes (n, 4) to the boxes (n, 4) that peaks are painted in, all in cells; by name."""
