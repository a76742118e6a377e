"""Count which classes are mistaken for which, and draw the confusion matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from omr.evaluation.detection.matching import Verdict
from omr.page import Page

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NO_SYMBOL = ""
"""In place of a class name: the detection of a missed symbol, or the truth of a false detection."""

SHOWN_CLASSES = 24
"""Classes that the drawn matrix shows by themselves; all others share a row and a column."""

DARK = 0.55
"""Share of a class (0 to 1) above which a cell of the matrix is so dark that its number is white."""


@dataclass(frozen=True)
class Confusion:
    """Numbers of symbols by true class and detected class.

    Attributes
    ----------
    counts : Counter of (str, str)
        Numbers by (true class, detected class). `NO_SYMBOL` as the detected class stands for missed
        symbols, as the true class for false detections.
    """

    counts: Counter[tuple[str, str]]

    @classmethod
    def of(cls, truth: Sequence[Page], found: Sequence[Page], verdicts: Sequence[Verdict]) -> Confusion:
        """Count the verdicts on pages.

        Parameters
        ----------
        truth, found : sequence of Page
        verdicts : sequence of Verdict
            On each page, in the same order.

        Returns
        -------
        Confusion
        """
        counts: Counter[tuple[str, str]] = Counter()
        for theirs, ours, verdict in zip(truth, found, verdicts, strict=True):
            pairs = (*verdict.right, *verdict.confused)
            counts.update((theirs.symbols[t].name, ours.symbols[f].name) for t, f in pairs)
            counts.update((theirs.symbols[t].name, NO_SYMBOL) for t in verdict.missed)
            counts.update((NO_SYMBOL, ours.symbols[f].name) for f in verdict.false)
        return cls(counts)

    @property
    def mistakes(self) -> list[tuple[str, str, int]]:
        """Confusions as (true class, detected class, number), the most frequent first."""
        wrong = ((t, f, n) for (t, f), n in self.counts.items() if t != f and NO_SYMBOL not in (t, f))
        return sorted(wrong, key=lambda mistake: (-mistake[2], mistake))

    def in_truth(self, name: str) -> int:
        """Count the true symbols of a class.

        Parameters
        ----------
        name : str

        Returns
        -------
        int
        """
        return sum(n for (t, _), n in self.counts.items() if t == name)

    def found(self, name: str) -> int:
        """Count the detections of a class.

        Parameters
        ----------
        name : str

        Returns
        -------
        int
            Without detections inside an ignore region.
        """
        return sum(n for (_, f), n in self.counts.items() if f == name)


def draw(confusion: Confusion, most: int = SHOWN_CLASSES) -> Figure:
    """Draw the confusion matrix of the classes with most confusions.

    Parameters
    ----------
    confusion : Confusion
    most : int
        Classes to show by themselves.

    Returns
    -------
    Figure
        Rows are true classes and add up to their number of symbols; columns are detected classes.
    """
    from matplotlib.figure import Figure

    names = _worst(confusion, most)
    table = _table(confusion, names)
    shares = np.full(table.shape, np.nan)
    shares[: len(names)] = table[: len(names)] / table[: len(names)].sum(1, keepdims=True)
    size = len(table)
    figure = Figure(figsize=(3.4 + 0.34 * size, 2.2 + 0.27 * size), layout="constrained")
    axes = figure.subplots()
    picture = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (y, x), count in np.ndenumerate(table):
        if count:
            colour = "w" if shares[y, x] > DARK else "k"
            axes.text(x, y, f"{count}", ha="center", va="center", fontsize=6.5, color=colour)
    axes.set_xticks(
        range(size), [*names, "others", "missed"], rotation=60, ha="right", rotation_mode="anchor"
    )
    axes.set_yticks(range(size), [*names, "others", "false"])
    axes.tick_params(length=0, labelsize=8)
    axes.set(xlabel="found", ylabel="truth")
    for line in (axes.axhline, axes.axvline):
        line(len(names) - 0.5, color="0.4", linewidth=0.8)
    axes.spines[:].set_visible(False)
    bar = figure.colorbar(picture, label="share of the class in truth", shrink=0.5, pad=0.01)
    bar.outline.set_visible(False)
    return figure


def _worst(confusion: Confusion, most: int) -> list[str]:
    """Return the true classes with most confusions, sorted so that similar names are near each other."""
    often: Counter[str] = Counter()
    for truth, found, count in confusion.mistakes:
        often[truth] += count
        often[found] += count
    present = {truth for truth, _ in confusion.counts}
    return sorted([name for name, _ in often.most_common() if name in present][:most])


def _table(confusion: Confusion, names: Sequence[str]) -> NDArray[np.int64]:
    """Tabulate counts by true (rows) and detected class (columns): `names`, others, `NO_SYMBOL`.

    Right detections among the others are left out.
    """
    place = {name: i for i, name in enumerate([*names, None, NO_SYMBOL])}
    others = place[None]
    table = np.zeros((len(place), len(place)), np.int64)
    for (truth, found), count in confusion.counts.items():
        row, column = place.get(truth, others), place.get(found, others)
        if row != others or column < others:
            table[row, column] += count
    return table
