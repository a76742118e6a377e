"""Page images and staves rebuilt from the masks of a MuNG page."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from omr.datasets.mung import Node, Notation
from omr.page import Staff

NO_INK = frozenset({"staff", "staffSpace", "measureSeparator", "staffGrouping"})
"""Classes whose masks cover more than ink."""

LINE_STEP = 32
"""Pixels between the places at which a staff line is measured."""


def paint(notation: Notation, width: int, height: int) -> NDArray[np.uint8]:
    """Paint a page with the ink of all masks.

    Parameters
    ----------
    notation : Notation
    width, height : int
        Pixels of the page; every mask lies on it.

    Returns
    -------
    array (height, width) of uint8
        0 where there is ink, 255 elsewhere.

    Raises
    ------
    InputError
        When a mask does not fill its box.
    """
    page = np.full((height, width), 255, np.uint8)
    for node in notation:
        if node.name not in NO_INK:
            page[node.window][node.mask] = 0
    return page


def staves_from_masks(notation: Notation) -> tuple[Staff, ...]:
    """Rebuild the staves from the masks of their lines.

    Parameters
    ----------
    notation : Notation
        In the names of MUSCIMA++ 2.0.

    Returns
    -------
    tuple of Staff
        From top to bottom, in pixels of the page.

    Raises
    ------
    InputError
        When a mask does not fill its box.
    """
    staves = []
    for node in notation:
        if node.name == "staff":
            lines = [child for child in notation.children(node) if child.name == "staffLine"]
            if len(lines) >= 2:
                staves.append(_staff(sorted(lines, key=lambda line: line.top + line.height / 2)))
    return tuple(sorted(staves, key=lambda staff: float(staff.ys.mean())))


def _staff(lines: list[Node]) -> Staff:
    """Draw a staff through the middle of its lines' ink, where all lines are."""
    left, right = max(line.left for line in lines), min(line.left + line.width for line in lines)
    xs = np.linspace(left, max(right - 1, left + 1), max(2, round((right - left) / LINE_STEP)))
    return Staff(xs, np.array([_course(line, xs) for line in lines]))


def _course(line: Node, xs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure the y of the middle of a line's ink at `xs`."""
    mask = line.mask
    thick = mask.sum(axis=0)
    columns = np.flatnonzero(thick)
    middles = (mask.T @ np.arange(0.5, line.height))[columns] / thick[columns]
    return np.asarray(line.top + np.interp(xs, line.left + 0.5 + columns, middles), np.float64)
