"""Scores that mean what they say: of the symbols scored 0.8, four in five are right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

PRIOR = 1.0
"""Precision of the Gaussian prior of an offset: ten symbols of a class say as much as the prior does."""


@dataclass(frozen=True)
class Calibration:
    """A logistic regression from a symbol's summit, vote and class to the chance that it is right.

    After J. Platt, "Probabilistic Outputs for Support Vector Machines", 1999, with the two features of
    M. Kull, T. Silva Filho, P. Flach, "Beta calibration", AISTATS 2017, for each of summit and vote:
    a class that won hardly gains by a larger majority, one that lost does. Fitted on validation pages
    (`fit`). A class has an offset of its own, drawn towards none where it has been seen seldom: ties
    that are found are more often right than brackets with the same summit.

    Attributes
    ----------
    peak, vote : (float, float) or float
        Coefficients of the logarithms of how much it is and, negated, of how much is missing to 1;
        a single number is both.
    bias : float
    offsets : tuple of float
        One for each class; empty for none.
    """

    peak: tuple[float, float] | float = 1.0
    vote: tuple[float, float] | float = 1.0
    bias: float = 0.0
    offsets: tuple[float, ...] = ()

    def __call__(self, peaks: Floats, votes: Floats, classes: NDArray[np.int64]) -> Floats:
        """Scores (n,) in 0 to 1 of symbols with summits and votes in 0 to 1 and classes (n,)."""
        z = _logs(peaks) @ np.broadcast_to(self.peak, 2) + _logs(votes) @ np.broadcast_to(self.vote, 2)
        z = z + self.bias
        if self.offsets:
            z = z + np.array(self.offsets)[classes]
        return (1 / (1 + np.exp(-z))).astype(np.float32)

    @classmethod
    def fit(
        cls, peaks: Floats, votes: Floats, classes: NDArray[np.int64], right: NDArray[np.bool_], count: int
    ) -> Calibration:
        """Most probable coefficients for symbols known to be right or wrong, by Newton's method.

        Parameters
        ----------
        peaks, votes, classes, right : arrays (n,)
        count : int
            How many classes there are.
        """
        x = np.concatenate([_logs(peaks), _logs(votes), np.ones((len(peaks), 1)), np.eye(count)[classes]], 1)
        prior = np.r_[np.full(5, 1e-3), np.full(count, PRIOR)]
        beta = np.zeros(5 + count)
        for _ in range(30):
            p = 1 / (1 + np.exp(-x @ beta))
            gradient = x.T @ (right - p) - prior * beta
            curvature = (x * (p * (1 - p))[:, None]).T @ x + np.diag(prior)
            beta = beta + np.linalg.solve(curvature, gradient)
        a, b, c, d, bias, *offsets = map(float, beta)
        return cls((a, b), (c, d), bias, tuple(round(offset, 3) for offset in offsets))


def _logs(p: Floats) -> NDArray[np.float64]:
    """Beta calibration's two features (n, 2) of numbers (n,) in 0 to 1."""
    p = p.clip(1e-4, 1 - 1e-4)
    return np.stack([np.log(p), -np.log(1 - p)], 1).astype(np.float64)
