"""Staff space and line thickness, measured on columns that cross five lines.

The page is squeezed horizontally, which keeps level lines and blurs everything else. Where
a column crosses five evenly spaced thin runs of ink, they tell the staff space and the line
thickness: run lengths as in I. Fujinaga, "Staff Detection and Removal", 2004, but from the
middle of one line to the middle of the next. Like the sum of a black and a white run, that
distance does not depend on how far ink has spread (J. S. Cardoso, A. Rebelo, "Robust
Staffline Thickness and Distance Estimation in Binary and Gray-Level Music Scores", ICPR 2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from omr.runs import runs
from omr.staves.limits import GAUGE, LINES

Floats = NDArray[np.float32]


class Gauge(NamedTuple):
    """The size of the staves of a page.

    Attributes
    ----------
    space : float
        Staff space, in pixels.
    thickness : float
        Of a line, in pixels.
    contrast : float
        Grey levels that a line is darker than the paper.
    """

    space: float
    thickness: float
    contrast: float


class FiveLines(NamedTuple):
    """The measures of a `Gauge` at every place where a column crosses five lines.

    Attributes
    ----------
    space : array (n,)
        Staff spaces, in pixels.
    thickness : array (n,)
        Mean thickness of the five lines, in pixels.
    contrast : array (n,)
        Grey levels that the middle line is darker than the paper.
    """

    space: Floats
    thickness: Floats
    contrast: Floats


@dataclass(frozen=True)
class SqueezedPage:
    """A page squeezed horizontally, stored column by column.

    Attributes
    ----------
    grey : array (columns, height) of uint8
        0 is black.
    width : float
        Pixels of the page that a column stands for.
    """

    grey: NDArray[np.uint8]
    width: float


def squeeze(image: NDArray[np.uint8]) -> SqueezedPage:
    """Squeeze a page horizontally.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.

    Returns
    -------
    SqueezedPage
    """
    height, width = image.shape
    columns = max(1, min(GAUGE.columns, width // GAUGE.narrowest_column))
    narrow = cv2.resize(image, (columns, height), interpolation=cv2.INTER_AREA)
    return SqueezedPage(np.ascontiguousarray(narrow.T), width / columns)


def gauges(page: SqueezedPage) -> list[Gauge]:
    """Measure the sizes of staff on a page.

    Parameters
    ----------
    page : SqueezedPage

    Returns
    -------
    list of Gauge
        At most `GaugeLimits.most_sizes`, the size with the clearest lines first.
    """
    columns = _five_line_columns(page)
    enough = max(GAUGE.least_crossings, GAUGE.least_crossings_share * len(columns.space))
    found: list[Gauge] = []
    while len(columns.space) >= enough and len(found) < GAUGE.most_sizes:
        space = _mode(columns.space, columns.contrast**2)
        difference = np.abs(columns.space / space - 1)
        near = difference <= GAUGE.same_size
        gauge = Gauge(*(float(np.median(values[near])) for values in columns))
        if near.sum() >= enough and (not found or gauge.contrast > GAUGE.least_contrast * found[0].contrast):
            found.append(gauge)
        columns = FiveLines(*(values[difference > GAUGE.other_size] for values in columns))
    return found


def _mode(values: Floats, weights: Floats) -> float:
    """Find the most common value on a logarithmic scale, smoothed over a tenth of itself."""
    logs = np.log(values)
    margin = GAUGE.mode_bin * GAUGE.mode_window
    edges = np.arange(logs.min() - margin, logs.max() + margin + GAUGE.mode_bin, GAUGE.mode_bin)
    counts = np.histogram(logs, edges, weights=weights)[0]
    peak = int(np.convolve(counts, np.ones(GAUGE.mode_window), "same").argmax())
    return float(np.exp((edges[peak] + edges[peak + 1]) / 2))


def _five_line_columns(page: SqueezedPage) -> FiveLines:
    """Measure wherever a column crosses five thin, evenly spaced lines in a row."""
    height = page.grey.shape[1]
    window = max(GAUGE.least_paper_window, height // GAUGE.paper_window_share) | 1
    paper = cv2.blur(page.grey, (window, GAUGE.paper_window_columns))
    depth = cv2.subtract(paper, page.grey)
    dark = depth > GAUGE.faintest_line
    dark[:, [0, -1]] = False  # no run goes on in the next column
    starts, ends = runs(dark.ravel())
    if len(starts) < LINES:
        return FiveLines(*np.zeros((3, 0), np.float32))
    same_column = starts[: 1 - LINES] // height == starts[LINES - 1 :] // height
    thickness = sliding_window_view((ends - starts).astype(np.float32), LINES)
    middles = sliding_window_view((starts + ends).astype(np.float32) / 2, LINES)
    space = (middles[:, -1] - middles[:, 0]) / (LINES - 1)
    uneven = np.abs(np.diff(middles, axis=1) - space[:, None]).max(axis=1)
    good = same_column & (space >= GAUGE.smallest_space)
    good &= uneven <= np.maximum(GAUGE.uneven_pixels, GAUGE.uneven * space)
    good &= thickness.max(axis=1) <= np.maximum(GAUGE.thickest_line_pixels, GAUGE.thickest_line * space)
    contrast = depth.ravel()[middles[good, LINES // 2].astype(np.int64)].astype(np.float32)
    return FiveLines(space[good], thickness[good].mean(axis=1), contrast)
