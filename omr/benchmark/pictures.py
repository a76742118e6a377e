"""Results as pictures: accuracy against time, accuracy by size, learning curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from omr.benchmark.results import Result
from omr.benchmark.rows import ROWS
from omr.evaluation.detection.groups import GROUPS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKERS = {
    "watershed": "o", "two stages": "s", "one stage": "^", "segmentation": "D", "windows": "v",
    "proposals": "P",
}  # fmt: skip
"""By the kind of the row's detector; colours tell rows of a kind apart."""


def draw(results: Sequence[Result]) -> dict[str, tuple[str, Figure]]:
    """Title and picture of the detectors by file name; only those that there is something to draw on."""
    names = {row.name for row in ROWS}
    measured = [result for result in results if result.figures and result.row in names]
    learnt = [result for result in measured if result.training and result.training.curve]
    drawn: dict[str, tuple[str, Figure]] = {}
    if measured:
        drawn["accuracy-time.png"] = ("Accuracy against time", accuracy_against_time(measured))
        drawn["ap-by-size.png"] = ("AP by size of the symbols", by_size(measured))
    if learnt:
        drawn["learning-curves.png"] = ("Learning curves", learning_curves(learnt))
    return drawn


def accuracy_against_time(results: Sequence[Result]) -> Figure:
    figure, axes = _picture((8, 5))
    for result in results:
        assert result.figures
        at = (result.figures.seconds, 100 * result.figures.map50)
        style: dict[str, Any] = {"linestyle": "none", "markersize": 8, "clip_on": False, "zorder": 3}
        axes.plot(*at, label=result.row, **style | _style(result.row))
    axes.set(xlabel="seconds a page", ylabel="mAP50, %", xscale="log")
    _from_zero(axes)
    figure.legend(loc="outside right upper", fontsize=8)
    return figure


def by_size(results: Sequence[Result]) -> Figure:
    """A bar for each row in each group of sizes; a group that the truth has nothing of is left out."""
    groups = [g.name for g in GROUPS if any(_of_group(result, g.name) is not None for result in results)]
    figure, axes = _picture((max(8.0, 0.12 * len(results) * len(groups) + 3), 5))
    width = 0.85 / len(results)
    for number, result in enumerate(results):
        heights = [100 * (_of_group(result, name) or 0) for name in groups]
        places = [group + (number - (len(results) - 1) / 2) * width for group in range(len(groups))]
        axes.bar(places, heights, width, label=result.row, color=_style(result.row)["color"])
    axes.set_xticks(range(len(groups)), groups)
    axes.set(ylabel="AP, %")
    _from_zero(axes)
    figure.legend(loc="outside right upper", fontsize=8)
    return figure


def _of_group(result: Result, name: str) -> float | None:
    assert result.figures
    return result.figures.groups[name]


def learning_curves(results: Sequence[Result]) -> Figure:
    figure, axes = _picture((8, 5))
    for result in results:
        assert result.training
        steps, values = zip(*result.training.curve, strict=True)
        axes.plot(steps, [100 * value for value in values], label=result.row, **_style(result.row))
    axes.set(xlabel="training steps", ylabel="validation mAP50, %")
    _from_zero(axes)
    figure.legend(loc="outside right upper", fontsize=8)
    return figure


def _picture(size: tuple[float, float]) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.3)
    return figure, axes


def _from_zero(axes: Axes) -> None:
    """Up to a per cent at least, so that nothing found looks like nothing."""
    axes.set_ylim(0, max(1.0, axes.get_ylim()[1]))


def _style(name: str) -> dict[str, Any]:
    """The same colour and marker for a row in every picture, whichever rows are drawn."""
    from matplotlib import colormaps

    number = next(i for i, row in enumerate(ROWS) if row.name == name)
    return {"color": colormaps["tab20"](number % 20), "marker": MARKERS[ROWS[number].about]}
