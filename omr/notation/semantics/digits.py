"""Which number a picture shows, for numbers whose symbols don't say it: those over rests of several measures.

DeepScores has one class for all of them. The digits are those of time signatures, tall and heavy, so that
ten shapes drawn here tell them apart in any font that follows the engravers' tradition.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from omr.images import ink_mask
from omr.page import Box

_ROWS, _COLUMNS = 12, 10

_GREYS = "_.:+#"
_SHAPES = """
__.#+##.__ ___:##:___ __:++#:___ __:+#+:___ ___+###.__
_:#+__##._ ___###+___ .#:__+##__ .##__+##__ ___###:___
.##.__:##_ __:###+___ +##__.##:_ +##:_.##:_ ___###_.__
+##___.##: __####+___ +##:_.##+_ :##:_.##:_ __:##.:+__
###___.### _:+:##+___ .++._:##:_ _..__+##__ __##.:#+__
###___.### _+_:##+___ _..__###__ ___+##+___ _.#:.##+__
###___.### ___:##+___ ___.##:___ ____.###__ _#:_.##+__
###___.### ___:##+___ __:#:_____ _::__:##+_ ++..:##+._
+##___.##: ___:##+___ _+#++:__+_ +##:__###_ ++++####+.
.##:__:##_ ___:##+___ :#######+_ ###:_.##+_ ____.##+__
_:#+__##._ ___+###___ ##:#####._ :##._+##._ ____:###__
__.####.__ __+#####__ +___:##:__ _.+#++:___ ___:#####_

.#######._ ___:+++.__ :.+##:__:_ __:++#+.__ __+#++:___
.######:__ _.##..+#:_ ######+:+. _+#.__:#:_ _##:_.#+._
:++++:.___ _##:_:##+_ #::#####+. .#+____#+_ +##.__##+_
:.________ :##._:+#._ +___+++#:_ :##+.__#+_ ###.__###.
::+##+:___ ###.__.___ .____.++._ .####+:#._ ###.__###:
::__:###__ ###:+++.__ _____:+:._ _:#####+._ .##+_:###+
_____:##+_ ####.:+#:_ ____:++.__ _:++####+_ _.+##++##:
.+:._.###_ ###:__+##. ___:+#:.__ :#._.+###. ______:##:
###:_.###_ +##:__+##. ___+##.___ ++____+##. _##+__+##.
###:_:##+_ .##:__+##. __:##+.___ +#.___.##. .###__##:_
:##_.###__ _:#+_.+#:_ __+##+.___ _++.__+#:_ _##:_:#+__
_:++##:___ __.++##.__ __+##+.___ __:++#+.__ _.++++:___
"""
"""The digits 0 to 4 and 5 to 9, from paper to ink: means over the fonts Leipzig, Bravura and Gootville."""


def _known() -> list[NDArray[np.float64]]:
    shapes: list[NDArray[np.float64]] = []
    for row_of_digits in _SHAPES.strip().split("\n\n"):
        lines = [line.split() for line in row_of_digits.splitlines()]
        for digit in zip(*lines, strict=True):
            shapes.append(np.array([[_GREYS.index(c) for c in line] for line in digit]) / (len(_GREYS) - 1))
    return shapes


_KNOWN = _known()


def ink_of(image: NDArray[np.uint8], box: Box, space: float) -> list[NDArray[np.float64]]:
    """The pieces of ink in a box as tall as digits, from left to right, each cut out with 1 for ink.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.
    box : Box
        What to look at; what stands across its edge is cut.
    space : float
        The staff space in pixels.
    """
    x0, y0, x1, y1 = (max(0, round(edge)) for edge in box)
    grey = image[y0:y1, x0:x1]
    if min(grey.shape) < 2:
        return []
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink_mask(grey), connectivity=8)
    found = []
    for i in range(1, count):
        left, top, width, height = (int(v) for v in stats[i, :4])
        if 1.3 * space < height < 3.5 * space and width < 2.5 * height:
            piece = labels[top : top + height, left : left + width] == i
            found.append((left, piece.astype(np.float64)))
    return [digit for _, piece in sorted(found, key=lambda item: item[0]) for digit in _apart(piece)]


def _apart(piece: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Two digits that touch, cut where there is least ink; one digit as it is."""
    height, width = piece.shape
    if width < 1.1 * height:
        return [piece]
    third = width // 3
    cut = third + int(np.argmin(piece[:, third : width - third].sum(axis=0)))
    return [piece[:, :cut], piece[:, cut:]]


def shape_of(piece: NDArray[np.float64]) -> NDArray[np.float64]:
    """A piece of ink at the height of the shapes below, its width in proportion, in the middle."""
    height, width = piece.shape
    columns = min(_COLUMNS, max(1, round(width * _ROWS / height)))
    small = cv2.resize(piece, (columns, _ROWS), interpolation=cv2.INTER_AREA)
    left = (_COLUMNS - columns) // 2
    return np.pad(small, ((0, 0), (left, _COLUMNS - columns - left)))


def read_number(image: NDArray[np.uint8], box: Box, space: float) -> int:
    """The number in a box, 0 if there is none; parameters as for `ink_of`."""
    digits = [_digit(shape_of(piece)) for piece in ink_of(image, box, space)]
    return int("".join(map(str, digits)) or 0)


def _digit(shape: NDArray[np.float64]) -> int:
    return int(np.argmin([((shape - known) ** 2).sum() for known in _KNOWN]))
