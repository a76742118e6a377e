"""The direction of staff lines: projection profiles of thin lines on a reduced picture.

Along the staff lines, the profile of a page's ink has its sharpest peaks: the angle that maximises the sum of
squared differences between neighbouring bins is the skew (W. Postl, "Detection of Linear Oblique Structures
and Skew Scan in Digitized Documents", ICPR 1986). Columns are searched like rows, for pages on their side.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from omr.normalise.limits import DIRECTION, DirectionLimits

Floats = NDArray[np.float64]


class Direction(NamedTuple):
    """How the staff lines of a page run.

    Attributes
    ----------
    sideways : bool
        Whether they run from top to bottom.
    skew : float
        Degrees, clockwise, from the axis they run along.
    """

    sideways: bool
    skew: float


def find_direction(image: NDArray[np.uint8], *, limits: DirectionLimits = DIRECTION) -> Direction:
    """Find how the staff lines of a page run.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.
    limits : DirectionLimits, optional

    Returns
    -------
    Direction
        Level where nothing tells.
    """
    scale = min(1.0, limits.longest_side / max(image.shape))
    height, width = (max(1, round(side * scale)) for side in image.shape)
    small = np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    looks = [[_skew(axis, window, limits) for axis in (small, small.T)] for window in limits.line_windows]
    rows, columns = max(looks, key=lambda look: max(skew.prominence for skew in look))
    if columns.sharpness > limits.clearly * rows.sharpness:
        return Direction(True, -columns.degrees)
    return Direction(False, rows.degrees)


def find_slant(image: NDArray[np.uint8], *, limits: DirectionLimits = DIRECTION) -> float:
    """Find how stems and barlines lean.

    Parameters
    ----------
    image : array (height, width) of uint8
        A level picture of staves alone, without the edges of a page; 0 is black.
    limits : DirectionLimits, optional

    Returns
    -------
    float
        Pixels to the right for each pixel down.
    """
    scale = min(1.0, limits.longest_side / max(image.shape))
    height, width = (max(1, round(side * scale)) for side in image.shape)
    small = np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    slant = _skew(small.T, limits.slant_window, replace(limits, steepest=limits.largest_slant))
    return float(np.tan(np.radians(slant.degrees)))


class _Skew(NamedTuple):
    """The skew of lines that run across a picture, in degrees, and how sharp their profile is.

    The prominence is the sharpness in those of the median angle.
    """

    degrees: float
    sharpness: float
    prominence: float


def _skew(image: NDArray[np.uint8], window: int, limits: DirectionLimits) -> _Skew:
    """Find the skew of lines thinner than a window that run across a picture."""
    lines = np.ones((window, 1), np.uint8)
    depth = cv2.morphologyEx(np.ascontiguousarray(image), cv2.MORPH_BLACKHAT, lines)
    y, x = np.nonzero(depth > limits.faintest)
    every = max(1, len(y) // limits.most_points)
    x, y = x[::every] - image.shape[1] / 2, y[::every] - image.shape[0] / 2
    if not len(x):
        return _Skew(0.0, 0.0, 0.0)
    angles = np.arange(-limits.steepest, limits.steepest + limits.coarse, limits.coarse)
    coarse = [_sharpness(x, y, angle) for angle in angles]
    angles = angles[int(np.argmax(coarse))] + np.arange(
        -limits.coarse, limits.coarse + limits.fine, limits.fine
    )
    fine = [_sharpness(x, y, angle) for angle in angles]
    return _Skew(float(angles[int(np.argmax(fine))]), max(fine), max(fine) / float(np.median(coarse)))


def _sharpness(x: Floats, y: Floats, degrees: float) -> float:
    """Sum the squared differences of neighbouring bins of the profile at an angle, for each point."""
    angle = np.radians(degrees)
    rows = y * np.cos(angle) - x * np.sin(angle)
    profile = np.bincount((rows - rows.min()).astype(np.int64)).astype(np.float64)
    return float((np.diff(profile, prepend=0, append=0) ** 2).sum() / len(x))
