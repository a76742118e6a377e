"""Staff detection: staff lines by a comb and dynamic programming, faded staves by line crossings.

The stages: `omr.staves.gauge` measures the staff space, `omr.staves.following` follows the
staves of each size, `omr.staves.course` measures their lines. Staves whose lines have gone
are recovered by `omr.staves.line_crossings`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from omr.page import Staff
from omr.staves.alignment import on_its_lines
from omr.staves.course import MIDDLE, course, parallel_course
from omr.staves.following import Response, follow, respond
from omr.staves.gauge import Gauge, SqueezedPage, gauges, squeeze
from omr.staves.limits import FOLLOW, LINES, STAFF
from omr.staves.line_crossings import staves_from_crossings


def staff_space(image: NDArray[np.uint8]) -> float | None:
    """Measure the distance between neighbouring staff lines.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.

    Returns
    -------
    float or None
        Pixels; the median over the staves, weighted by their length. None where no staff is found.
    """
    return median_space(find_staves(image))


def median_space(staves: Sequence[Staff]) -> float | None:
    """Take the median staff space of several staves.

    Parameters
    ----------
    staves : sequence of Staff

    Returns
    -------
    float or None
        In the unit of the staves, weighted by their length; None without staves.
    """
    if not staves:
        return None
    lengths = [max(1, round(s.xs[-1] - s.xs[0])) for s in staves]
    return float(np.median(np.repeat([s.space for s in staves], lengths)))


def find_staves(image: NDArray[np.uint8]) -> list[Staff]:
    """Find the staves of five lines and follow their course across the page.

    Skew up to about five degrees, curved and broken lines, uneven light and staves of
    different sizes are followed. A staff that lost two lines is found where other staves of
    the page did not. Staves of one line are not found. Where grain hides the lines, the page
    is searched again at half its size. Where lines are gone, the thick places that they left
    in barlines and stems tell (`omr.staves.line_crossings`).

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.

    Returns
    -------
    list of Staff
        From top to bottom, in pixels of `image`; empty where there is none.
    """
    page = squeeze(image)
    sizes = gauges(page)
    staves = _staves_from_lines(image, page, sizes)
    if not staves and any(size.contrast < STAFF.faint for size in sizes):
        staves = _staves_from_faint_lines(image)
    if not staves:
        return staves_from_crossings(image)
    if min(_ink(image, staff) for staff in staves) < STAFF.whole:
        staves = _with_faded(image, staves)
    return staves


def _staves_from_lines(image: NDArray[np.uint8], page: SqueezedPage, sizes: Sequence[Gauge]) -> list[Staff]:
    """Find the staves whose lines are seen, then worn staves that run along them."""
    staves: list[Staff] = []
    responses = [respond(page, size) for size in sizes]
    for response in responses:
        least_ink = STAFF.least_ink + response.gauge.thickness / response.gauge.space
        for path in follow(response, FOLLOW.column):
            staff = course(response, path)
            if _ink(image, staff) > least_ink and not any(_overlap(staff, known) for known in staves):
                staves.append(on_its_lines(image, response, staff))
    company = list(staves)
    for response in responses if company else ():
        for staff in _worn_staves(response, company):
            if _ink(image, staff) > STAFF.least_ink_in_company and not any(
                _overlap(staff, known) for known in staves
            ):
                staves.append(on_its_lines(image, response, staff))
    return sorted(staves, key=_height)


def _worn_staves(response: Response, company: Sequence[Staff]) -> Iterator[Staff]:
    """Propose staves that run along a known one, on its course."""
    for path in follow(response, FOLLOW.column_in_company):
        staff = course(response, path)
        alike = [known for known in company if _runs_along(staff, known)]
        if alike and not any(_overlap(staff, known) for known in company):
            yield parallel_course(response, staff, min(alike, key=lambda known: _distance(staff, known)))


def _staves_from_faint_lines(image: NDArray[np.uint8]) -> list[Staff]:
    """Find staves at half the size, where grain is half as strong."""
    height, width = image.shape
    half = np.asarray(cv2.resize(image, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8)
    x, y = width / half.shape[1], height / half.shape[0]
    page = squeeze(half)
    return [Staff(staff.xs * x, staff.ys * y) for staff in _staves_from_lines(half, page, gauges(page))]


def _with_faded(image: NDArray[np.uint8], staves: list[Staff]) -> list[Staff]:
    """Add the staves of the same size that only line crossings show."""
    first, second = staves, staves_from_crossings(image)
    if len(second) > STAFF.more_crossings * len(first):
        first, second = second, first
    faded = (
        staff
        for staff in second
        if any(_same_size(staff, known) for known in first)
        and not any(_overlap(staff, known) for known in first)
    )
    return sorted([*first, *faded], key=_height)


def _ink(image: NDArray[np.uint8], staff: Staff) -> float:
    """Measure the part of the lines that is ink, less the part of the spaces that is.

    Words have gaps along the lines, and textures have no paper between them.
    """
    xs = np.arange(int(staff.xs[0]), int(staff.xs[-1]))
    lines = staff.lines_at(xs + 0.5)
    ys = np.concatenate([lines, (lines[1:] + lines[:-1]) / 2])
    rows = np.clip(np.floor(ys)[..., None].astype(np.int64) + np.arange(-1, 2), 0, len(image) - 1)
    darkest = image[rows, xs[:, None]].min(axis=-1).astype(np.float32)
    window = np.ones((1, 2 * round(staff.space) + 1), np.uint8)
    depth = cv2.dilate(darkest[LINES:].max(axis=0)[None], window) - darkest
    ink = depth > STAFF.ink_of_a_line * np.percentile(depth[:LINES], STAFF.usual_depth)
    return float(ink[:LINES].mean() - ink[LINES:].mean())


def _height(staff: Staff) -> float:
    """Give the mean y of a staff, in pixels, to sort by."""
    return float(staff.ys.mean())


def _same_size(a: Staff, b: Staff) -> bool:
    """Tell whether two staves have nearly the same staff space."""
    return abs(a.space / b.space - 1) < STAFF.same_size


def _runs_along(staff: Staff, other: Staff) -> bool:
    """Tell whether one staff runs along most of another of the same size."""
    along = min(staff.xs[-1], other.xs[-1]) - max(staff.xs[0], other.xs[0])
    return bool(along > STAFF.along * (other.xs[-1] - other.xs[0]) and _same_size(staff, other))


def _overlap(a: Staff, b: Staff) -> bool:
    """Tell whether two staves are nearer to each other than neighbours of a system can be."""
    if min(a.xs[-1], b.xs[-1]) <= max(a.xs[0], b.xs[0]):
        return False
    return _distance(a, b) < STAFF.apart * (LINES - 1) * (a.space + b.space) / 2


def _distance(a: Staff, b: Staff) -> float:
    """Measure the mean distance between the middle lines where both run, in pixels."""
    x = np.linspace(max(a.xs[0], b.xs[0]), min(a.xs[-1], b.xs[-1]), 16)
    return float(np.abs(np.interp(x, a.xs, a.ys[MIDDLE]) - np.interp(x, b.xs, b.ys[MIDDLE])).mean())
