"""Read printed digits: the number over a multi-measure rest, whose class doesn't say its value.

The digits are those of time signatures, tall and heavy. Nearest templates tell them apart: a digit is scaled
to the height of ten stored shapes, and the shape with the least sum of squared differences wins. That holds
for any font in the engravers' tradition.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from omr.images import ink_mask
from omr.notation.limits import MultiMeasureRestLimits
from omr.page import Box

_ROWS = 12
"""Height of a stored shape in cells."""

_COLUMNS = 10
"""Width of a stored shape in cells."""

_GREYS = "_.:+#"
"""Characters of a stored shape from paper to ink."""

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
"""The digits 0 to 4 and 5 to 9: means over the fonts Leipzig, Bravura and Gootville."""


def _shapes() -> list[NDArray[np.float64]]:
    """Read the ten stored shapes as arrays (rows, columns), 1 for ink."""
    shapes: list[NDArray[np.float64]] = []
    for row_of_digits in _SHAPES.strip().split("\n\n"):
        lines = [line.split() for line in row_of_digits.splitlines()]
        for digit in zip(*lines, strict=True):
            shapes.append(np.array([[_GREYS.index(c) for c in line] for line in digit]) / (len(_GREYS) - 1))
    return shapes


_KNOWN = _shapes()


def read_number(
    image: NDArray[np.uint8],
    box: Box,
    space: float,
    *,
    limits: MultiMeasureRestLimits = MultiMeasureRestLimits(),
) -> int:
    """Read the number in a box.

    Parameters
    ----------
    image : array (height, width) of uint8
        The page; 0 is black.
    box : Box
        Where to look, in pixels of the page. Ink across its edge is cut.
    space : float
        The staff space in pixels.
    limits : MultiMeasureRestLimits, optional

    Returns
    -------
    int
        0 where no digit is found.
    """
    digits = [_digit(_shape_of(piece)) for piece in _pieces(image, box, space, limits)]
    return int("".join(map(str, digits)) or 0)


def _pieces(
    image: NDArray[np.uint8], box: Box, space: float, limits: MultiMeasureRestLimits
) -> list[NDArray[np.float64]]:
    """Cut out the connected pieces of ink as tall as digits, from left to right, 1 for ink."""
    x0, y0, x1, y1 = (max(0, round(edge)) for edge in box)
    grey = image[y0:y1, x0:x1]
    if min(grey.shape) < 2:
        return []
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink_mask(grey), connectivity=8)
    lowest, highest = limits.min_digit_height * space, limits.max_digit_height * space
    found = []
    for i in range(1, count):
        left, top, width, height = (int(v) for v in stats[i, :4])
        if lowest < height < highest and width < limits.max_digit_aspect * height:
            piece = labels[top : top + height, left : left + width] == i
            found.append((left, piece.astype(np.float64)))
    found.sort(key=lambda item: item[0])
    return [digit for _, piece in found for digit in _separated(piece, limits.two_digits_aspect)]


def _separated(piece: NDArray[np.float64], two_digits_aspect: float) -> list[NDArray[np.float64]]:
    """Cut two digits that touch where there is least ink in the middle third; leave one digit as it is."""
    height, width = piece.shape
    if width < two_digits_aspect * height:
        return [piece]
    third = width // 3
    cut = third + int(np.argmin(piece[:, third : width - third].sum(axis=0)))
    return [piece[:, :cut], piece[:, cut:]]


def _shape_of(piece: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale a piece of ink to the height of the stored shapes, its width in proportion, in the middle."""
    height, width = piece.shape
    columns = min(_COLUMNS, max(1, round(width * _ROWS / height)))
    small = cv2.resize(piece, (columns, _ROWS), interpolation=cv2.INTER_AREA)
    left = (_COLUMNS - columns) // 2
    return np.pad(small, ((0, 0), (left, _COLUMNS - columns - left)))


def _digit(shape: NDArray[np.float64]) -> int:
    """Find the digit whose stored shape differs least."""
    return int(np.argmin([((shape - known) ** 2).sum() for known in _KNOWN]))
