"""What a recogniser of words is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from omr.page import Box

Grey = NDArray[np.uint8]
"""A grey picture, array (height, width); 0 is black."""


@dataclass(frozen=True)
class Letters:
    """The letters of one line.

    Attributes
    ----------
    text : str
        With spaces; empty where nothing was read.
    xs : tuple of float
        The middle of each character of `text`, as a share (0 to 1) of the width of the picture.
    score : float
        From 0 to 1.
    """

    text: str
    xs: tuple[float, ...]
    score: float


class Recogniser(Protocol):
    """Finds and reads words."""

    def find(self, grey: Grey) -> list[Box]:
        """Find pieces of lines of words.

        Parameters
        ----------
        grey : array (height, width) of uint8
            A page or part of it.

        Returns
        -------
        list of Box
            In pixels of the picture.
        """
        ...

    def read(self, grey: Grey) -> Letters:
        """Read one piece of a line.

        Parameters
        ----------
        grey : array (height, width) of uint8
            A picture of nothing else.

        Returns
        -------
        Letters
        """
        ...
