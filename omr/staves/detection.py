"""Staff lines: where they run and how far apart they are.

The page is squeezed horizontally, which keeps what is level and blurs what is
not. Columns that cross five evenly spaced thin runs of ink in a row tell the
staff space and the line thickness: run lengths as in Fujinaga (2004, *Staff
detection and removal*), but from the middle of one line to the next, which,
like the sum of a black and a white run, ink spread leaves alone (Cardoso and
Rebelo 2010, *Robust staffline thickness and distance estimation in binary and
gray-level music scores*). A comb of five lines at that distance then answers
at every position, and dynamic programming along the staff carries the answer
over notes and broken lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from omr.page import Staff
from omr.staves.line_crossings import staves_by_knots

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Reals = NDArray[np.float64]

LINES = 5
COLUMNS = 256
"""Columns the page is squeezed to, unless they'd be narrower than 4 pixels."""

SMALLEST_SPACE = 4
"""Staff spaces below this many pixels can't be told from texture."""

FAINTEST_LINE = 12
"""Grey levels a line must be darker than the paper around it."""

FAINT_LINE = 40
"""Grey levels below which a line may drown in the grain of the paper."""

LIKE_A_STAFF, IN_COMPANY = 0.3, 0.2
"""Mean answer of the comb, from 0 to 1, below which a column shows no staff; the latter where others of the
page do: of some, two lines may have worn away."""

AS_LONG, SHREDS = 0.7, 0.2
"""Part of another staff's breadth that such a one must run along, and part of its lines that must be left."""


BROKEN = 0.6
"""Part of a staff's lines that is left, below which others of the page may have lost theirs altogether."""


class Gauge(NamedTuple):
    """What the lines of a page measure, in pixels and grey levels."""

    space: float
    thickness: float
    contrast: float


class FiveLines(NamedTuple):
    """The same of every place where a column crosses five lines; arrays (n,)."""

    space: Floats
    thickness: Floats
    contrast: Floats


@dataclass(frozen=True)
class Squeezed:
    """A page squeezed horizontally, stored column by column.

    Attributes
    ----------
    grey : array (columns, height) of uint8
    width : float
        Pixels of the page a column stands for.
    """

    grey: NDArray[np.uint8]
    width: float


def staff_space(image: NDArray[np.uint8]) -> float | None:
    """The distance between neighbouring staff lines, in pixels.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.

    Returns
    -------
    float or None
        The median over the staves, each weighing as much as it is long; None
        where no staff is found.
    """
    return median_space(find_staves(image))


def median_space(staves: Sequence[Staff]) -> float | None:
    """The median staff space, each staff weighing as much as it is long; None without staves."""
    if not staves:
        return None
    lengths = [max(1, round(s.xs[-1] - s.xs[0])) for s in staves]
    return float(np.median(np.repeat([s.space for s in staves], lengths)))


def find_staves(image: NDArray[np.uint8]) -> list[Staff]:
    """Find the staves of five lines and follow their course across the page.

    Skew up to about five degrees, curved and broken lines, uneven light and
    staves of different sizes on one page are followed, and such as lost two
    lines where others did not; staves of one line are not found. Where grain
    hides the lines, the page is looked at from further away; where lines are gone, what they
    left in barlines and stems tells (`omr.staves.line_crossings`).

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.

    Returns
    -------
    list of Staff
        From top to bottom, in pixels of `image`; empty where there is none.
    """
    page = _squeeze(image)
    gauges = _gauges(page)
    staves = _by_lines(image, page, gauges)
    if not staves and any(gauge.contrast < FAINT_LINE for gauge in gauges):
        staves = _by_faint_lines(image)
    if not staves:
        return staves_by_knots(image)
    if min(_solid(image, staff) for staff in staves) < BROKEN:
        staves = _with_lost(image, staves)
    return staves


