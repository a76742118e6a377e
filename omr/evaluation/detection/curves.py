"""Draw precision over recall."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omr.evaluation.detection.coco import AT_75
from omr.evaluation.detection.study import Study

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RECALL = np.linspace(0, 1, 101)
"""Recalls at which COCO interpolates precision."""

IOUS = np.linspace(0.5, 0.95, 10)
"""COCO's IoU thresholds."""

SHOWN_CLASSES = 24
"""Classes with a plot of their own, the most frequent ones."""

COLUMNS = 6
"""Class plots in a row."""


def draw_mean(study: Study) -> Figure:
    """Draw the mean precision over the classes, a curve for each IoU threshold.

    Parameters
    ----------
    study : Study
        With at least one class.

    Returns
    -------
    Figure
        The area under a curve is the AP at its IoU threshold.
    """
    from matplotlib import colormaps
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.2, 4.2), layout="constrained")
    axes = figure.subplots()
    mean = np.mean([c.precision for c in study.report.classes], 0)  # (10, 101)
    shades = colormaps["viridis"](np.linspace(0, 0.9, len(IOUS)))
    for iou, curve, shade in zip(IOUS, mean, shades, strict=True):
        axes.plot(RECALL, curve, color=shade, linewidth=1.6, label=f"{iou:.2f}  {100 * curve.mean():5.1f}")
    _frame(axes)
    axes.set(xlabel="recall", ylabel="precision, mean over classes")
    legend = axes.legend(
        title="IoU    AP",
        fontsize=8,
        title_fontsize=8,
        frameon=False,
        loc="upper left",
        bbox_to_anchor=(1.0, 1.0),
        prop={"family": "monospace", "size": 8},
    )
    legend.set_alignment("left")
    return figure


def draw_classes(study: Study, most: int = SHOWN_CLASSES) -> Figure:
    """Draw precision over recall of the most frequent classes, with the point of the score threshold.

    Parameters
    ----------
    study : Study
        With at least one class.
    most : int
        Classes to draw.

    Returns
    -------
    Figure
    """
    from matplotlib.figure import Figure

    classes = study.report.classes[:most]
    columns = min(COLUMNS, len(classes))
    rows = -(-len(classes) // columns)
    figure = Figure(figsize=(1.75 * columns, 1.75 * rows + 0.6), layout="constrained")
    places = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for axes in places.flat[len(classes) :]:
        axes.remove()
    for axes, c in zip(places.flat, classes, strict=False):
        axes.fill_between(RECALL, c.precision[0], color="#0072B2", alpha=0.15, linewidth=0)
        axes.plot(RECALL, c.precision[0], color="#0072B2", linewidth=1.2, label="IoU .50")
        axes.plot(RECALL, c.precision[AT_75], color="#E69F00", linewidth=1.2, label="IoU .75")
        counts = study.by_class[c.name]
        if counts.precision is not None and counts.recall is not None:
            axes.plot(
                counts.recall,
                counts.precision,
                "o",
                color="k",
                markersize=4,
                label=f"threshold {study.threshold:.2f}, IoU .50",
            )
        axes.set_title(f"{c.name} ({c.count})", fontsize=7.5)
        _frame(axes)
    handles, labels = places.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=3, frameon=False, fontsize=8)
    figure.supxlabel("recall", fontsize=9)
    figure.supylabel("precision", fontsize=9)
    return figure


def _frame(axes: Axes) -> None:
    """Set limits, ticks and grid of a plot of precision over recall."""
    axes.set(xlim=(0, 1.02), ylim=(0, 1.02), xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))
    axes.tick_params(labelsize=8)
    axes.grid(color="0.9", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
