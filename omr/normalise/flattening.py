"""A level and flat view of a page, from the course of its staff lines.

Three steps: the perspective is undone by the homography that makes staves level, staff spaces equal and
margins upright (metric rectification: R. Hartley, A. Zisserman, "Multiple View Geometry in Computer Vision",
2004, section 2.7); what is left of the staff lines' bend is the curl of the page, a polynomial in x and y
that moves points up and down; stems and barlines tell what is upright. Text lines are used likewise by L. Fu
and others, "A Model-based Book Dewarping Method Using Text Line Detection", CBDAR 2007.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

from omr.normalise.direction import find_slant
from omr.normalise.limits import FLATTENING, FlatteningLimits
from omr.page import Staff
from omr.staves import median_space
from omr.view import View

Floats = NDArray[np.float64]

_NARROWEST = 32
"""Pixels of the height and width of all staves together below which nothing is told by stems."""

_FARTHEST = 0.2
"""Smallest scale against that in the middle of the image: what is farther away is no page."""


@dataclass(frozen=True)
class Perspective:
    """The homography from an image to a page whose staves are level and evenly spaced.

    Lengths are half the longer side of the image; the middle of the image stays where it is.

    Attributes
    ----------
    narrowing : array (2,)
        Change of scale for each unit of x and y.
    angle : float
        Radians that the image is turned by, anticlockwise.
    shear : float
        Units that x grows by for each unit of y.
    """

    narrowing: Floats
    angle: float
    shear: float

    def flatten(self, points: Floats) -> Floats:
        """Map points of the image to the level page.

        Parameters
        ----------
        points : array (..., 2)
            x and y.

        Returns
        -------
        array (..., 2)
        """
        q = points / np.maximum(1 + points @ self.narrowing, _FARTHEST)[..., None]
        c, s = np.cos(self.angle), np.sin(self.angle)
        u, v = q[..., 0] * c + q[..., 1] * s, q[..., 1] * c - q[..., 0] * s
        return np.stack([u + self.shear * v, v], -1)

    def project(self, points: Floats) -> Floats:
        """Map points of the level page to the image.

        Parameters
        ----------
        points : array (..., 2)
            x and y.

        Returns
        -------
        array (..., 2)
        """
        u, v = points[..., 0] - self.shear * points[..., 1], points[..., 1]
        c, s = np.cos(self.angle), np.sin(self.angle)
        q = np.stack([u * c - v * s, u * s + v * c], -1)
        return np.asarray(q / np.maximum(1 - q @ self.narrowing, _FARTHEST)[..., None], np.float64)


@dataclass(frozen=True)
class Curl:
    """How far a curled page's lines run above or below level ones.

    Attributes
    ----------
    coefficients : array (down + 1, across + 1)
        Of Chebyshev polynomials in v and u.
    low, high : array (2,)
        The u and v that are scaled to -1 and 1; beyond them the displacement is that at the edge.
    """

    coefficients: Floats
    low: Floats
    high: Floats

    def displacement(self, points: Floats) -> Floats:
        """Compute how far below a point of the flat page its ink lies on the curled page.

        Parameters
        ----------
        points : array (..., 2)
            u and v.

        Returns
        -------
        array (...)
        """
        u, v = np.moveaxis(_scaled(points, self.low, self.high), -1, 0)
        return np.asarray(chebyshev.chebval2d(v, u, self.coefficients), np.float64)


def is_uneven(staves: Sequence[Staff], *, limits: FlatteningLimits = FLATTENING) -> bool:
    """Tell whether staves are too steep, too bent or too uneven to be read as they are.

    Parameters
    ----------
    staves : sequence of Staff
    limits : FlatteningLimits, optional

    Returns
    -------
    bool
        False without staves.
    """
    return bool(staves) and any(
        measure > limit
        for measure, limit in zip(
            unevenness(staves, limits=limits), (limits.slope, limits.bend, limits.narrowing), strict=True
        )
    )


def unevenness(
    staves: Sequence[Staff], *, limits: FlatteningLimits = FLATTENING
) -> tuple[float, float, float]:
    """Measure how staves depart from level, straight and evenly spaced ones.

    Parameters
    ----------
    staves : sequence of Staff
        At least one.
    limits : FlatteningLimits, optional

    Returns
    -------
    slope, bend, narrowing : float
        See `FlatteningLimits`, which these are compared with.
    """
    slopes, bends, heights = [], [], []
    for staff in staves:
        x = np.linspace(staff.xs[0], staff.xs[-1], limits.samples)
        lines = staff.lines_at(x)
        middle = lines[len(lines) // 2]
        slope = (middle[-1] - middle[0]) / (x[-1] - x[0])
        slopes.append(abs(slope))
        chord = middle[0] + slope * (x - x[0])
        bends.append(np.abs(middle - chord).max() / staff.space)
        heights.append(np.log(_thirds(np.stack([np.broadcast_to(x, lines.shape), lines], -1))))
    logs = np.array(heights)
    across = np.percentile(np.abs(logs[:, -1] - logs[:, 0]), limits.percentile)
    y = np.array([staff.ys.mean() for staff in staves])
    down = abs(_trend(y, logs.mean(1))) * np.ptp(y)
    return (
        float(np.percentile(slopes, limits.percentile)),
        float(np.percentile(bends, limits.percentile)),
        float(max(across, down)),
    )


def _trend(x: Floats, y: Floats) -> float:
    """Take the median slope over all pairs of points (the Theil-Sen estimator); 0 without pairs."""
    i, j = np.triu_indices(len(x), 1)
    apart = x[j] != x[i]
    slopes = (y[j] - y[i])[apart] / (x[j] - x[i])[apart]
    return float(np.median(slopes)) if len(slopes) else 0.0


def _size_offsets(lines: Sequence[Floats], limits: FlatteningLimits) -> Floats:
    """Give each staff the mean logarithm of the staves of its size, so that sizes may differ on a page.

    Sizes are told apart after the trend from top to bottom, which perspective makes, is taken out.
    """
    y = np.array([line[..., 1].mean() for line in lines])
    logs = np.array([np.log(_thirds(line)).mean() for line in lines])
    rest = logs - _trend(y, logs) * y
    order = np.argsort(rest)
    size = np.empty(len(rest), np.int64)
    size[order] = np.r_[0, np.cumsum(np.diff(rest[order]) > limits.other_size)]
    return np.array([rest[size == number].mean() for number in size])


def flattened(
    staves: Sequence[Staff], shape: tuple[int, ...], *, limits: FlatteningLimits = FLATTENING
) -> View:
    """Make the level and flat view of a page.

    Parameters
    ----------
    staves : sequence of Staff
        At least one, as found on the image.
    shape : tuple of int
        Height and width of the image, in pixels.
    limits : FlatteningLimits, optional

    Returns
    -------
    View
        Of the same median staff space; its staves are not known yet.
    """
    height, width = shape[:2]
    middle, unit = np.array([width, height]) / 2, max(width, height) / 2
    lines = [(_sampled(staff, limits) - middle) / unit for staff in staves]
    space = (median_space(staves) or 1.0) / unit
    perspective = _fit_perspective(lines, space, limits)
    flat = [perspective.flatten(line) for line in lines]
    curl = _fit_curl(flat, limits)

    # The view: what the image shows, but not far beyond the staves, at the staff space of the image.
    scale = space / float(np.median([_space(line) for line in flat]))
    corners = np.array([(x, y) for x in (-1, 1) for y in (-1, 1)]) * middle / unit
    image = perspective.flatten(corners)
    found = np.concatenate([line.reshape(-1, 2) for line in flat])
    room = limits.beyond * np.ptp(found, axis=0).max()
    low = np.maximum(image.min(0), found.min(0) - room)
    high = np.minimum(image.max(0), found.max(0) + room)
    size = np.maximum(1, np.rint((high - low) * scale * unit)).astype(int)
    u, v = (np.linspace(low[k], high[k], max(2, -(-int(size[k]) // limits.cell) + 1)) for k in range(2))
    mesh = np.stack(np.meshgrid(u, v), -1)
    mesh[..., 1] += curl.displacement(mesh)
    return View(int(size[0]), int(size[1]), perspective.project(mesh) * unit + middle)


def straightened(view: View, image: NDArray[np.uint8], staves: Sequence[Staff]) -> View:
    """Make stems and barlines of a level and flat view upright.

    Indented and short staves leave it open what the margins of a page are.

    Parameters
    ----------
    view : View
        Of an image, as from `flattened`.
    image : array (height, width) of uint8
        The image; 0 is black.
    staves : sequence of Staff
        At least one, as found on the image.

    Returns
    -------
    View
        Of the same size.
    """
    lines = np.concatenate([np.stack([staff.xs, line], 1) for staff in staves for line in staff.ys])
    found = view.to_view(lines)
    low = np.maximum(found.min(0), 0).astype(int)
    high = np.minimum(found.max(0) + 1, [view.width, view.height]).astype(int)
    if (high - low).min() < _NARROWEST:
        return view
    middle = (low + high) // 2
    picture = view.look(image)[low[1] : high[1]]
    slants = [find_slant(picture[:, a:b]) for a, b in ((low[0], middle[0]), (middle[0], high[0]))]
    rows, columns = view.points.shape[:2]
    mesh = np.stack(np.meshgrid(np.linspace(0, view.width, columns), np.linspace(0, view.height, rows)), -1)
    quarters = [(low[0] + middle[0]) / 2, (middle[0] + high[0]) / 2]
    mesh[..., 0] += np.interp(mesh[..., 0], quarters, slants) * (mesh[..., 1] - middle[1])
    return replace(view, points=view.to_original(mesh.reshape(-1, 2)).reshape(view.points.shape))


def _sampled(staff: Staff, limits: FlatteningLimits) -> Floats:
    """Sample the lines of a staff: array (lines, samples, 2) of x and y."""
    x = np.linspace(staff.xs[0], staff.xs[-1], limits.samples)
    lines = staff.lines_at(x)
    return np.stack([np.broadcast_to(x, lines.shape), lines], -1)


def _space(lines: Floats) -> float:
    """Measure the staff space of sampled lines."""
    return float((lines[-1, :, 1] - lines[0, :, 1]).mean()) / max(1, len(lines) - 1)


def _fit_perspective(lines: Sequence[Floats], space: float, limits: FlatteningLimits) -> Perspective:
    """Fit the homography that makes sampled staves level, evenly spaced and flush at the margins."""
    sizes = _size_offsets(lines, limits)[:, None]
    usual = np.array([limits.usual_perspective] * 2 + [1.0, limits.usual_shear])

    def perspective(values: Floats) -> Perspective:
        return Perspective(values[:2], float(values[2]), float(values[3]))

    def misfit(values: Floats) -> Floats:
        flat = [perspective(values).flatten(line) for line in lines]
        middles = np.array([line[len(line) // 2] for line in flat])
        level = (middles[..., 1] - middles[..., 1].mean(1, keepdims=True)) / (limits.level_off * space)
        spaces = np.log([_thirds(line) for line in flat]) - sizes
        even = (spaces - spaces.mean()) / limits.space_off
        ends = middles[:, [0, -1], 0]
        flush = (ends - np.median(ends, axis=0)) / (limits.margin_off * space)
        # so that a page's many samples weigh as one measurement a staff
        return np.concatenate(
            [level.ravel() / np.sqrt(level.shape[1]), even.ravel(), flush.ravel(), values / usual]
        )

    from scipy.optimize import least_squares  # takes a while to import, and few pages need it

    return perspective(least_squares(misfit, np.zeros(4), loss="soft_l1").x)


def _thirds(lines: Floats) -> Floats:
    """Measure the height of a staff at its left, in its middle and at its right."""
    heights = np.maximum(lines[-1, :, 1] - lines[0, :, 1], 1e-9)
    return np.array([part.mean() for part in np.array_split(heights, 3)])


def _fit_curl(flat: Sequence[Floats], limits: FlatteningLimits) -> Curl:
    """Fit what the sampled lines still rise and fall, each around a height of its own."""
    points = np.concatenate([line.reshape(-1, 2) for line in flat])
    low, high = points.min(0), points.max(0)
    down, across = min(limits.down, len(flat) - 1), limits.across
    u, v = _scaled(points, low, high).T
    terms = chebyshev.chebvander2d(v, u, [down, across])
    terms = terms.reshape(len(points), down + 1, across + 1)[:, :, 1:].reshape(len(points), -1)

    # Without the mean of each line, heights of lines need not be fitted.
    count = flat[0].shape[1]

    def centred(values: Floats) -> Floats:
        by_line = values.reshape(-1, count, *values.shape[1:])
        return np.asarray((by_line - by_line.mean(1, keepdims=True)).reshape(values.shape), np.float64)

    design = np.vstack([centred(terms), limits.stiffness * len(points) ** 0.5 * np.eye(terms.shape[1])])
    target = np.r_[centred(points[:, 1]), np.zeros(terms.shape[1])]
    solved = np.linalg.lstsq(design, target, rcond=None)[0].reshape(down + 1, across)
    return Curl(np.hstack([np.zeros((down + 1, 1)), solved]), low, high)


def _scaled(points: Floats, low: Floats, high: Floats) -> Floats:
    """Scale points (..., 2) to -1 to 1 between two corners; those beyond to the edge."""
    return np.clip(2 * (points - low) / np.maximum(high - low, 1e-9) - 1, -1, 1)
