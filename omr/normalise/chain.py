"""The steps from an image to an upright, level and flat picture with its staves.

Each step gives a `omr.view.View` of the image; the last one is looked through once, so that the picture is
resampled once. Images that are level and flat are not resampled at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from omr.normalise.direction import find_direction
from omr.normalise.facing import find_gutter
from omr.normalise.flattening import flattened, is_uneven, straightened
from omr.normalise.light import even_light
from omr.normalise.limits import DIRECTION, FLATTENING
from omr.page import Staff
from omr.staves import find_staves, median_space
from omr.view import View, rotated, whole

Grey = NDArray[np.uint8]

_DARK = 128
"""Grey level of the middle pixel below which a page may be white on black."""


@dataclass(frozen=True, eq=False)
class NormalisedPage:
    """A page as it is searched for symbols.

    Attributes
    ----------
    grey : array (height, width) of uint8
        0 is black.
    view : View
        Through which the picture is seen, with its staves.
    changed : bool
        Whether the view shows anything but the image as it is.
    """

    grey: Grey
    view: View
    changed: bool

    @property
    def staves(self) -> tuple[Staff, ...]:
        """Staves of the picture, from top to bottom."""
        return self.view.staves

    def part(self, left: int, right: int) -> NormalisedPage:
        """Cut out the whole height between two columns.

        Parameters
        ----------
        left, right : int
            In pixels of the picture.

        Returns
        -------
        NormalisedPage
            With the staves whose middle is there.
        """
        grey = np.ascontiguousarray(self.grey[:, left:right])
        return NormalisedPage(grey, self.view.part(left, right), changed=True)

    def flipped(self, *, across: bool, down: bool) -> NormalisedPage:
        """Flip the page: both ways is half a turn, one way a mirror image.

        Parameters
        ----------
        across : bool
            Whether left and right change places.
        down : bool
            Whether top and bottom change places.

        Returns
        -------
        NormalisedPage
        """
        grey = self.grey[:: -1 if down else 1, :: -1 if across else 1]
        view = self.view.flipped(across=across, down=down)
        return NormalisedPage(np.ascontiguousarray(grey), view, changed=True)


def normalise(image: Grey) -> NormalisedPage:
    """Make a page level and flat, black on white, and evenly lit; find its staves.

    Whether it is upside down or mirrored, only symbols tell: `omr.normalise.find_flip`.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.

    Returns
    -------
    NormalisedPage
        Of the image as it is where nothing needs to be done, or where nothing tells what.
    """
    return _level(image, _first_look(image))


def normalise_pages(image: Grey) -> tuple[NormalisedPage, ...]:
    """Do the same with each of two facing pages on one image, or with the one page that it shows.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.

    Returns
    -------
    tuple of NormalisedPage
        The left page first, as the staves run; upside down, that is the second one: `in_reading_order`.
    """
    look = _first_look(image)
    gutter = find_gutter(look.staves, look.view.width, look.view.height)
    if gutter is None:
        return (_level(image, look),)
    return tuple(_level(image, look.part(*sides)) for sides in ((0, gutter), (gutter, look.view.width)))


def in_reading_order(pages: Sequence[NormalisedPage]) -> list[int]:
    """Sort the facing pages of an image, made upright.

    Parameters
    ----------
    pages : sequence of NormalisedPage

    Returns
    -------
    list of int
        Their indices, the first page first.
    """
    if len(pages) < 2:
        return list(range(len(pages)))
    points = pages[0].view.points
    along = points[0, -1] - points[0, 0]
    return sorted(range(len(pages)), key=lambda k: float(pages[k].view.points.mean((0, 1)) @ along))


def _first_look(image: Grey) -> NormalisedPage:
    """Look at the page the way it shows most of its staves."""
    return max(_first_looks(image), key=lambda look: _extent(look.staves))


def _level(image: Grey, look: NormalisedPage) -> NormalisedPage:
    """Make a page flat and evenly lit."""
    page = _flat(image, look)
    space = median_space(page.staves)
    return page if space is None else replace(page, grey=even_light(page.grey, space))


def _first_looks(image: Grey) -> Iterator[NormalisedPage]:
    """Look at the page each way that it may have to be turned; most pages need one look."""
    for negative in (False, True) if np.median(image[::8, ::8]) < _DARK else (False,):
        grey = 255 - image if negative else image
        direction = find_direction(grey)
        skew = direction.skew if abs(direction.skew) >= DIRECTION.skew else 0.0
        look = _look(image, rotated(image.shape, 90 * direction.sideways + skew), negative)
        yield look
        if direction.sideways or not look.staves:
            yield _look(image, rotated(image.shape, 0 if direction.sideways or skew else 90), negative)


def _look(image: Grey, view: View, negative: bool) -> NormalisedPage:
    """Look at the page through a view and find its staves."""
    view = replace(view, negative=negative)
    changed = negative or not np.array_equal(view.points, whole(image.shape).points)
    grey = view.look(image) if changed else image
    return NormalisedPage(grey, replace(view, staves=tuple(find_staves(grey))), changed)


def _flat(image: Grey, page: NormalisedPage) -> NormalisedPage:
    """Flatten a page whose staves are uneven, unless fewer staves are found then."""
    if not is_uneven(page.staves):
        return page
    level = straightened(flattened(page.staves, page.grey.shape), page.grey, page.staves)
    view = page.view.behind(level)
    flat = _look(image, view, view.negative)
    enough = _extent(flat.staves) >= FLATTENING.least_found * _extent(page.staves)
    return flat if enough else page


def _extent(staves: Sequence[Staff]) -> float:
    """Sum the lengths of staves, in staff spaces."""
    return sum(float(staff.xs[-1] - staff.xs[0]) / staff.space for staff in staves)
