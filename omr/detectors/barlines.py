"""Barlines, followed along their ink from end to end.

A barline through a whole system is longer than a net can see and on a page that
was laid askew it is wider than its stroke, so its box comes in pieces. Its ends
are free and its ink is a single stroke: any piece leads to all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from omr.page import Box, Symbol

FOLLOWED = ("barline", "barlineHeavy")

STEP = 0.3
"""Height in staff spaces of what is looked at together: more than a staff line is thick."""

WIDEST = 1.35
"""Breadth of a stroke, in breadths of the box it was found with, that is still nothing but the barline."""

ASIDE = 2
"""Pixels by which a stroke may move aside from step to step."""

LEAST = 0.5
"""Part of its box that a stroke must be long; a shorter one was something else."""

SAME = 0.5
"""IoU from which two boxes are the same barline."""

FINER = 0.05
"""Staff spaces by which an edge may differ and is left alone, a pixel at least: a net sees grey where strokes
are whole pixels, and knows how thick a line is that a scan made thicker."""


def follow_barlines(ink: NDArray[np.uint8], symbols: Iterable[Symbol], space: float) -> Iterator[Symbol]:
    """The symbols, pieces of barlines grown to the whole; of several pieces the first remains.

    Parameters
    ----------
    ink : array (height, width)
        1 where the page is dark, 0 elsewhere.
    symbols : iterable of Symbol
        In core names, best first; boxes in pixels of the page.
    space : float
        Staff space, in pixels.
    """
    known: dict[str, list[Box]] = {name: [] for name in FOLLOWED}
    for symbol in symbols:
        if symbol.name not in known:
            yield symbol
            continue
        box = _followed(symbol.box, ink, space)
        if all(iou(box, other) < SAME for other in known[symbol.name]):
            known[symbol.name].append(box)
            yield replace(symbol, box=box)


def _followed(box: Box, ink: NDArray[np.uint8], space: float) -> Box:
    """The box around the whole stroke that runs through the middle of `box`."""
    middle, step = round(box.centre[1]), max(3, round(STEP * space))
    widest = max(3, round(WIDEST * box.width))
    down, below = _walk(ink[middle:], box.centre[0], step, widest)
    up, above = _walk(ink[:middle][::-1], box.centre[0], step, widest)
    if not (above or below) or up + down < LEAST * box.height:
        return box
    left, right = zip(*above, *below, strict=True)
    new = np.array([min(left), middle - up, max(right), middle + down], float)
    return Box(*np.where(np.abs(new - box) < max(1, FINER * space), box, new).tolist())


def _walk(ink: NDArray[np.uint8], x: float, step: int, widest: int) -> tuple[int, list[tuple[int, int]]]:
    """Go down a stroke that begins near column `x` of the first row.

    Returns
    -------
    int
        How many rows it goes on.
    list of (int, int)
        Its left and right edge at each step, but for those where something crosses it.
    """
    edges: list[tuple[int, int]] = []
    for y in range(0, len(ink), step):
        first = max(0, int(x) - widest)
        part = ink[y : y + step, first : int(x) + widest + 1]
        column = int(x) - first
        run = _run(part.mean(0) >= 0.5, column)
        if run is None:
            return _end(ink[:, max(0, int(x) - 1) : int(x) + 2], y, step), edges
        left, right = run
        if right - left <= widest and left > 0 and right < part.shape[1]:
            edges.append((first + left, first + right))
            x = first + (left + right - 1) / 2
    return len(ink), edges


def _end(stroke: NDArray[np.uint8], y: int, step: int) -> int:
    """The row after the last dark one of a stroke that is broken in the step at row `y`."""
    first = max(0, y - step)
    dark = np.append(stroke[first : y + step].any(1), False)
    broken = y - first + int(dark[y - first :].argmin())
    return first + int(np.flatnonzero(dark[:broken]).max(initial=-1)) + 1


def _run(on: NDArray[np.bool_], column: int) -> tuple[int, int] | None:
    """Begin and end of the run of True nearest to `column`; None where there is none within `ASIDE`."""
    off = np.flatnonzero(~on)
    for k in sorted(range(column - ASIDE, column + ASIDE + 1), key=lambda k: abs(k - column)):
        if 0 <= k < len(on) and on[k]:
            after = int(np.searchsorted(off, k))
            left = int(off[after - 1]) + 1 if after else 0
            return left, int(off[after]) if after < len(off) else len(on)
    return None


def iou(a: Box, b: Box) -> float:
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    both = max(0.0, width) * max(0.0, height)
    return both / (a.width * a.height + b.width * b.height - both)
