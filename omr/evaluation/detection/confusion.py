"""What is mistaken for what."""

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

NOTHING = ""
"""In place of a class name: found as nothing (missed), or found where nothing is (false)."""


@dataclass(frozen=True)
class Confusion:
    """How often a symbol of one class was found as another.

    Attributes
    ----------
    counts : Counter of (truth, found)
        Class names; `NOTHING` as the name found is a miss, as the name in
        truth a false symbol. Right symbols have the same name twice.
    """

    counts: Counter[tuple[str, str]]

    @classmethod
    def of(cls, truth: Sequence[Page], found: Sequence[Page], verdicts: Sequence[Verdict]) -> Confusion:
        """Count what became of every symbol."""
        counts: Counter[tuple[str, str]] = Counter()
        for theirs, ours, verdict in zip(truth, found, verdicts, strict=True):
            pairs = (*verdict.right, *verdict.confused)
            counts.update((theirs.symbols[t].name, ours.symbols[f].name) for t, f in pairs)
            counts.update((theirs.symbols[t].name, NOTHING) for t in verdict.missed)
            counts.update((NOTHING, ours.symbols[f].name) for f in verdict.false)
        return cls(counts)

    @property
    def mistakes(self) -> list[tuple[str, str, int]]:
        """Truth, found and how often, the most frequent first; without misses and false symbols."""
        wrong = ((t, f, n) for (t, f), n in self.counts.items() if t != f and NOTHING not in (t, f))
        return sorted(wrong, key=lambda mistake: (-mistake[2], mistake))

    def in_truth(self, name: str) -> int:
        return sum(n for (t, _), n in self.counts.items() if t == name)

    def found(self, name: str) -> int:
        return sum(n for (_, f), n in self.counts.items() if f == name)


def draw(confusion: Confusion, most: int = 24) -> Figure:
    """The classes with most mistakes as a matrix: a row of truth adds up to all there is.

    Parameters
    ----------
    confusion : Confusion
    most : int
        Classes to show by themselves.
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
            colour = "w" if shares[y, x] > 0.55 else "k"
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
    """The classes of the truth with most mistakes, by name: those taken for each other are often near."""
    often: Counter[str] = Counter()
    for truth, found, count in confusion.mistakes:
        often[truth] += count
        often[found] += count
    present = {truth for truth, _ in confusion.counts}
    return sorted([name for name, _ in often.most_common() if name in present][:most])


def _table(confusion: Confusion, names: Sequence[str]) -> NDArray[np.int64]:
    """Counts by truth (rows) and found (columns): `names`, all others but what is right there, nothing."""
    place = {name: i for i, name in enumerate([*names, None, NOTHING])}
    others = place[None]
    table = np.zeros((len(place), len(place)), np.int64)
    for (truth, found), count in confusion.counts.items():
        row, column = place.get(truth, others), place.get(found, others)
        if row != others or column < others:
            table[row, column] += count
    return table
