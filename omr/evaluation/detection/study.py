"""Evaluate candidates: COCO's figures, and precision, recall and mistakes at a score threshold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

from omr.evaluation.detection.coco import Report, evaluate
from omr.evaluation.detection.confusion import Confusion
from omr.evaluation.detection.matching import Verdict, best_threshold, judge, misplaced
from omr.page import Page

Origin = Literal["shipped", "given", "best"]
"""Origin of a threshold: the weights, the user, or the best F1 on the evaluated pages themselves."""


class Counts(NamedTuple):
    """Numbers of symbols.

    Attributes
    ----------
    truth : int
        True symbols.
    found : int
        Detected symbols.
    right : int
        Detected symbols that are right.
    """

    truth: int
    found: int
    right: int

    @property
    def precision(self) -> float | None:
        """Share (0 to 1) of the symbols found that are right; None where none was found."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Share (0 to 1) of the true symbols that were found; None where there are none."""
        return self.right / self.truth if self.truth else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None without true symbols and symbols found."""
        return 2 * self.right / (self.truth + self.found) if self.truth + self.found else None

    def to_dict(self) -> dict[str, Any]:
        """Return counts and shares by name, for a JSON file.

        Returns
        -------
        dict of str to (int, float or None)
        """
        return self._asdict() | {"precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(frozen=True)
class Study:
    """The evaluation of a detector on a set of pages.

    Attributes
    ----------
    report : Report
        COCO's figures, over candidates of every score.
    threshold : float
        Score (0 to 1) from which on a candidate counts as found.
    origin : {"shipped", "given", "best"}
        Origin of the threshold.
    truth : tuple of Page
        The true symbols, page by page.
    found : tuple of Page
        The candidates with at least the threshold's score, page by page.
    verdicts : tuple of Verdict
        Matching of `truth` and `found`, page by page.
    spaces : tuple of (float or None)
        Staff space of each page in pixels; None where it is unknown.
    """

    report: Report
    threshold: float
    origin: Origin
    truth: tuple[Page, ...]
    found: tuple[Page, ...]
    verdicts: tuple[Verdict, ...]
    spaces: tuple[float | None, ...]

    @classmethod
    def of(
        cls,
        truth: Sequence[Page],
        candidates: Sequence[Page],
        spaces: Sequence[float | None],
        threshold: float | None = None,
        origin: Origin = "given",
    ) -> Study:
        """Evaluate candidates against the truth.

        Parameters
        ----------
        truth, candidates : sequence of Page
            Page by page in the same order. Candidates should be of every score, because COCO's figures
            rank them.
        spaces : sequence of (float or None)
            Staff space of each page in pixels; None where it is unknown.
        threshold : float, optional
            Score (0 to 1) from which on a candidate counts as found. By default the one with the best F1
            on these pages, which is slightly too good for others.
        origin : {"shipped", "given"}
            Origin of the given threshold.

        Returns
        -------
        Study
        """
        if threshold is None:
            threshold, origin = best_threshold(truth, candidates), "best"
        found = tuple(page.only(lambda s: s.score >= threshold) for page in candidates)
        return cls(
            evaluate(truth, candidates, spaces=spaces),
            threshold,
            origin,
            tuple(truth),
            found,
            tuple(judge(theirs, ours) for theirs, ours in zip(truth, found, strict=True)),
            tuple(spaces),
        )

    @cached_property
    def by_page(self) -> tuple[Counts, ...]:
        """Counts of each page."""
        return tuple(
            Counts(len(theirs.symbols), len(ours.symbols), len(verdict.right))
            for theirs, ours, verdict in zip(self.truth, self.found, self.verdicts, strict=True)
        )

    @cached_property
    def overall(self) -> Counts:
        """Counts over all pages and classes."""
        return Counts(*(sum(page[i] for page in self.by_page) for i in range(3)))

    @cached_property
    def by_class(self) -> dict[str, Counts]:
        """Counts of each class that has truth, by its name."""
        counts = self.confusion.counts
        return {
            c.name: Counts(
                truth=self.confusion.in_truth(c.name),
                found=self.confusion.found(c.name),
                right=counts[c.name, c.name],
            )
            for c in self.report.classes
        }

    @cached_property
    def confusion(self) -> Confusion:
        """Numbers of symbols by true class and detected class."""
        return Confusion.of(self.truth, self.found, self.verdicts)

    @cached_property
    def misplaced(self) -> Counter[str]:
        """Number of missed symbols of each class that were found with a box too far off."""
        return Counter(
            theirs.symbols[t].name
            for theirs, ours, verdict in zip(self.truth, self.found, self.verdicts, strict=True)
            for t, _ in misplaced(theirs, ours, verdict)
        )

    @property
    def worst_pages(self) -> list[int]:
        """Indices of all pages, the lowest F1 first."""

        def f1(i: int) -> float:
            known = self.by_page[i].f1
            return 1.0 if known is None else known  # no symbol on an empty page is no mistake

        return sorted(range(len(self.truth)), key=f1)

    def to_dict(self) -> dict[str, Any]:
        """Return all figures, for a JSON file.

        Returns
        -------
        dict
            Figures from 0 to 1.
        """
        report = self.report.to_dict()
        for row in report["classes"]:
            row["at_threshold"] = self.by_class[row["name"]].to_dict()
        return report | {
            "threshold": {"score": self.threshold, "origin": self.origin, **self.overall.to_dict()},
            "confusions": [{"truth": t, "found": f, "count": n} for t, f, n in self.confusion.mistakes],
            "misplaced": dict(self.misplaced.most_common()),
            "by_page": [
                {"source": page.source, "page": page.number, **counts.to_dict()}
                | {key: len(getattr(verdict, key)) for key in ("confused", "missed", "false")}
                for page, counts, verdict in zip(self.truth, self.by_page, self.verdicts, strict=True)
            ],
            "curves_iou50": {
                "recall": [r / 100 for r in range(101)],
                "precision": {c.name: c.precision[0].round(4).tolist() for c in self.report.classes},
            },
        }
