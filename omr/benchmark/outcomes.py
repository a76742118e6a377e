"""What a row found on each page, page by page, and whether the difference of two rows is more than chance.

The paired bootstrap (B. Efron, R. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13) draws
pieces, not pages: the pages of a piece have one engraver's hand, one font and much the same symbols.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from omr.errors import InputError
from omr.evaluation.detection import matches
from omr.files import replacing
from omr.page import Page

LEAST_INSTANCES = 10
"""True symbols of a class on the test pages from which the class counts as frequent; the AP of a class with
fewer is an average over a handful of chances."""

RECALLS = np.linspace(0, 1, 101)
"""Recalls at which precision is averaged (COCO)."""

DRAWS = 1000
"""Draws of pieces for an interval."""

OUTSIDE = 2.5
"""Percent of the draws below and above an interval of 95 %."""


@dataclass(frozen=True)
class Outcomes:
    """The detections of a row on the test pages, at IoU .50.

    Attributes
    ----------
    pieces : array (pages,) of str
        The piece that each page is of.
    names : array (classes,) of str
        Classes that have truth.
    truth : array (pages, classes) of int
        Number of true symbols.
    page, kind : arrays (n,) of int
        Page and class of each detection of a class that has truth.
    score : array (n,) of float
    right : array (n,) of bool
        Whether it is matched with a true symbol of its class.
    """

    pieces: NDArray[np.str_]
    names: NDArray[np.str_]
    truth: NDArray[np.int64]
    page: NDArray[np.int64]
    kind: NDArray[np.int64]
    score: NDArray[np.float64]
    right: NDArray[np.bool_]

    @classmethod
    def of(cls, pieces: Sequence[str], truth: Sequence[Page], found: Sequence[Page]) -> Outcomes:
        """Match the symbols found on pages with their truth.

        Parameters
        ----------
        pieces : sequence of str
            Of each page.
        truth, found : sequence of Page

        Returns
        -------
        Outcomes
        """
        names = sorted({symbol.name for page in truth for symbol in page.symbols})
        number = {name: i for i, name in enumerate(names)}
        counts = np.zeros((len(truth), len(names)), np.int64)
        for i, page in enumerate(truth):
            for symbol in page.symbols:
                counts[i, number[symbol.name]] += 1
        known = [page.only(lambda symbol: symbol.name in number) for page in found]
        score, right = matches(truth, known)
        places = [(i, number[s.name]) for i, page in enumerate(known) for s in page.symbols]
        page_of, kind = np.array(places, np.int64).reshape(-1, 2).T
        return cls(np.array(list(pieces), np.str_), np.array(names), counts, page_of, kind, score, right)

    def write(self, file: Path) -> None:
        """Write the outcomes as a compressed NumPy archive.

        Parameters
        ----------
        file : Path
        """
        with replacing(file) as part, part.open("wb") as out:
            np.savez_compressed(out, **vars(self))

    @classmethod
    def read(cls, file: Path) -> Outcomes:
        """Read outcomes from the archive that `write` wrote.

        Parameters
        ----------
        file : Path

        Returns
        -------
        Outcomes

        Raises
        ------
        InputError
            When the file is missing or holds anything else.
        """
        try:
            with np.load(file) as stored:
                return cls(**stored)
        except (OSError, ValueError, TypeError):
            raise InputError(f"{file}: no outcomes of a row; run the row again") from None

    def average_precisions(self, weight: NDArray[np.int64]) -> NDArray[np.float64]:
        """Compute the AP at IoU .50 of every class, with pages counted several times or not at all.

        Parameters
        ----------
        weight : array (pages,)
            How often each page counts.

        Returns
        -------
        array (classes,)
            From 0 to 1; NaN for classes without truth on the pages that count.
        """
        total = weight @ self.truth
        order = np.lexsort((-self.score, self.kind))
        starts = np.searchsorted(self.kind[order], np.arange(len(self.names) + 1))
        often, right = weight[self.page[order]], self.right[order]
        found = np.full(len(self.names), np.nan)
        for k in np.flatnonzero(total):
            here = slice(starts[k], starts[k + 1])
            seen, true = np.cumsum(often[here]), np.cumsum(often[here] * right[here])
            precision = true / np.maximum(seen, 1)
            best_after = np.maximum.accumulate(precision[::-1])[::-1]
            at = np.searchsorted(true / total[k], RECALLS)
            found[k] = np.append(best_after, 0.0)[at].mean()
        return found


@dataclass(frozen=True)
class Difference:
    """The difference in mAP50 of two rows on the same pages, in the classes of `LEAST_INSTANCES`.

    Attributes
    ----------
    mean : float
        On all pages, from -1 to 1.
    low, high : float
        Ends of the interval that holds 95 % of the draws.
    """

    mean: float
    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


def paired_bootstrap(ours: Sequence[Outcomes], theirs: Sequence[Outcomes], seed: int = 0) -> Difference:
    """Compare two rows by drawing pieces with replacement, the same for both.

    Parameters
    ----------
    ours, theirs : sequence of Outcomes
        Of every seed that the rows were trained with; the mean over the seeds is compared.
    seed : int
        Of the draws.

    Returns
    -------
    Difference

    Raises
    ------
    InputError
        When the outcomes are not of the same pages.
    """
    first = ours[0]
    if any(
        (of.truth.shape != first.truth.shape) or (of.truth != first.truth).any() for of in [*ours, *theirs]
    ):
        raise InputError("the rows were measured on different pages; measure them on the same ones")
    names, piece = np.unique(first.pieces, return_inverse=True)
    frequent = first.truth.sum(0) >= LEAST_INSTANCES

    def difference(weight: NDArray[np.int64]) -> float:
        both = [
            np.mean([np.nanmean(of.average_precisions(weight)[frequent]) for of in row])
            for row in (ours, theirs)
        ]
        return float(both[0] - both[1])

    rng = np.random.default_rng(seed)
    draws = [
        difference(np.bincount(rng.integers(len(names), size=len(names)), minlength=len(names))[piece])
        for _ in range(DRAWS)
    ]
    low, high = np.percentile(draws, (OUTSIDE, 100 - OUTSIDE))
    return Difference(difference(np.ones(len(piece), np.int64)), float(low), float(high))
