"""What a net of a runtime gives: maps of an image, and class and box of cells."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

MAPS = ("energy", "features")
"""Outputs of the part of the graph that sees an image, input "grey"."""

CELLS = ("cells", "layer", "row", "column")
"""Inputs of the part of the graph that sees cells; its outputs are "probabilities" and "boxes"."""

HEADER = ("detector", "config", "tuning", "net")
"""Keys of the header that a detector is made of."""

THREADS = "OMP_NUM_THREADS"
"""Environment variable with the number of threads, as other numeric libraries read it."""


class Net(Protocol):
    """A net that a runtime has loaded.

    Attributes
    ----------
    header : mapping of str to str
        Of the file (`omr.detectors.onnx_export`).
    """

    header: Mapping[str, str]

    def maps(self, grey: NDArray[np.uint8]) -> tuple[Any, ...]:
        """Compute the maps of an image.

        Parameters
        ----------
        grey : array (1, 1, H, W) of uint8
            0 is black; H and W are multiples of 32.

        Returns
        -------
        energy : array (h, w, layers)
            From 0 to 1.
        features : array (h, w, channels)
            Of the trunk. Both may be overwritten by the next call.
        """

    def cells(self, features: Floats, layer: Ints, row: Ints, column: Ints) -> tuple[Floats, Floats]:
        """Compute class and box of cells.

        Parameters
        ----------
        features : array (m, channels)
        layer, row, column : arrays (m,)

        Returns
        -------
        probabilities : array (m, classes)
        boxes : array (m, 4)
            x0, y0, x1, y1 in cells.
        """


def threads() -> int:
    """Look up how many threads to compute with.

    Returns
    -------
    int
        0 for the runtime's own choice.
    """
    told = os.environ.get(THREADS, "")
    return int(told) if told.isdecimal() else 0