def _with_lost(image: NDArray[np.uint8], staves: list[Staff]) -> list[Staff]:
    """Staves, and between them such of their size as have no lines left."""
    first, second = staves, staves_by_knots(image)
    if len(second) > 2 * len(first):
        first, second = second, first
    lost = (
        staff
        for staff in second
        if any(abs(staff.space / known.space - 1) < 0.1 for known in first)
        and not any(_overlap(staff, known) for known in first)
    )
    return sorted([*first, *lost], key=lambda staff: staff.ys.mean())


def _by_lines(image: NDArray[np.uint8], page: Squeezed, gauges: Sequence[Gauge]) -> list[Staff]:
    staves: list[Staff] = []
    looks = [_look(page, gauge) for gauge in gauges]
    for seen in looks:
        solid = 0.3 + seen.gauge.thickness / seen.gauge.space  # thin lines may be broken, not thick ones
        for staff in _follow(seen, page.width, LIKE_A_STAFF):
            if _solid(image, staff) > solid and not any(_overlap(staff, known) for known in staves):
                staves.append(staff)
    company = list(staves)
    for seen in looks if company else ():
        for staff in _worn(seen, page.width, company):
            if _solid(image, staff) > SHREDS and not any(_overlap(staff, known) for known in staves):
                staves.append(staff)
    return sorted(staves, key=lambda s: s.ys.mean())


def _worn(seen: Seen, width: float, company: Sequence[Staff]) -> Iterator[Staff]:
    """What may be a staff because it runs along one of the company, on its course."""
    for staff in _follow(seen, width, IN_COMPANY):
        alike = [known for known in company if _like(staff, known)]
        if alike and not any(_overlap(staff, known) for known in company):
            yield _parallel(seen, staff, min(alike, key=lambda known: _apart(staff, known)), width)


