"""Staff paths: a comb of five lines answers at every pixel, dynamic programming follows the answers.

The comb is a matched filter: the mean of five lines at the measured staff space, less the
ink where a sixth line would be. Dynamic programming carries the answer of neighbouring
columns along the page, over notes and gaps in the lines, so that the ridges of the carried
answer are the courses of the staves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from omr.staves.gauge import Gauge, SqueezedPage
from omr.staves.limits import FOLLOW, LINES

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


class Response(NamedTuple):
    """How a squeezed page answers to the comb of one staff size.

    Attributes
    ----------
    gauge : Gauge
        The staff size.
    width : float
        Pixels of the page that a column stands for.
    lines : array (columns, height)
        How much each pixel looks like a staff line, 0 to 1.
    comb : array (columns, height)
        How well five lines around each pixel are seen, at most 1.
    carried : array (columns, height)
        Mean of `comb` along the best path through each pixel, near columns counting most.
    """

    gauge: Gauge
    width: float
    lines: Floats
    comb: Floats
    carried: Floats


class Path(NamedTuple):
    """Where the middle line of a staff runs on a squeezed page.

    Attributes
    ----------
    columns : array (n,)
        Consecutive columns.
    rows : array (n,)
        The row, in pixels, in each of them.
    """

    columns: Ints
    rows: Ints


def respond(page: SqueezedPage, gauge: Gauge) -> Response:
    """Answer to the comb of one staff size at every pixel.

    Parameters
    ----------
    page : SqueezedPage
    gauge : Gauge

    Returns
    -------
    Response
    """
    lines = _thin_lines(page, gauge)
    comb = _comb(lines, gauge.space)
    return Response(gauge, page.width, lines, comb, _carried(comb, page.width, gauge.space))


def follow(response: Response, least: float) -> list[Path]:
    """Follow the staves of one size across the page.

    Parameters
    ----------
    response : Response
    least : float
        Answer (0 to 1) of the comb below which a column shows no staff.

    Returns
    -------
    list of Path
        The clearest first.
    """
    return [
        Path(path.columns[part], path.rows[part])
        for path in _ridges(response, least)
        for part in _stretches(response.comb[path.columns, path.rows], response, least)
    ]


def _thin_lines(page: SqueezedPage, gauge: Gauge) -> Floats:
    """Rate each pixel: 1 on a clear line, 0 on paper and inside thick ink."""
    # cv2's black-hat is vectorised along the row; scipy.ndimage.black_tophat takes several times as long
    reach = max(3, round(min(FOLLOW.thickest * gauge.space, 2 * gauge.thickness + 2))) | 1
    dark = cv2.morphologyEx(page.grey, cv2.MORPH_BLACKHAT, np.ones((1, reach), np.uint8))
    full = max(FOLLOW.least_darkness, FOLLOW.darkness_of_a_line * gauge.contrast)
    return np.asarray(np.minimum(dark.astype(np.float32) / full, 1.0), np.float32)


def _comb(lines: Floats, space: float) -> Floats:
    """Rate how well five lines around each pixel are seen and how empty the places of a sixth are."""
    slack = max(1, round(FOLLOW.comb_slack * space))
    margin = round(FOLLOW.comb_margin * space)
    lines = cv2.dilate(lines, np.ones((1, 2 * slack + 1), np.uint8)).astype(np.float32)
    padded = np.pad(lines, ((0, 0), (margin, margin)))
    best = np.zeros_like(lines)
    for scale in FOLLOW.comb_scales:
        starts = [margin + round(k * space * scale) for k in range(-3, 4)]
        above, *five, below = (padded[:, start : start + lines.shape[1]] for start in starts)
        np.maximum(best, np.add.reduce(five) / LINES - (above + below) / 2, out=best)
    return best


def _carried(comb: Floats, width: float, space: float) -> Floats:
    """Average the answers along the best path through each pixel, near columns weighing most."""
    keep = np.float32(np.exp(-width / (FOLLOW.memory * space)))
    kernel = np.ones((1, 2 * _climb(width) + 1), np.uint8)

    def sweep(columns: Floats) -> Floats:
        out = np.empty_like(columns)
        so_far = np.zeros_like(columns[0])
        for i, column in enumerate(columns):
            so_far = column + keep * cv2.dilate(so_far[None], kernel)[0]
            out[i] = so_far
        return out

    both = sweep(comb) + sweep(comb[::-1])[::-1] - comb
    blur = 2 * round(FOLLOW.ridge_blur * space) + 1
    return np.asarray(cv2.blur(both, (blur, 1)) * ((1 - keep) / (1 + keep)), np.float32)


def _climb(width: float) -> int:
    """Pixels that a staff may rise or fall from one column to the next."""
    return int(np.ceil(FOLLOW.steepest * width))


def _ridges(response: Response, least: float) -> Iterator[Path]:
    """Walk along each ridge of the carried answer, the highest first."""
    carried = response.carried.copy()
    climb = _climb(response.width)
    clearance = round(FOLLOW.clearance * response.gauge.space)
    around = np.arange(-clearance, clearance + 1)
    while True:
        column, row = np.unravel_index(carried.argmax(), carried.shape)
        if carried[column, row] < least:
            return
        right = _walk(carried[column:], int(row), climb, least)
        left = _walk(carried[column::-1], int(row), climb, least)
        rows = np.array(left[:0:-1] + right)
        columns = np.arange(len(rows)) + int(column) - len(left) + 1
        yield Path(columns, rows)
        carried[columns[:, None], np.clip(rows[:, None] + around, 0, carried.shape[1] - 1)] = 0


def _walk(carried: Floats, row: int, climb: int, least: float) -> list[int]:
    """Step from column to column to the highest value within reach, as long as there is any staff."""
    rows = [row]
    for column in carried[1:]:
        top = max(0, row - climb)
        row = top + int(column[top : row + climb + 1].argmax())
        if column[row] < FOLLOW.walk_on * least:
            break
        rows.append(row)
    return rows


def _stretches(answer: Floats, response: Response, least: float) -> list[slice]:
    """Find the stretches of a path on which there is a staff, without loose ends."""
    width, space = response.width, response.gauge.space
    there = np.flatnonzero(answer >= least)
    pieces = np.split(there, np.flatnonzero(np.diff(there) * width > FOLLOW.gap * space) + 1)
    found = []
    for piece in pieces:
        if len(piece) * width < FOLLOW.shortest_piece * space:
            continue
        first, last = _densest(answer[piece[0] : piece[-1] + 1] - FOLLOW.end * least)
        part = slice(piece[0] + first, piece[0] + last)
        long = (last - first) * width >= FOLLOW.shortest * space
        if long and answer[part].mean() > FOLLOW.mean * least:
            found.append(part)
    return found


def _densest(gain: Floats) -> tuple[int, int]:
    """Find the interval with the largest sum: its first index and the one after its last."""
    total = np.r_[0.0, np.cumsum(gain)]
    rise = total - np.minimum.accumulate(total)
    last = int(rise.argmax())
    return int(total[: last + 1].argmin()), last
