"""The view of a page: the upright, level and flat picture that is read in place of the original image.

A `View` is a mesh: the pixels of the original image that lie under evenly spaced points of the view, bilinear
between them. Any chain of turns, rotations, perspective and curl comes down to one mesh, and the picture, the
staves and the boxes go through the same one.

A box is mapped by its middle and by the absolute values of the map's Jacobian there, which give the
axis-parallel box around the mapped one, and can be undone: a page keeps its boxes in pixels of the original
image, and music is read from the same boxes as the detector gave them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from omr.page import PIXEL_DIGITS, Box, Page, Staff, Symbol, Text

Floats = NDArray[np.float64]
BoxMap = Callable[[Floats], Floats]
"""Maps boxes (n, 4), x0, y0, x1, y1, to another picture."""

_NEWTON_STEPS = 12
"""Steps of Newton's method at most; meshes that are nearly affine need three."""

_CLOSE = 1e-6
"""Pixels of the original image at which Newton's method ends."""


@dataclass(frozen=True, eq=False)
class View:
    """An upright, level and flat picture of a page, and the map back to the original image.

    Attributes
    ----------
    width, height : int
        Of the view, in pixels.
    points : array (rows, columns, 2)
        x and y, in pixels of the original image, of points that lie at even distances on the view, from its
        left upper to its right lower corner; at least two rows and columns.
    staves : tuple of Staff
        From top to bottom, in pixels of the view.
    negative : bool
        Whether the original image is white on black.
    """

    width: int
    height: int
    points: Floats
    staves: tuple[Staff, ...] = ()
    negative: bool = False

    @property
    def mirrored(self) -> bool:
        """Whether the original image is a mirror image."""
        right, down = self.points[0, -1] - self.points[0, 0], self.points[-1, 0] - self.points[0, 0]
        return bool(right[0] * down[1] - right[1] * down[0] < 0)

    def to_original(self, points: Floats) -> Floats:
        """Map points of the view to the original image.

        Parameters
        ----------
        points : array (n, 2)
            x and y in pixels of the view; beyond it, the map goes on bilinear.

        Returns
        -------
        array (n, 2)
            In pixels of the original image.
        """
        cells = np.array([self.points.shape[1] - 1, self.points.shape[0] - 1])
        place = np.asarray(points, np.float64) * (cells / [self.width, self.height])
        cell = np.clip(np.floor(place), 0, cells - 1).astype(np.int64)
        (x, y), (i, j) = (place - cell).T[..., None], cell.T
        upper = (1 - x) * self.points[j, i] + x * self.points[j, i + 1]
        lower = (1 - x) * self.points[j + 1, i] + x * self.points[j + 1, i + 1]
        return np.asarray((1 - y) * upper + y * lower, np.float64)

    def to_view(self, points: Floats) -> Floats:
        """Map points of the original image to the view, by Newton's method.

        Parameters
        ----------
        points : array (n, 2)
            x and y in pixels of the original image.

        Returns
        -------
        array (n, 2)
            In pixels of the view.
        """
        found = np.tile([self.width / 2, self.height / 2], (len(points), 1))
        for _ in range(_NEWTON_STEPS):
            missing = points - self.to_original(found)
            if not len(points) or np.abs(missing).max() < _CLOSE:
                break
            found += np.linalg.solve(self._jacobian(found), missing[..., None])[..., 0]
        return found

    def boxes_to_original(self, boxes: Floats) -> Floats:
        """Map boxes of the view to the original image.

        Parameters
        ----------
        boxes : array (n, 4)
            x0, y0, x1, y1 in pixels of the view.

        Returns
        -------
        array (n, 4)
            The axis-parallel boxes around the mapped ones, in pixels of the original image.
        """
        middles, sizes = _middles(boxes)
        growth = np.abs(self._jacobian(middles))
        return _boxes(self.to_original(middles), (growth @ sizes[..., None])[..., 0])

    def boxes_to_view(self, boxes: Floats) -> Floats:
        """Map boxes of the original image to the view; undo `boxes_to_original`.

        Parameters
        ----------
        boxes : array (n, 4)
            x0, y0, x1, y1 in pixels of the original image.

        Returns
        -------
        array (n, 4)
            In pixels of the view.
        """
        middles, sizes = _middles(boxes)
        inside = self.to_view(middles)
        growth = np.abs(self._jacobian(inside))
        shrunk = np.linalg.solve(growth, sizes[..., None])[..., 0]
        return _boxes(inside, np.asarray(shrunk, np.float64))

    def staff_on_original(self, staff: Staff) -> Staff:
        """Map a staff of the view to the original image.

        Parameters
        ----------
        staff : Staff
            In pixels of the view.

        Returns
        -------
        Staff
            In pixels of the original image, lines from top to bottom there. A staff that runs up or down
            has no y for each x: it becomes one of two lines, the upper and the lower edge of its box.
        """
        lines = np.array([self.to_original(np.stack([staff.xs, line], 1)) for line in staff.ys])
        x, y = lines[..., 0], lines[..., 1]
        across, along = np.ptp(x, axis=1).min(), np.ptp(y, axis=1).max()
        if across <= along:
            edges = np.array([[y.min()] * 2, [y.max()] * 2])
            return Staff(np.array([x.min(), x.max()]), edges)
        if x[0, 0] > x[0, -1]:
            x, y = x[:, ::-1], y[:, ::-1]
        xs = np.maximum.accumulate(x.mean(0))
        keep = np.r_[True, np.diff(xs) > 0]
        ys = np.array([_interpolate(xs[keep], a, b) for a, b in zip(x, y, strict=True)])
        return Staff(xs[keep], ys[np.argsort(ys.mean(1), kind="stable")])

    def look(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Make the view's picture from the original image.

        Parameters
        ----------
        image : array (height, width) of uint8
            The original image.

        Returns
        -------
        array (height, width) of uint8
            0 is black; white where the original image has nothing.
        """
        import cv2

        if self.negative:
            image = 255 - image
        source = self.points.astype(np.float32) - np.float32(0.5)  # OpenCV's pixel centres are whole
        across = mesh_weights(self.points.shape[1], self.width)
        down = mesh_weights(self.points.shape[0], self.height)
        map_x, map_y = (down @ source[..., k] @ across.T for k in range(2))
        picture = cv2.remap(image, map_x, map_y, cv2.INTER_LINEAR, borderValue=255.0)
        return np.asarray(picture, np.uint8)

    def behind(self, other: View) -> View:
        """Chain two views: this one of the original image, another one of this one's picture.

        Parameters
        ----------
        other : View
            Whose original image is the picture of this view; at least as finely meshed as this one.

        Returns
        -------
        View
            Of the other's size and with its staves.
        """
        points = self.to_original(other.points.reshape(-1, 2)).reshape(other.points.shape)
        return replace(other, points=points, negative=self.negative != other.negative)

    def part(self, left: int, right: int) -> View:
        """Cut out the whole height between two columns.

        Parameters
        ----------
        left, right : int
            In pixels of the view.

        Returns
        -------
        View
            Meshed as finely, with the staves whose middle is there.
        """
        rows, columns = self.points.shape[:2]
        x, y = np.meshgrid(np.linspace(left, right, columns), np.linspace(0, self.height, rows))
        points = self.to_original(np.stack([x.ravel(), y.ravel()], 1)).reshape(self.points.shape)
        staves = tuple(
            Staff(staff.xs - left, staff.ys)
            for staff in self.staves
            if left <= (staff.xs[0] + staff.xs[-1]) / 2 < right
        )
        return replace(self, width=right - left, points=points, staves=staves)

    def flipped(self, *, across: bool, down: bool) -> View:
        """Flip the view: both ways is half a turn, one way a mirror image.

        Parameters
        ----------
        across : bool
            Whether left and right change places.
        down : bool
            Whether top and bottom change places.

        Returns
        -------
        View
            With its staves.
        """
        x, y = (-1 if across else 1), (-1 if down else 1)

        def flipped(staff: Staff) -> Staff:
            xs = self.width - staff.xs[::-1] if across else staff.xs
            ys = self.height - staff.ys[::-1] if down else staff.ys
            return Staff(xs, ys[:, ::x])

        return replace(
            self, points=self.points[::y, ::x], staves=tuple(flipped(staff) for staff in self.staves[::y])
        )

    def rounded(self) -> View:
        """Round points and staves to the precision of files.

        Returns
        -------
        View
        """
        staves = (Staff(s.xs.round(PIXEL_DIGITS), s.ys.round(PIXEL_DIGITS)) for s in self.staves)
        return replace(self, points=self.points.round(PIXEL_DIGITS), staves=tuple(staves))

    def _jacobian(self, points: Floats) -> Floats:
        """Pixels of the original image for each pixel of the view; array (n, 2, 2), rows x and y."""
        half = np.array([self.width, self.height]) / (2 * np.array(self.points.shape[1::-1]) - 2)
        columns = []
        for axis in range(2):
            step = np.zeros(2)
            step[axis] = half[axis]
            there = self.to_original(points + step) - self.to_original(points - step)
            columns.append(there / (2 * half[axis]))
        return np.stack(columns, -1)


def whole(shape: tuple[int, ...], staves: tuple[Staff, ...] = ()) -> View:
    """Make the view that shows an image as it is.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the image, in pixels.
    staves : tuple of Staff, optional
        In pixels of the image.

    Returns
    -------
    View
    """
    height, width = shape[:2]
    corners = np.array([[(0, 0), (width, 0)], [(0, height), (width, height)]], np.float64)
    return View(width, height, corners, staves)


def rotated(shape: tuple[int, ...], degrees: float) -> View:
    """Make the view that undoes a rotation.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the image, in pixels.
    degrees : float
        Clockwise angle by which the image is rotated. Quarter turns change no pixel.

    Returns
    -------
    View
        Large enough for all of the image.
    """
    height, width = shape[:2]
    cosine, sine = (round(float(f(np.radians(degrees))), 12) for f in (np.cos, np.sin))
    size = np.ceil(np.abs([[cosine, sine], [sine, cosine]]) @ [width, height]).astype(int)
    corners = np.array([[(-1, -1), (1, -1)], [(-1, 1), (1, 1)]]) * size / 2
    turn = np.array([[cosine, sine], [-sine, cosine]])
    return View(int(size[0]), int(size[1]), corners @ turn + np.array([width, height]) / 2)


def mesh_weights(points: int, pixels: int) -> NDArray[np.float32]:
    """Weigh the points of one axis of a mesh for the middle of each pixel.

    Parameters
    ----------
    points : int
        Of the mesh, at even distances from the first edge of the picture to the last.
    pixels : int
        Of the picture.

    Returns
    -------
    array (pixels, points) of float32
        Of bilinear interpolation: each row sums to 1.
    """
    at = (np.arange(pixels, dtype=np.float32)[:, None] + 0.5) * np.float32((points - 1) / pixels)
    return np.asarray(np.maximum(0, 1 - np.abs(at - np.arange(points, dtype=np.float32))), np.float32)


def upright(page: Page) -> Page:
    """Give a page as its view shows it: upright, level and flat, as music is read.

    Parameters
    ----------
    page : Page
        In pixels of its original image.

    Returns
    -------
    Page
        In pixels of its view, without one; the page itself where it has none.
    """
    view = page.view
    if view is None:
        return page
    return replace(
        _moved(page, view.boxes_to_view),
        width=view.width,
        height=view.height,
        staves=view.staves,
        image=view.look(page.image) if page.ink is None and page.image is not None else None,
        view=None,
    )


def on_original(page: Page, view: View, original: Page) -> Page:
    """Undo `upright`: take a page from its view to the original image.

    Parameters
    ----------
    page : Page
        In pixels of the view.
    view : View
    original : Page
        With the size and the picture of the original image.

    Returns
    -------
    Page
        In pixels of the original image, with the view.
    """
    return replace(
        _moved(page, view.boxes_to_original),
        width=original.width,
        height=original.height,
        image=original.image,
        staves=tuple(sorted(map(view.staff_on_original, view.staves), key=lambda s: float(s.ys.mean()))),
        view=view,
    )


def _moved(page: Page, move: BoxMap) -> Page:
    """Move every symbol and every text of a page."""
    return replace(
        page,
        symbols=_moved_symbols(page.symbols, move),
        low_confidence=_moved_symbols(page.low_confidence, move),
        crowds=_moved_symbols(page.crowds, move),
        detected=None if page.detected is None else _moved_symbols(page.detected, move),
        texts=None if page.texts is None else _moved_symbols(page.texts, move),
    )


Boxed = TypeVar("Boxed", Symbol, Text)


def _moved_symbols(symbols: Sequence[Boxed], move: BoxMap) -> tuple[Boxed, ...]:
    """Move symbols or texts."""
    boxes = move(np.array([s.box for s in symbols], np.float64).reshape(-1, 4))
    return tuple(replace(s, box=Box(*box)) for s, box in zip(symbols, boxes.tolist(), strict=True))


def _middles(boxes: Floats) -> tuple[Floats, Floats]:
    """Give the middles and the sizes of boxes, each (n, 2)."""
    return (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]


def _boxes(middles: Floats, sizes: Floats) -> Floats:
    return np.hstack([middles - sizes / 2, middles + sizes / 2])


def _interpolate(xs: Floats, x: Floats, y: Floats) -> Floats:
    """Interpolate a line at other places; beyond its ends it goes on straight."""
    inside = np.interp(xs, x, y)
    left, right = (y[1] - y[0]) / (x[1] - x[0]), (y[-1] - y[-2]) / (x[-1] - x[-2])
    return np.asarray(inside + left * np.minimum(xs - x[0], 0) + right * np.maximum(xs - x[-1], 0))