def _parallel(seen: Seen, staff: Staff, other: Staff, width: float) -> Staff:
    """A worn staff along the course of another: by itself the comb slips to the lines that are left."""
    columns = np.arange(int(staff.xs[0] / width), min(round(staff.xs[-1] / width), len(seen.thin)))
    middle = np.interp((columns + 0.5) * width, other.xs, other.ys[LINES // 2])
    own = np.interp((columns + 0.5) * width, staff.xs, staff.ys[LINES // 2])
    start, space = float(np.median(own - middle)), seen.gauge.space
    comb = np.array([-0.5, 1, 1, 1, 1, 1, -0.5])

    def seen_at(offset: float) -> float:
        rows = np.round(middle + offset + space * np.arange(-3, 4)[:, None]).astype(int)
        return float(comb @ seen.thin[columns, rows.clip(0, seen.thin.shape[1] - 1)].sum(1))

    offset = max(start + np.arange(-1.5 * space, 1.5 * space), key=seen_at)
    return _course(seen.thin, columns, np.round(middle + offset).astype(np.int64), width, seen.gauge)


def _like(staff: Staff, other: Staff) -> bool:
    """Whether one staff runs along most of another, of the same size."""
    along = min(staff.xs[-1], other.xs[-1]) - max(staff.xs[0], other.xs[0])
    return bool(along > AS_LONG * (other.xs[-1] - other.xs[0]) and abs(staff.space / other.space - 1) < 0.1)


def _by_faint_lines(image: NDArray[np.uint8]) -> list[Staff]:
    """At half the size, where grain is half as strong and drowns no line."""
    height, width = image.shape
    half = np.asarray(cv2.resize(image, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8)
    x, y = width / half.shape[1], height / half.shape[0]
    page = _squeeze(half)
    return [Staff(staff.xs * x, staff.ys * y) for staff in _by_lines(half, page, _gauges(page))]


def _squeeze(image: NDArray[np.uint8]) -> Squeezed:
    height, width = image.shape
    columns = max(1, min(COLUMNS, width // 4))
    narrow = cv2.resize(image, (columns, height), interpolation=cv2.INTER_AREA)
    return Squeezed(np.ascontiguousarray(narrow.T), width / columns)


# --- what the lines measure -------------------------------------------------------------------------


def _gauges(page: Squeezed) -> list[Gauge]:
    """The sizes of staff on the page, the one with the clearest lines first, at most three."""
    columns = _five_line_columns(page)
    enough = max(8, 0.1 * len(columns.space))
    gauges: list[Gauge] = []
    while len(columns.space) >= enough and len(gauges) < 3:
        space = _mode(columns.space, columns.contrast**2)
        far = np.abs(columns.space / space - 1)
        near = far <= 0.12
        gauge = Gauge(*(float(np.median(values[near])) for values in columns))
        if near.sum() >= enough and (not gauges or gauge.contrast > 0.5 * gauges[0].contrast):
            gauges.append(gauge)
        columns = FiveLines(*(values[far > 0.2] for values in columns))
    return gauges


def _mode(values: Floats, weights: Floats) -> float:
    """The most common value, smoothed over a tenth of itself."""
    logs = np.log(values)
    edges = np.arange(logs.min() - 0.1, logs.max() + 0.12, 0.02)
    smooth = np.convolve(np.histogram(logs, edges, weights=weights)[0], np.ones(5), "same")
    peak = int(smooth.argmax())
    return float(np.exp((edges[peak] + edges[peak + 1]) / 2))


def _five_line_columns(page: Squeezed) -> FiveLines:
    """Measure wherever a column crosses five thin, evenly spaced lines in a row."""
    height = page.grey.shape[1]
    paper = cv2.blur(page.grey, (max(31, height // 25) | 1, 5))
    depth = cv2.subtract(paper, page.grey).ravel()
    starts, ends = _runs(depth.reshape(page.grey.shape) > FAINTEST_LINE)
    if len(starts) < LINES:
        return FiveLines(*np.zeros((3, 0), np.float32))
    same_column = starts[: 1 - LINES] // height == starts[LINES - 1 :] // height
    thickness = sliding_window_view((ends - starts).astype(np.float32), LINES)
    middles = sliding_window_view((starts + ends).astype(np.float32) / 2, LINES)
    space = (middles[:, -1] - middles[:, 0]) / (LINES - 1)
    uneven = np.abs(np.diff(middles, axis=1) - space[:, None]).max(axis=1)
    good = same_column & (space >= SMALLEST_SPACE) & (uneven <= np.maximum(1.0, 0.1 * space))
    good &= thickness.max(axis=1) <= np.maximum(2.0, 0.4 * space)
    contrast = depth[middles[good, LINES // 2].astype(np.int64)].astype(np.float32)
    return FiveLines(space[good], thickness[good].mean(axis=1), contrast)


def _runs(black: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Where the runs of ink start and end, in positions of the flattened columns."""
    black[:, [0, -1]] = False  # no run goes on in the next column
    flat = black.ravel()
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    return changes[0::2], changes[1::2]


# --- following the lines ----------------------------------------------------------------------------


class Seen(NamedTuple):
    """How a page answers to one size of staff, by pixels of the squeezed page; arrays (columns, height)."""

    gauge: Gauge
    thin: Floats
    answer: Floats
    carried: Floats


def _look(page: Squeezed, gauge: Gauge) -> Seen:
    thin = _thin_lines(page, gauge)
    answer = _comb(thin, gauge.space)
    return Seen(gauge, thin, answer, _carried(answer, page.width, gauge.space))


def _follow(seen: Seen, width: float, least: float) -> list[Staff]:
    """The staves of one size; `least` is what a column, of `width` pixels, must answer to show one."""
    gauge = seen.gauge
    staves = []
    for first, heights in _paths(seen.carried, width, gauge.space, least):
        columns = np.arange(first, first + len(heights))
        for part in _stretches(seen.answer[columns, heights], width, gauge.space, least):
            staves.append(_course(seen.thin, columns[part], heights[part], width, gauge))
    return staves


def _thin_lines(page: Squeezed, gauge: Gauge) -> Floats:
    """How much each pixel looks like a line: 1 on a clear one, 0 on paper and inside what is thick."""
    reach = max(3, round(min(0.6 * gauge.space, 2 * gauge.thickness + 2))) | 1
    dark = cv2.morphologyEx(page.grey, cv2.MORPH_BLACKHAT, np.ones((1, reach), np.uint8))
    return np.minimum(dark.astype(np.float32) / max(8.0, 0.6 * gauge.contrast), 1.0)


def _comb(thin: Floats, space: float) -> Floats:
    """At each pixel, how well five lines around it are seen and how empty the two beyond are."""
    slack = max(1, round(0.08 * space))
    margin = round(3.3 * space)
    thin = cv2.dilate(thin, np.ones((1, 2 * slack + 1), np.uint8)).astype(np.float32)
    padded = np.pad(thin, ((0, 0), (margin, margin)))
    best = np.zeros_like(thin)
    for scale in (0.92, 1.0, 1.08):
        starts = [margin + round(k * space * scale) for k in range(-3, 4)]
        above, *lines, below = (padded[:, start : start + thin.shape[1]] for start in starts)
        np.maximum(best, np.add.reduce(lines) / LINES - (above + below) / 2, out=best)
    return best


def _carried(answer: Floats, width: float, space: float) -> Floats:
    """The mean answer along the best path through each pixel, near columns counting most.

    Paths may rise or fall by a tenth; a column's weight halves about every
    five staff spaces.
    """
    keep = np.float32(np.exp(-width / (8 * space)))
    climb = int(np.ceil(0.1 * width))

    def sweep(columns: Floats) -> Floats:
        out = np.empty_like(columns)
        so_far = np.zeros_like(columns[0])
        kernel = np.ones((1, 2 * climb + 1), np.uint8)
        for i, column in enumerate(columns):
            so_far = column + keep * cv2.dilate(so_far[None], kernel)[0]
            out[i] = so_far
        return out

    both = sweep(answer) + sweep(answer[::-1])[::-1] - answer
    blur = 2 * round(0.25 * space) + 1  # several heights answer alike: let the middle one win
    return cv2.blur(both, (blur, 1)) * ((1 - keep) / (1 + keep))


def _paths(carried: Floats, width: float, space: float, least: float) -> Iterator[tuple[int, Ints]]:
    """Walk along each ridge of `carried`, best first; the first column and the heights from there on."""
    carried = carried.copy()
    climb = int(np.ceil(0.1 * width))
    around = np.arange(-round(4 * space), round(4 * space) + 1)  # no other staff is so near
    while True:
        column, row = np.unravel_index(carried.argmax(), carried.shape)
        if carried[column, row] < least:
            return
        right = _walk(carried[column:], int(row), climb, least)
        left = _walk(carried[column::-1], int(row), climb, least)
        heights = np.array(left[:0:-1] + right)
        first = int(column) - len(left) + 1
        yield first, heights
        columns = np.arange(first, first + len(heights))
        rows = np.clip(heights[:, None] + around, 0, carried.shape[1] - 1)
        carried[columns[:, None], rows] = 0


def _walk(carried: Floats, row: int, climb: int, least: float) -> list[int]:
    """Step from column to column to the highest value near, while there is any staff."""
    rows = [row]
    for column in carried[1:]:
        top = max(0, row - climb)
        near = column[top : row + climb + 1]
        row = top + int(near.argmax())
        if column[row] < 0.3 * least:
            break
        rows.append(row)
    return rows


def _stretches(answer: Floats, width: float, space: float, least: float) -> list[slice]:
    """Where along a path a staff is really there: pieces eight staff spaces apart, without loose ends."""
    there = np.flatnonzero(answer >= least)
    pieces = np.split(there, np.flatnonzero(np.diff(there) * width > 8 * space) + 1)
    found = []
    for piece in pieces:
        if len(piece) * width < 3 * space:
            continue
        first, last = _densest(answer[piece[0] : piece[-1] + 1] - 1.4 * least)
        part = slice(piece[0] + first, piece[0] + last)
        if (last - first) * width >= 6 * space and answer[part].mean() > 2 * least:
            found.append(part)
    return found


def _densest(gain: Floats) -> tuple[int, int]:
    """The interval with the largest sum, as its first and the one past its last index."""
    total = np.r_[0.0, np.cumsum(gain)]
    rise = total - np.minimum.accumulate(total)
    last = int(rise.argmax())
    return int(total[: last + 1].argmin()), last


def _course(
    thin: Floats, columns: NDArray[np.int64], middles: NDArray[np.int64], width: float, gauge: Gauge
) -> Staff:
    """Measure each line near where the comb saw it, and smooth what notes and gaps disturb."""
    reach = max(2, round(0.3 * gauge.space))
    offsets = np.arange(-reach, reach + 1)
    near = round(4 * gauge.space / width)
    smooth = _smooth(
        middles.astype(np.float64), 2 * near
    )  # where much is written the comb may slip by a line
    lines = []
    for k in range(-2, 3):
        guess = smooth + k * gauge.space
        rows = np.clip(np.round(guess).astype(int)[:, None] + offsets, 0, thin.shape[1] - 1)
        weight = thin[columns[:, None], rows] ** 2
        total = weight.sum(axis=1)
        y = np.where(total > 0.2, (weight * rows).sum(axis=1) / np.maximum(total, 1e-6), guess)
        lines.append(_smooth(y, near) + 0.5)
    xs = np.asarray((columns + 0.5) * width, np.float64)
    xs[0], xs[-1] = columns[0] * width, (columns[-1] + 1) * width
    return Staff(xs, np.array(lines))


def _smooth(ys: Reals, reach: int) -> Reals:
    """Running median, then mean, over `reach` values to each side, as if the course went on at the ends."""
    half = min(len(ys) - 1, reach)
    if half < 1:
        return ys
    size = 2 * half + 1
    steady = median_filter(np.pad(ys, half, mode="reflect", reflect_type="odd"), size)[half:-half]
    going_on = np.pad(steady, half, mode="reflect", reflect_type="odd")
    return np.convolve(going_on, np.full(size, 1 / size), mode="valid")


def _solid(image: NDArray[np.uint8], staff: Staff) -> float:
    """How much of the lines is ink, less how much of the spaces: words have gaps, and textures no paper."""
    xs = np.arange(int(staff.xs[0]), int(staff.xs[-1]))
    lines = staff.lines_at(xs + 0.5)
    ys = np.concatenate([lines, (lines[1:] + lines[:-1]) / 2])
    rows = np.clip(np.floor(ys)[..., None].astype(np.int64) + np.arange(-1, 2), 0, len(image) - 1)
    darkest = image[rows, xs[:, None]].min(axis=-1).astype(np.float32)
    paper = cv2.dilate(darkest[LINES:].max(axis=0)[None], np.ones((1, 2 * round(staff.space) + 1), np.uint8))
    depth = paper - darkest
    ink = depth > 0.4 * np.percentile(depth[:LINES], 60)  # of a line, which may be fainter than a note
    return float(ink[:LINES].mean() - ink[LINES:].mean())


def _overlap(a: Staff, b: Staff) -> bool:
    """Whether two staves are nearer to each other than two neighbours of a system could be."""
    if min(a.xs[-1], b.xs[-1]) <= max(a.xs[0], b.xs[0]):
        return False
    return _apart(a, b) < 1.35 * (LINES - 1) * (a.space + b.space) / 2


def _apart(a: Staff, b: Staff) -> float:
    """Mean distance between the middle lines where both run, in pixels."""
    x = np.linspace(max(a.xs[0], b.xs[0]), min(a.xs[-1], b.xs[-1]), 16)
    middle = LINES // 2
    return float(np.abs(np.interp(x, a.xs, a.ys[middle]) - np.interp(x, b.xs, b.ys[middle])).mean())
