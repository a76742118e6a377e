"""Calibrated scores: of the symbols with score 0.8, four in five are correct."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

PRIOR = 1.0
"""Precision (inverse variance) of the Gaussian prior of a class's offset, in log odds: about ten symbols of
a class have as much weight as the prior (release 0.1.0)."""

WEAK_PRIOR = 1e-3
"""The same of the other coefficients: it only keeps them finite."""

ITERATIONS = 30
"""Of Newton's method, which converges in fewer."""

LOG_LIMIT = 1e-4
"""Distance from 0 and 1 to which summits and votes are clipped before their logarithms are taken."""


@dataclass(frozen=True)
class Calibration:
    """A logistic regression from a symbol's summit, vote and class to the probability that it is correct.

    After J. Platt, "Probabilistic Outputs for Support Vector Machines", 1999, with the two features of
    M. Kull, T. Silva Filho, P. Flach, "Beta calibration", AISTATS 2017, for each of summit and vote: a
    class that won the vote hardly gains by a larger majority, one that lost does. Each class has an offset,
    drawn towards 0 by a prior where the class is rare: found ties are more often correct than found brackets
    with the same summit.

    Attributes
    ----------
    peak, vote : (float, float) or float
        Coefficients of ``log p`` and ``-log(1 - p)``, where p is the energy of the summit or the share of
        the vote; a single number is both.
    bias : float
        In log odds.
    offsets : tuple of float
        One for each class, in log odds; empty for none.
    """

    peak: tuple[float, float] | float = 1.0
    vote: tuple[float, float] | float = 1.0
    bias: float = 0.0
    offsets: tuple[float, ...] = ()

    def __call__(self, peaks: Floats, votes: Floats, classes: NDArray[np.int64]) -> Floats:
        """Score symbols.

        Parameters
        ----------
        peaks, votes : arrays (n,)
            Energy of the summit and share of the vote, 0 to 1.
        classes : array (n,)
            Class indices.

        Returns
        -------
        array (n,)
            Probabilities, 0 to 1, that the symbols are correct.
        """
        z = _logs(peaks) @ np.broadcast_to(self.peak, 2) + _logs(votes) @ np.broadcast_to(self.vote, 2)
        z = z + self.bias
        if self.offsets:
            z = z + np.array(self.offsets)[classes]
        return np.asarray(1 / (1 + np.exp(-z)), np.float32)

    @classmethod
    def fit(
        cls, peaks: Floats, votes: Floats, classes: NDArray[np.int64], right: NDArray[np.bool_], count: int
    ) -> Calibration:
        """Fit the most probable coefficients to symbols known to be correct or not, by Newton's method.

        Parameters
        ----------
        peaks, votes : arrays (n,)
            Energy of the summit and share of the vote, 0 to 1.
        classes : array (n,)
            Class indices.
        right : array (n,) of bool
            Whether each symbol is correct.
        count : int
            Number of classes.

        Returns
        -------
        Calibration
        """
        x = np.concatenate([_logs(peaks), _logs(votes), np.ones((len(peaks), 1)), np.eye(count)[classes]], 1)
        prior = np.r_[np.full(5, WEAK_PRIOR), np.full(count, PRIOR)]
        beta = np.zeros(5 + count)
        for _ in range(ITERATIONS):
            p = 1 / (1 + np.exp(-x @ beta))
            gradient = x.T @ (right - p) - prior * beta
            curvature = (x * (p * (1 - p))[:, None]).T @ x + np.diag(prior)
            beta = beta + np.linalg.solve(curvature, gradient)
        a, b, c, d, bias, *offsets = map(float, beta)
        return cls((a, b), (c, d), bias, tuple(round(offset, 3) for offset in offsets))


def _logs(p: Floats) -> NDArray[np.float64]:
    """Compute beta calibration's two features (n, 2) of numbers (n,) from 0 to 1."""
    p = p.clip(LOG_LIMIT, 1 - LOG_LIMIT)
    return np.stack([np.log(p), -np.log(1 - p)], 1).astype(np.float64)
