"""Spaces that a recogniser missed, from the ink: white between letters that is wider than between others."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from omr.text.limits import SpaceLimits
from omr.text.lines import Line
from omr.text.recogniser import Grey

_INK = 128
"""Grey (0 is black) below which a pixel is ink."""


def with_spaces(line: Line, grey: Grey, limits: SpaceLimits) -> Line:
    """Put spaces into a line where its ink has gaps as wide as between words.

    Parameters
    ----------
    line : Line
    grey : array (height, width) of uint8
        The page.
    limits : SpaceLimits

    Returns
    -------
    Line
        With a space more for each such gap that has none.
    """
    box = line.box
    x0 = max(0, int(box.x0))
    strip = grey[max(0, int(box.y0)) : int(box.y1) + 1, x0 : int(box.x1) + 1]
    columns = np.flatnonzero((strip < _INK).any(axis=0))
    steps = np.diff(columns) - 1
    gaps = steps[steps > 0]
    if not len(gaps):
        return line
    wide = max(limits.min_gap * box.height, limits.min_ratio * float(np.median(gaps)))
    text, xs = line.text, line.xs
    for left, right in pairwise(columns.tolist()):
        if right - left - 1 < wide:
            continue
        middle = x0 + (left + right) / 2
        at = sum(x < middle for x in xs)
        if 0 < at < len(text) and text[at - 1].isalpha() and text[at].isalpha():
            text, xs = f"{text[:at]} {text[at:]}", (*xs[:at], middle, *xs[at:])
    return Line(text, xs, box, line.score)
