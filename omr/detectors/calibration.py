"""Scores that mean what they say: of the symbols scored 0.8, four in five are right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PRIOR = 1.0
"""Precision of the Gaussian prior of an offset: ten symbols of a class say as much as the prior does."""


@dataclass(frozen=True)
class Calibration:
    """A logistic regression from a symbol's summit, vote and class to the chance that it is right.

    After J. Platt, "Probabilistic Outputs for Support Vector Machines", 1999;
    fitted on validation pages (`fit`). A class has an offset of its own, drawn
    towards none where it has been seen seldom: ties that are found are more
    often right than brackets with the same summit.

    Attributes
    ----------
    peak, vote, bias : float
        Coefficients of the two logits and the constant.
    offsets : tuple of float
        One for each class; empty for none.
    """

    peak: float = 1.0
    vote: float = 1.0
    bias: float = 0.0
    offsets: tuple[float, ...] = ()

    def __call__(
        self, peaks: NDArray[np.float32], votes: NDArray[np.float32], classes: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Scores (n,) in 0 to 1 of symbols with summits and votes in 0 to 1 and classes (n,)."""
        z = self.peak * logit(peaks) + self.vote * logit(votes) + self.bias
        if self.offsets:
            z = z + np.array(self.offsets, np.float32)[classes]
        return (1 / (1 + np.exp(-z))).astype(np.float32)

    @classmethod
    def fit(
        cls,
        peaks: NDArray[np.float32],
        votes: NDArray[np.float32],
        classes: NDArray[np.int64],
        right: NDArray[np.bool_],
        count: int,
    ) -> Calibration:
        """Most probable coefficients for symbols known to be right or wrong, by Newton's method.

        Parameters
        ----------
        peaks, votes, classes, right : arrays (n,)
        count : int
            How many classes there are.
        """
        x = np.zeros((len(peaks), 3 + count))
        x[:, :3] = np.stack([logit(peaks), logit(votes), np.ones(len(peaks))], 1)
        x[np.arange(len(peaks)), 3 + classes] = 1
        prior = np.full(3 + count, PRIOR)
        prior[:3] = 1e-3
        beta = np.zeros(3 + count)
        for _ in range(30):
            p = 1 / (1 + np.exp(-x @ beta))
            gradient = x.T @ (right - p) - prior * beta
            curvature = (x * (p * (1 - p))[:, None]).T @ x + np.diag(prior)
            beta = beta + np.linalg.solve(curvature, gradient)
        peak, vote, bias, *offsets = map(float, beta)
        return cls(peak, vote, bias, tuple(round(offset, 3) for offset in offsets))


def logit(p: NDArray[np.float32]) -> NDArray[np.float32]:
    p = p.clip(1e-4, 1 - 1e-4)
    return np.log(p / (1 - p))
