"""The course of a staff's lines: measured along a path, or along the course of another staff."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from omr.page import Staff
from omr.staves.following import Ints, Path, Response
from omr.staves.limits import LINES, STAFF

Reals = NDArray[np.float64]
MIDDLE = LINES // 2
"""Index of the middle line."""

COMB = np.array([-0.5, 1, 1, 1, 1, 1, -0.5])
"""Weights of five lines and of the places of a sixth above and below them."""


def course(response: Response, path: Path) -> Staff:
    """Measure each line near where the comb saw it.

    Parameters
    ----------
    response : Response
    path : Path
        Of the middle line.

    Returns
    -------
    Staff
        In pixels of the page; smoothed where notes and gaps disturb the lines.
    """
    space, lines, columns = response.gauge.space, response.lines, path.columns
    reach = max(2, round(STAFF.line_reach * space))
    offsets = np.arange(-reach, reach + 1)
    near = round(STAFF.smoothing * space / response.width)
    # among many notes the comb may slip by a line: smooth its rows over twice the length
    middle = _smooth(path.rows.astype(np.float64), 2 * near)
    ys = []
    for k in range(-MIDDLE, MIDDLE + 1):
        guess = middle + k * space
        rows = np.clip(np.round(guess).astype(int)[:, None] + offsets, 0, lines.shape[1] - 1)
        weight = lines[columns[:, None], rows] ** 2
        total = weight.sum(axis=1)
        centre = (weight * rows).sum(axis=1) / np.maximum(total, 1e-6)
        ys.append(_smooth(np.where(total > STAFF.least_line, centre, guess), near) + 0.5)
    xs = np.asarray((columns + 0.5) * response.width, np.float64)
    xs[0], xs[-1] = columns[0] * response.width, (columns[-1] + 1) * response.width
    return Staff(xs, np.array(ys))


def parallel_course(response: Response, staff: Staff, other: Staff) -> Staff:
    """Measure a worn staff along the course of another.

    By itself the comb slips to the lines that are left.

    Parameters
    ----------
    response : Response
    staff : Staff
        The worn staff, as the comb saw it.
    other : Staff
        A staff of the same size that runs along it.

    Returns
    -------
    Staff
        In pixels of the page.
    """
    lines, width, space = response.lines, response.width, response.gauge.space
    columns = _columns(response, staff)
    middle = np.interp((columns + 0.5) * width, other.xs, other.ys[MIDDLE])
    own = np.interp((columns + 0.5) * width, staff.xs, staff.ys[MIDDLE])

    def answer(offset: float) -> float:
        rows = np.round(middle + offset + space * np.arange(-3, 4)[:, None]).astype(int)
        return float(COMB @ lines[columns, rows.clip(0, lines.shape[1] - 1)].sum(1))

    reach = STAFF.parallel_reach * space
    offset = max(float(np.median(own - middle)) + np.arange(-reach, reach), key=answer)
    return course(response, Path(columns, np.round(middle + offset).astype(np.int64)))


def moved_course(response: Response, staff: Staff, xs: Reals, offsets: Reals) -> Staff:
    """Measure the lines at a distance below those of a staff.

    Parameters
    ----------
    response : Response
    staff : Staff
    xs : array (n,)
        Places along the staff, in pixels of the page.
    offsets : array (n,)
        Distance that each place is moved down, in pixels; negative ones move up. Between two places, that of
        the nearer one holds.

    Returns
    -------
    Staff
        In pixels of the page.
    """
    columns = _columns(response, staff)
    x = (columns + 0.5) * response.width
    moved = np.interp(x, staff.xs, staff.ys[MIDDLE]) + offsets[np.abs(x[:, None] - xs).argmin(1)]
    rows = np.round(moved).astype(np.int64).clip(0, response.lines.shape[1] - 1)
    return course(response, Path(columns, rows))


def _columns(response: Response, staff: Staff) -> Ints:
    """List the columns of a squeezed page that a staff runs through."""
    last = min(round(staff.xs[-1] / response.width), len(response.lines))
    return np.arange(int(staff.xs[0] / response.width), last)


def _smooth(ys: Reals, reach: int) -> Reals:
    """Take a running median, then a mean, over `reach` values to each side; the ends are continued."""
    half = min(len(ys) - 1, reach)
    if half < 1:
        return ys
    size = 2 * half + 1
    steady = median_filter(np.pad(ys, half, mode="reflect", reflect_type="odd"), size)[half:-half]
    continued = np.pad(steady, half, mode="reflect", reflect_type="odd")
    return np.convolve(continued, np.full(size, 1 / size), mode="valid")
