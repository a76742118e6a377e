"""Report a study: tables for the terminal, a web page with pictures, a JSON file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from omr.evaluation.detection import confusion, curves, mistakes
from omr.evaluation.detection.coco import MEANS, Report
from omr.evaluation.detection.size_groups import GROUPS
from omr.evaluation.detection.study import Origin, Study
from omr.evaluation.detection.tables import Table, percent
from omr.evaluation.detection.webpage import Picture, render
from omr.files import replacing

SHOWN_CONFUSIONS = 20
"""Confusions that the table lists; the JSON file has all of them."""

SHOWN_CLASSES = 3
"""Most frequent classes that the table of size groups names for each group."""

SHOWN_MISPLACED = 4
"""Classes with most localisation errors that a note names."""

WORST_PAGES = 3
"""Pages with the lowest F1 that are listed and drawn by default."""

PLOT_DPI = 150
"""Dots an inch of the plots: sharp on a screen at twice its usual resolution."""

FAST_COMPRESSION = 3
"""PNG compression level (0 to 9) of drawn pages; faster than the default of 6."""

ORIGINS: dict[Origin, str] = {
    "shipped": "the shipped threshold",
    "given": "the given threshold",
    "best": "the threshold with the best F1 on these pages,",
}
"""Origins of a threshold in words."""

Images = Callable[[int], NDArray[np.uint8]]
"""Function that returns the grey image (height, width) of a page of the study, by its index."""


# --- tables -----------------------------------------------------------------------------------------


def tables(study: Study, worst: int = WORST_PAGES) -> list[Table]:
    """Make the tables of a study: headline, size groups, classes, confusions, worst pages.

    Parameters
    ----------
    study : Study
    worst : int
        Number of worst pages to list.

    Returns
    -------
    list of Table
        Those with at least one row.
    """
    every = [
        headline(study),
        _groups(study.report),
        _classes(study),
        _confusions(study),
        _pages(study, worst),
    ]
    return [table for table in every if table.rows]


def headline(study: Study) -> Table:
    """Make the table of the figures that papers report.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Table
        One row, in percent.
    """
    overall = study.overall
    figures = [*study.report.means.values(), overall.precision, overall.recall, overall.f1]
    report = study.report
    images = "1 image" if report.pages == 1 else f"{report.pages} images"
    return Table(
        f"{images}, {report.count} symbols, {len(report.classes)} classes; figures in %",
        (*MEANS.values(), "precision", "recall", "F1"),
        [list(map(percent, figures))],
        f"Precision, recall and F1 are over all symbols at IoU .50 and {ORIGINS[study.origin]} "
        f"{study.threshold:.2f}; detections a page unlimited.",
        left=0,
    )


def _groups(report: Report) -> Table:
    """Make the table of size groups."""
    rows = []
    for name, of in report.groups.items():
        if of.count:
            often = ", ".join(c.name for c in of.classes[:SHOWN_CLASSES])
            figures = (of.map50, of.ap75, of.ap, of.weighted_map50, of.ar)
            rows.append((name, often, str(of.count), *map(percent, figures)))
    columns = ("size", "mostly", "count", "mAP50", "AP75", "AP", "weighted", "AR")
    meaning = "; ".join(f"{group.name}: {group.about}" for group in GROUPS)
    note = f"Size: square root of the box's area. {meaning}. Weighted: mAP50 weighted by number of symbols."
    return Table("By size", columns, rows, note, left=2)


def _classes(study: Study) -> Table:
    """Make the table of classes."""
    rows = [
        (
            c.name,
            str(c.count),
            *map(percent, (c.ap50, c.ap75, c.ap, c.ar)),
            percent(study.by_class[c.name].precision),
            percent(study.by_class[c.name].recall),
        )
        for c in study.report.classes
    ]
    columns = ("class", "count", "AP50", "AP75", "AP", "AR", "P", "R")
    return Table("By class", columns, rows, "P and R: precision and recall at the threshold, IoU .50.")


def _confusions(study: Study) -> Table:
    """Make the table of the most frequent confusions."""
    counts = study.confusion
    rows = [
        (truth, found, str(often), percent(often / counts.in_truth(truth)))
        for truth, found, often in counts.mistakes[:SHOWN_CONFUSIONS]
    ]
    total = sum(often for _, _, often in counts.mistakes)
    missed, false = (sum(len(getattr(v, what)) for v in study.verdicts) for what in ("missed", "false"))
    return Table(
        "Confusions",
        ("truth", "found", "count", "% of truth"),
        rows or [("nothing", "", "0", percent(None))],
        f"At the threshold, boxes matched at IoU .50 regardless of class: "
        f"{total} confused, {missed} missed, {false} false. {study.misplaced.total()} of the missed were "
        f"found with a box too far off (IoU .10 to .50).{_most(study.misplaced)}",
        left=2,
    )


def _most(misplaced: Counter[str]) -> str:
    """Name the classes with most localisation errors."""
    often = ", ".join(f"{name} {count}" for name, count in misplaced.most_common(SHOWN_MISPLACED))
    return f" Most of them: {often}." if often else ""


def _pages(study: Study, worst: int) -> Table:
    """Make the table of the worst pages."""
    rows = []
    for i in study.worst_pages[:worst]:
        page, counts, verdict = study.truth[i], study.by_page[i], study.verdicts[i]
        parts = (verdict.right, verdict.missed, verdict.false, verdict.confused)
        name = page.source if page.number == 1 else f"{page.source}, {page.number}"
        rows.append((name, str(counts.truth), *(str(len(part)) for part in parts), percent(counts.f1)))
    return Table("Worst pages", ("page", "symbols", "right", "missed", "false", "confused", "F1"), rows)


# --- files ------------------------------------------------------------------------------------------


def write_json(study: Study, about: Mapping[str, str], file: Path) -> None:
    """Write all figures of a study as JSON.

    Parameters
    ----------
    study : Study
    about : mapping of str to str
        What was measured: dataset, weights, protocol.
    file : Path

    Raises
    ------
    InputError
        When the file can't be written.
    """
    with replacing(file) as part:
        content = {"about": dict(about)} | study.to_dict()
        part.write_text(json.dumps(content, indent=1), encoding="utf-8")


def write_folder(
    study: Study, about: Mapping[str, str], folder: Path, images: Images, worst: int = WORST_PAGES
) -> None:
    """Write a web page ``index.html`` with its pictures, the plots as PDF, too, and ``figures.json``.

    Parameters
    ----------
    study : Study
    about : mapping of str to str
        What was measured: dataset, weights, protocol.
    folder : Path
        Made if it does not exist.
    images : callable
        Returns the image of a page by its index; called for the worst pages only.
    worst : int
        Number of worst pages to draw.

    Raises
    ------
    InputError
        When a file can't be written.
    """
    pictures = [*_plots(study, folder), *_worst_pages(study, folder, images, worst)]
    write_json(study, about, folder / "figures.json")
    with replacing(folder / "index.html") as part:
        part.write_text(render("Evaluation", about, tables(study, worst), pictures), encoding="utf-8")


def _plots(study: Study, folder: Path) -> list[Picture]:
    """Draw curves and confusions as PNG and PDF; nothing where no class has truth."""
    if not study.report.classes:
        return []
    drawings = {
        "Precision and recall, mean over the classes": ("curves", curves.draw_mean(study)),
        "Precision and recall by class": ("curves-by-class", curves.draw_classes(study)),
        "Confusion matrix": ("confusion", confusion.draw(study.confusion)),
    }
    for name, figure in drawings.values():
        for suffix in (".pdf", ".png"):
            with replacing(folder / f"{name}{suffix}") as part:
                figure.savefig(part, dpi=PLOT_DPI)
    return [Picture(title, folder / f"{name}.png") for title, (name, _) in drawings.items()]


def _worst_pages(study: Study, folder: Path, images: Images, worst: int) -> list[Picture]:
    """Draw the mistakes on the worst pages."""
    pictures = []
    for rank, i in enumerate(study.worst_pages[:worst], start=1):
        truth, found = study.truth[i], study.found[i]
        drawn = mistakes.draw(images(i), truth, found, study.verdicts[i], study.spaces[i])
        file = folder / f"worst-{rank}.png"
        with replacing(file) as part:
            drawn.save(part, compress_level=FAST_COMPRESSION)
        title = f"Worst page {rank}: {truth.source}, page {truth.number}"
        pictures.append(Picture(title, file, is_page=True))
    return pictures
