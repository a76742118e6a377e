"""Run lengths of binary arrays: where stretches of ink begin and end, and how long they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def runs(mask: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the runs of true values.

    Parameters
    ----------
    mask : array (n,) of bool

    Returns
    -------
    starts, ends : arrays (runs,)
        Index of the first value of each run, and of the one after its last, in ascending order.

    Examples
    --------
    >>> starts, ends = runs(np.array([True, False, True, True]))
    >>> starts.tolist(), ends.tolist()
    ([0, 2], [1, 4])
    """
    padded = np.zeros(len(mask) + 2, np.bool_)
    padded[1:-1] = mask
    changes = np.flatnonzero(padded[1:] != padded[:-1])
    return changes[0::2], changes[1::2]


def horizontal_run_lengths(mask: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Give each true pixel the length of the horizontal run that it lies in.

    Parameters
    ----------
    mask : array (height, width) of bool

    Returns
    -------
    array (height, width) of int32
        In pixels; 0 where `mask` is false.

    Examples
    --------
    >>> horizontal_run_lengths(np.array([[1, 1, 0], [0, 0, 1]], bool)).tolist()
    [[2, 2, 0], [0, 0, 1]]
    """
    height, width = mask.shape
    separated = np.pad(mask, ((0, 0), (0, 1)))  # a run at the right edge ends there
    starts, ends = runs(separated.ravel())
    steps = np.zeros(separated.size + 1, np.int32)
    steps[starts] = ends - starts
    steps[ends] -= (ends - starts).astype(np.int32)
    return np.asarray(np.cumsum(steps[:-1], dtype=np.int32).reshape(height, width + 1)[:, :-1])
