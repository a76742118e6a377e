"""Scores that mean what they say: of the symbols scored 0.8, four in five are right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Calibration:
    """A logistic regression from a symbol's summit and vote to the chance that it is right.

    After J. Platt, "Probabilistic Outputs for Support Vector Machines", 1999,
    with two inputs; fitted on validation pages (`fit`). A score depends on
    nothing but the two, so the ranking is comparable between classes.

    Attributes
    ----------
    peak, vote, bias : float
        Coefficients of the two logits and the constant.
    """

    peak: float = 1.0
    vote: float = 1.0
    bias: float = 0.0

    def __call__(self, peaks: NDArray[np.float32], votes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Scores (n,) in 0 to 1 of symbols with summits and votes (n,) in 0 to 1."""
        z = self.peak * logit(peaks) + self.vote * logit(votes) + self.bias
        return (1 / (1 + np.exp(-z))).astype(np.float32)

    @classmethod
    def fit(
        cls,
        peaks: NDArray[np.float32],
        votes: NDArray[np.float32],
        right: NDArray[np.bool_],
        weight: NDArray[np.float64] | None = None,
    ) -> Calibration:
        """Maximum likelihood on symbols known to be right or wrong, by Newton's method, slightly damped.

        Parameters
        ----------
        peaks, votes, right, weight : arrays (n,)
            A symbol counts as often as its weight says; once by default.
        """
        x = np.stack([logit(peaks), logit(votes), np.ones(len(peaks))], 1).astype(np.float64)
        weight = np.ones(len(peaks)) if weight is None else weight
        beta = np.zeros(3)
        for _ in range(30):
            p = 1 / (1 + np.exp(-x @ beta))
            gradient = x.T @ (weight * (right - p)) - 1e-3 * beta
            curvature = (x * (weight * p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(3)
            beta = beta + np.linalg.solve(curvature, gradient)
        return cls(*map(float, beta))


def logit(p: NDArray[np.float32]) -> NDArray[np.float32]:
    p = p.clip(1e-4, 1 - 1e-4)
    return np.log(p / (1 - p))
