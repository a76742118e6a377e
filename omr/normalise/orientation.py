"""Which way up a page is, and whether it is mirrored: the symbols found on it tell.

Staves look the same upside down, but begin with clefs. On a mirrored page, the slanted heads of notes are not
recognised, and stems are. A page whose staves begin with clefs and whose stems have heads is upright. Of any
other, a strip of a few staves is searched each way; noteheads decide whether it is mirrored, then symbols
that look different upside down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from omr.normalise.limits import ORIENTATION, OrientationLimits
from omr.page import Staff, Symbol
from omr.staves import median_space

Grey = NDArray[np.uint8]

TELLING = (
    "accidentalFlat",
    "brace",
    "clefF",
    "dynamicP",
    "flag",
    "rest16th",
    "rest32nd",
    "rest8th",
)
"""Starts of core names of symbols that are not taken for themselves upside down; a G clef is."""


class Flip(NamedTuple):
    """What must be flipped to make a page upright: both is half a turn, one of them a mirror image.

    Attributes
    ----------
    across : bool
        Left and right.
    down : bool
        Top and bottom.
    """

    across: bool
    down: bool


def is_upright(
    symbols: Sequence[Symbol], staves: Sequence[Staff], *, limits: OrientationLimits = ORIENTATION
) -> bool:
    """Tell whether enough staves begin with a clef and enough stems have a head to leave no doubt.

    Parameters
    ----------
    symbols : sequence of Symbol
        In core names, above the detector's threshold.
    staves : sequence of Staff
    limits : OrientationLimits, optional

    Returns
    -------
    bool
        True without staves.
    """
    left, _ = _clefs_at_ends(symbols, staves, limits)
    enough = left >= limits.enough_clefs * len(staves)
    return not staves or (enough and not _may_be_mirrored(symbols, limits))


def _clefs_at_ends(
    symbols: Sequence[Symbol], staves: Sequence[Staff], limits: OrientationLimits
) -> tuple[int, int]:
    """Count the staves with a clef at their left and at their right end."""
    clefs = [symbol.box for symbol in symbols if symbol.name.startswith("clef")]
    left = right = 0
    for staff in staves:
        room, reach = limits.clef_room * staff.space, limits.clef_reach * staff.space
        xs = []
        for clef in clefs:
            x, y = clef.centre
            top, *_, bottom = staff.lines_at(x)
            if top - room < y < bottom + room:
                xs.append(x)
        left += any(x < staff.xs[0] + reach for x in xs)
        right += any(x > staff.xs[-1] - reach for x in xs)
    return left, right


def _may_be_mirrored(symbols: Sequence[Symbol], limits: OrientationLimits) -> bool:
    """Tell whether a page has few noteheads for its stems."""
    stems = sum(symbol.name == "stem" for symbol in symbols)
    return stems >= limits.least_heads and _heads(symbols) < limits.heads * stems


def find_flip(
    image: Grey,
    staves: Sequence[Staff],
    symbols: Sequence[Symbol],
    detect: Callable[[Grey], Sequence[Symbol]],
    *,
    limits: OrientationLimits = ORIENTATION,
) -> Flip:
    """Find what must be flipped to make a page upright.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.
    staves : sequence of Staff
        At least one.
    symbols : sequence of Symbol
        Of the page as it is, in core names, above the detector's threshold.
    detect : callable
        Takes a picture at the scale of `image` and returns its symbols like `symbols`.
    limits : OrientationLimits, optional

    Returns
    -------
    Flip
        Nothing where the symbols don't tell clearly.
    """
    mirrored = _may_be_mirrored(symbols, limits)
    left, right = _clefs_at_ends(symbols, staves, limits)
    if not mirrored and right >= limits.enough_clefs * len(staves) and left < right / 2:
        return Flip(True, True)
    strip = _strip(image, staves, limits)

    def search(across: bool, down: bool) -> Sequence[Symbol]:
        picture = strip[:: -1 if down else 1, :: -1 if across else 1]
        return detect(np.ascontiguousarray(picture))

    here, turned = search(False, False), search(True, True)
    if mirrored:
        mirror, turned_mirror = search(True, False), search(False, True)
        heads, others = (_heads(a) + _heads(b) for a, b in ((here, turned), (mirror, turned_mirror)))
        if others >= max(limits.least_heads, limits.more_heads * heads):
            return Flip(True, False) if _telling(mirror) >= _telling(turned_mirror) else Flip(False, True)
    clear = _telling(turned) >= max(limits.least, limits.clearly * _telling(here))
    return Flip(True, True) if clear else Flip(False, False)


def _heads(symbols: Sequence[Symbol]) -> int:
    return sum(symbol.name.startswith("notehead") for symbol in symbols)


def _telling(symbols: Sequence[Symbol]) -> float:
    """Sum the scores of symbols that look different upside down."""
    return sum(symbol.score for symbol in symbols if symbol.name.startswith(TELLING))


def _strip(image: Grey, staves: Sequence[Staff], limits: OrientationLimits) -> Grey:
    """Cut out the first few staves."""
    first, last = staves[0], staves[min(limits.staves, len(staves)) - 1]
    room = limits.around * (median_space(staves) or 0.0)
    top, bottom = max(0, int(first.ys.min() - room)), int(last.ys.max() + room) + 1
    return image[top:bottom]
