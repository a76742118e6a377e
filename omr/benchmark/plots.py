"""Draw the results of a benchmark: accuracy against time, accuracy by size, learning curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from omr.benchmark.results import Result
from omr.benchmark.table_rows import ROWS
from omr.evaluation.detection.size_groups import GROUPS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKERS = {
    "watershed": "o", "two stages": "s", "one stage": "^", "segmentation": "D", "windows": "v",
    "proposals": "P",
}  # fmt: skip
"""Matplotlib marker of each kind of detector; colours tell rows of one kind apart."""

COLOURS = "tab20"
"""Matplotlib's colour map of 20 colours for categories; a row's place in `ROWS` is its colour."""

LEAST_PERCENT = 1.0
"""Upper end of a plot's accuracy axis, in percent, at least: accuracies near zero then look like zero."""


def draw(results: Sequence[Result]) -> dict[str, tuple[str, Figure]]:
    """Draw every plot that the results have data for.

    Parameters
    ----------
    results : sequence of Result
        Ablations and failed rows are left out.

    Returns
    -------
    dict of str to (str, Figure)
        Title and figure by file name.
    """
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
    """Plot mAP50 over the seconds a page takes, a marker for each row.

    Parameters
    ----------
    results : sequence of Result
        With figures.

    Returns
    -------
    Figure
    """
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
    """Plot AP by size group, a bar for each row; groups without truth are left out.

    Parameters
    ----------
    results : sequence of Result
        With figures.

    Returns
    -------
    Figure
    """
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
    """Return the AP of a size group."""
    assert result.figures
    return result.figures.groups[name]


def learning_curves(results: Sequence[Result]) -> Figure:
    """Plot validation mAP50 over training steps, a line for each row.

    Parameters
    ----------
    results : sequence of Result
        With a training whose curve has points.

    Returns
    -------
    Figure
    """
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
    """Make a figure of a size in inches with one set of axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.3)
    return figure, axes


def _from_zero(axes: Axes) -> None:
    """Let the accuracy axis start at zero and reach `LEAST_PERCENT` at least."""
    axes.set_ylim(0, max(LEAST_PERCENT, axes.get_ylim()[1]))


def _style(name: str) -> dict[str, Any]:
    """Return the colour and marker of a row: the same in every plot, whichever rows are drawn."""
    from matplotlib import colormaps

    number = next(i for i, row in enumerate(ROWS) if row.name == name)
    colours = colormaps[COLOURS]
    return {"color": colours(number % colours.N), "marker": MARKERS[ROWS[number].kind]}
