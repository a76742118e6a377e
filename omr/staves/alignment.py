"""Staves that were followed a line too high or too low, wholly or in part, put on their five lines.

Beams hide an outer line of a staff over most of its width, and ledger lines beyond the other outer line take
its place. Between the beams, the hidden line is whole; between ledger lines, there is paper.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from omr.page import Staff
from omr.staves.course import moved_course
from omr.staves.following import Response
from omr.staves.limits import ALIGNMENT, STAFF


class LineColumns(NamedTuple):
    """What is seen of the lines of a staff, and of a sixth above and below them, in each column.

    Attributes
    ----------
    free : array (7, columns) of bool
        Whether nothing thicker than a line hides the line's place.
    seen : array (7, columns) of bool
        Whether a line is seen there; it is free, then.
    """

    free: NDArray[np.bool_]
    seen: NDArray[np.bool_]


def on_its_lines(image: NDArray[np.uint8], response: Response, staff: Staff) -> Staff:
    """Put a staff on its five lines.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.
    response : Response
        Of the same page.
    staff : Staff
        As it was followed, in pixels of `image`.

    Returns
    -------
    Staff
        The same one where its lines are seen, or where none of its neighbours is seen better.
    """
    tried: list[tuple[int, Staff]] = []
    for _ in range(ALIGNMENT.most_lines + 1):
        xs, offsets = line_offsets(image, staff)
        tried.append((int(np.count_nonzero(offsets)), staff))
        if not offsets.any():
            break
        staff = moved_course(response, staff, xs, offsets * np.float64(staff.space))
    return min(tried, key=lambda one: one[0])[1]


def line_offsets(image: NDArray[np.uint8], staff: Staff) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Tell by how many lines a staff lies too high or too low along its course.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.
    staff : Staff
        In pixels of `image`.

    Returns
    -------
    xs : array (n,)
        Middles of the sections looked at, in pixels.
    offsets : array (n,)
        1 where the line below the staff belongs to it and its first one does not, -1 where the line above it
        does and its last one does not, else 0. A section whose outer lines are hidden takes the offset of the
        nearest one whose lines are not.
    """
    columns = _line_columns(image, staff)
    width = columns.free.shape[1]
    half = round(ALIGNMENT.section * staff.space / 2)
    middles = np.arange(min(half, width // 2), max(width - half, width // 2) + 1, max(1, half))
    offsets = np.array(
        [
            _offset(LineColumns(*(a[:, max(0, x - half) : x + half] for a in columns)), staff.space)
            for x in middles
        ]
    )
    known = np.flatnonzero(~np.isnan(offsets))
    if not len(known):
        return middles + staff.xs[0], np.zeros(len(middles), np.int64)
    nearest = known[np.abs(middles[:, None] - middles[known]).argmin(1)]
    return middles + staff.xs[0], offsets[nearest].astype(np.int64)


def _offset(columns: LineColumns, space: float) -> float:
    """Tell by how many lines a section of a staff is off; not a number where too little of it is free."""
    width = columns.free.sum(1)
    if width[[0, 1, -2, -1]].min() < ALIGNMENT.least_free * space:
        return np.nan
    seen = columns.seen.sum(1) / np.maximum(width, 1)
    below, above = seen[-1] - seen[1], seen[0] - seen[-2]
    if max(below, above) < ALIGNMENT.clearly:
        return 0
    return 1 if below > above else -1


def _line_columns(image: NDArray[np.uint8], staff: Staff) -> LineColumns:
    """Look for a line, and for thicker ink, at the places of seven lines."""
    space = staff.space
    xs = np.arange(max(0, int(staff.xs[0])), min(int(staff.xs[-1]), image.shape[1]))
    lines = staff.lines_at(xs + 0.5)
    lines = np.concatenate([lines[:1] - space, lines, lines[-1:] + space])
    reach = max(2, round(ALIGNMENT.thick * space))
    offsets = np.arange(-reach, reach + 1)
    rows = np.floor(lines)[..., None].astype(np.int64) + offsets
    grey = image[rows.clip(0, len(image) - 1), xs[:, None]].astype(np.float32)
    window = np.ones((1, 2 * round(space) + 1), np.uint8)
    paper = cv2.dilate(grey.max(axis=(0, 2))[None], window)[0]
    depth = paper[:, None] - grey
    on_line = np.abs(offsets) <= max(1, round(ALIGNMENT.near * space))
    usual = np.percentile(depth[1:-1][..., on_line].max(-1), STAFF.usual_depth)
    ink = depth > STAFF.ink_of_a_line * usual
    inside = (rows[..., 0] >= 0) & (rows[..., -1] < len(image))
    free = ~(ink[..., 0] | ink[..., -1]) & inside
    return LineColumns(free, ink[..., on_line].any(-1) & free)
