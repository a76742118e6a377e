"""Hyphens and extenders between syllables, from the ink: recognisers miss those that stand alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from omr.page import Box
from omr.text.limits import DashLimits
from omr.text.recogniser import Grey

_INK = 128
"""Grey (0 is black) below which a pixel is ink."""


class Dash(NamedTuple):
    """A level stroke in a row of lyrics.

    Attributes
    ----------
    sign : {"-", "_"}
        A hyphen or an extender.
    box : Box
        In pixels.
    """

    sign: str
    box: Box


def find_dashes(
    grey: Grey, row: Box, gaps: Sequence[tuple[float, float]], space: float, limits: DashLimits
) -> list[Dash]:
    """Find hyphens and extenders in the gaps of a row of lyrics.

    Parameters
    ----------
    grey : array (height, width) of uint8
        The page.
    row : Box
        Around the letters of the row, in pixels.
    gaps : sequence of (float, float)
        Where no letters stand, from x to x in pixels.
    space : float
        Staff space in pixels.
    limits : DashLimits

    Returns
    -------
    list of Dash
        From left to right.
    """
    top, bottom = max(0, round(row.y0)), round(row.y0 + max(limits.foot[1], 1.0) * row.height)
    found = []
    for x0, x1 in gaps:
        left, right = max(0, round(x0)), round(x1)
        strip = grey[top:bottom, left:right]
        if strip.size == 0:
            continue
        _, _, stats, _ = cv2.connectedComponentsWithStats((strip < _INK).astype(np.uint8))
        for x, y, width, height, area in stats[1:].tolist():
            cut = x + width >= strip.shape[1] or y + height >= strip.shape[0]  # goes on beyond the gap
            sign = _sign(width, height, area, (y + height / 2) / row.height, space, limits)
            if sign and not cut:
                box = Box(left + x, top + y, left + x + width, top + y + height)
                found.append(Dash(sign, box))
    return sorted(found, key=lambda dash: dash.box.x0)


def find_letters(
    grey: Grey, row: Box, gaps: Sequence[tuple[float, float]], height: float, limits: DashLimits
) -> list[Box]:
    """Find ink as high as letters in the gaps of a row of lyrics.

    Parameters
    ----------
    grey, row, gaps, limits
        As for `find_dashes`.
    height : float
        Of the boxes of the row, in pixels.

    Returns
    -------
    list of Box
        In pixels, grown to the margins that a recogniser leaves; letters that touch in x are in one box.
    """
    top, bottom = max(0, round(row.y0)), round(row.y1)
    found: list[Box] = []
    for x0, x1 in gaps:
        left, right = max(0, round(x0)), round(x1)
        strip = grey[top:bottom, left:right]
        if strip.size == 0:
            continue
        _, _, stats, _ = cv2.connectedComponentsWithStats((strip < _INK).astype(np.uint8))
        beside = limits.beside_letter * height
        for x, y, width, tall, _ in stats[1:].tolist():
            cut = min(x, y) <= 0 or x + width >= strip.shape[1] or y + tall >= strip.shape[0]
            if cut or not limits.min_letter * height <= tall <= height or width > limits.max_letter * height:
                continue
            box = Box(left + x - beside, row.y0, left + x + width + beside, row.y1)
            if found and box.x0 < found[-1].x1:
                found[-1] = found[-1].joined(box)
            else:
                found.append(box)
    return found


def _sign(width: int, height: int, area: int, at: float, space: float, limits: DashLimits) -> str:
    """Tell a hyphen from an extender; "" for anything else."""
    flat = height <= limits.max_thickness * space and width >= 1.5 * height and area >= 0.6 * width * height
    if not flat or width < limits.min_hyphen * space:
        return ""
    if width <= limits.max_hyphen * space and limits.middle[0] <= at <= limits.middle[1]:
        return "-"
    if width > limits.max_hyphen * space and limits.foot[0] <= at <= limits.foot[1]:
        return "_"
    return ""
