"""Instances from a semantic segmentation: the connected components of each class.

So U-Net was used on music (J. Hajič jr., M. Dorfer,
G. Widmer, P. Pecina, "Towards Full-Pipeline Handwritten OMR with Musical Symbol
Detection by U-Nets", ISMIR 2018). A limit of the method: two symbols of one
class that touch are one component, and a symbol with a gap is two.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from omr.detectors.search import Found

IN_PLANE = np.zeros((3, 3, 3), np.int8)
IN_PLANE[1] = 1
"""Neighbourhood: the eight neighbours of a cell in the map of its class, and no cell of another class."""


def components(
    probability: NDArray[np.float32], ink: NDArray[np.bool_], stride: int, threshold: float = 0.5
) -> Found:
    """Cut class maps into symbols.

    Parameters
    ----------
    probability : array (classes, height, width)
        Probability, 0 to 1, that a cell belongs to the class.
    ink : array (height * stride, width * stride), or a little less
        Pixels that are ink: a box ends where the ink in its component ends, so that the box of a stem is
        not as wide as its cells.
    stride : int
        Pixels to a cell.
    threshold : float
        Probability, 0 to 1, from which a cell belongs to a component.

    Returns
    -------
    Found
        In pixels; the score is the mean probability of the cells.
    """
    inside = probability >= threshold
    seen = np.flatnonzero(inside.any((1, 2)))  # most classes are not on most pages
    label, count = ndimage.label(inside[seen], IN_PLANE)
    owner = label[inside[seen]]
    scores = np.bincount(owner, probability[seen][inside[seen]])[1:] / np.bincount(owner)[1:]
    places = ndimage.find_objects(label) if count else []
    boxes = [
        _box_of_ink(label[place][0] == number, place[1:], ink, stride)
        for number, place in enumerate(places, 1)
    ]
    return Found(
        np.array(boxes, np.float32).reshape(-1, 4),
        np.array([seen[place[0].start] for place in places], np.int64),
        scores.astype(np.float32),
    )


def _box_of_ink(
    cells: NDArray[np.bool_], place: tuple[slice, slice], ink: NDArray[np.bool_], stride: int
) -> tuple[int, int, int, int]:
    """Give the box, in pixels, of the ink in a component's cells, or of the cells where they hold none."""
    top, left = (axis.start * stride for axis in place)
    within = ink[top : place[0].stop * stride, left : place[1].stop * stride]
    pixels = cells.repeat(stride, 0).repeat(stride, 1)
    inked = pixels[: within.shape[0], : within.shape[1]] & within
    if not inked.any():
        inked = pixels
    rows, columns = np.flatnonzero(inked.any(1)), np.flatnonzero(inked.any(0))
    return left + columns[0], top + rows[0], left + columns[-1] + 1, top + rows[-1] + 1
