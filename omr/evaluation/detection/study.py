"""A whole evaluation: COCO's figures, and what happens at the threshold in use."""

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
"""Where a threshold is from: the weights, the user, or the best F1 on the very pages it is used on."""


class Counts(NamedTuple):
    """How many symbols are there, were found, and are right: precision and recall as fractions."""

    truth: int
    found: int
    right: int

    @property
    def precision(self) -> float | None:
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        return self.right / self.truth if self.truth else None

    @property
    def f1(self) -> float | None:
        return 2 * self.right / (self.truth + self.found) if self.truth + self.found else None

    def to_dict(self) -> dict[str, Any]:
        return self._asdict() | {"precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(frozen=True)
class Study:
    """What an evaluation found out.

    Attributes
    ----------
    report : Report
        COCO's figures, over every candidate.
    threshold : float
        Score from which on a symbol counts as found in everything below.
    origin : {"shipped", "given", "best"}
        Where the threshold is from.
    truth, found : tuple of Page
        Page by page; what was found with at least that score.
    verdicts : tuple of Verdict
        What became of every symbol.
    spaces : tuple of float or None
        The staff space of each page, in pixels.
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
        """Evaluate candidates against the truth, page by page in the same order.

        Parameters
        ----------
        truth, candidates : sequence of Page
            Candidates of every score: COCO's figures rank them.
        spaces : sequence of float or None
            The staff space of each page in pixels, None where it is unknown.
        threshold : float, optional
            Score from which on a candidate counts as found; by default the one
            with the best F1 on these pages, which flatters a little.
        origin : {"shipped", "given"}
            Where the threshold is from.
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
        return tuple(
            Counts(len(theirs.symbols), len(ours.symbols), len(verdict.right))
            for theirs, ours, verdict in zip(self.truth, self.found, self.verdicts, strict=True)
        )

    @cached_property
    def overall(self) -> Counts:
        return Counts(*(sum(page[i] for page in self.by_page) for i in range(3)))

    @cached_property
    def by_class(self) -> dict[str, Counts]:
        """Of every class that the truth has, by name."""
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
        return Confusion.of(self.truth, self.found, self.verdicts)

    @cached_property
    def misplaced(self) -> Counter[str]:
        """By class, how many of the missed symbols were found, but with a box too far off."""
        return Counter(
            theirs.symbols[t].name
            for theirs, ours, verdict in zip(self.truth, self.found, self.verdicts, strict=True)
            for t, _ in misplaced(theirs, ours, verdict)
        )

    @property
    def worst_pages(self) -> list[int]:
        """Numbers of all pages, the lowest F1 first."""

        def f1(i: int) -> float:
            known = self.by_page[i].f1
            return 1.0 if known is None else known  # an empty page read as empty is fine

        return sorted(range(len(self.truth)), key=f1)

    def to_dict(self) -> dict[str, Any]:
        """Everything, for a JSON file."""
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
