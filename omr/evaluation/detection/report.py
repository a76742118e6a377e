"""A study shown: as tables on the terminal, and as a folder with a web page, pictures and all figures."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from omr.errors import InputError
from omr.evaluation.detection import confusion, curves, pages
from omr.evaluation.detection.coco import MEANS, Report
from omr.evaluation.detection.groups import GROUPS
from omr.evaluation.detection.study import Origin, Study
from omr.evaluation.detection.tables import Table, percent

MISTAKES = 20
"""Confusions that a table lists; the JSON file has all."""

ORIGINS: dict[Origin, str] = {
    "shipped": "the shipped threshold",
    "given": "the given threshold",
    "best": "the threshold with the best F1 on these very pages,",
}

Images = Callable[[int], NDArray[np.uint8]]
"""The grey image (height, width) of a page of the study, by its number."""


# --- tables -----------------------------------------------------------------------------------------


def tables(study: Study, worst: int = 3) -> list[Table]:
    """Headline first, then sizes, classes, mistakes, and the `worst` pages."""
    every = [headline(study), _groups(study.report), _classes(study), _mistakes(study), _pages(study, worst)]
    return [table for table in every if table.rows]


def headline(study: Study) -> Table:
    """All figures that a paper's table has."""
    overall = study.overall
    figures = [*study.report.means.values(), overall.precision, overall.recall, overall.f1]
    report = study.report
    return Table(
        f"{report.pages} images, {report.count} symbols, {len(report.classes)} classes; figures in %",
        (*MEANS.values(), "precision", "recall", "F1"),
        [list(map(percent, figures))],
        f"Precision, recall and F1 are over all symbols at IoU .50 and {ORIGINS[study.origin]} "
        f"{study.threshold:.2f}; detections a page unlimited.",
        left=0,
    )


def _groups(report: Report) -> Table:
    rows = []
    for name, of in report.groups.items():
        if of.count:
            often = ", ".join(c.name for c in of.classes[:3])
            figures = (of.map50, of.ap75, of.ap, of.weighted_map50, of.ar)
            rows.append((name, often, str(of.count), *map(percent, figures)))
    columns = ("size", "mostly", "count", "mAP50", "AP75", "AP", "weighted", "AR")
    meaning = "; ".join(f"{group.name}: {group.about}" for group in GROUPS)
    note = f"Size is the square root of a box's area. {meaning}. Weighted is mAP50 weighted by symbols."
    return Table("By size", columns, rows, note, left=2)


def _classes(study: Study) -> Table:
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


def _mistakes(study: Study) -> Table:
    counts = study.confusion
    rows = [
        (truth, found, str(often), percent(often / counts.in_truth(truth)))
        for truth, found, often in counts.mistakes[:MISTAKES]
    ]
    total = sum(often for _, _, often in counts.mistakes)
    missed, false = (sum(len(getattr(v, what)) for v in study.verdicts) for what in ("missed", "false"))
    return Table(
        "What is mistaken for what",
        ("truth", "found", "count", "% of truth"),
        rows or [("nothing", "", "0", percent(None))],
        f"At the threshold, boxes matched at IoU .50 whatever their class: "
        f"{total} confused, {missed} missed, {false} false. {study.misplaced.total()} of the missed are "
        f"among the false: found, but with an IoU of .10 to .50.{_most(study.misplaced)}",
        left=2,
    )


def _most(misplaced: Counter[str]) -> str:
    often = ", ".join(f"{name} {count}" for name, count in misplaced.most_common(4))
    return f" Most of them: {often}." if often else ""


def _pages(study: Study, worst: int) -> Table:
    rows = []
    for i in study.worst_pages[:worst]:
        page, counts, verdict = study.truth[i], study.by_page[i], study.verdicts[i]
        parts = (verdict.right, verdict.missed, verdict.false, verdict.confused)
        name = page.source if page.number == 1 else f"{page.source}, {page.number}"
        rows.append((name, str(counts.truth), *(str(len(part)) for part in parts), percent(counts.f1)))
    return Table("Worst pages", ("page", "symbols", "right", "missed", "false", "confused", "F1"), rows)


# --- files ------------------------------------------------------------------------------------------


def write_json(study: Study, about: Mapping[str, str], file: Path) -> None:
    """Everything for machines; `about` says what was measured.

    Raises
    ------
    InputError
        When it can't be written.
    """
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(_json(study, about), encoding="utf-8")
        part.replace(file)
    except OSError as error:
        raise InputError(f"{file}: can't be written ({error.strerror}); give another place") from error


def write_folder(
    study: Study, about: Mapping[str, str], folder: Path, images: Images, worst: int = 3
) -> None:
    """A web page `index.html` with its pictures, the pictures as PDF too, and `figures.json`.

    Parameters
    ----------
    about : mapping of str to str
        What was measured: dataset, weights, protocol.
    images : callable
        Gives the image of a page by its number; asked for the worst ones alone.
    worst : int
        How many pages to draw.

    Raises
    ------
    InputError
        When it can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".report", dir=folder) as part:
            _write_all(study, about, Path(part), images, worst)
            files = sorted(
                Path(part).iterdir(), key=lambda file: file.suffix == ".html"
            )  # what it shows first
            for file in files:
                shutil.move(file, folder / file.name)
    except OSError as error:
        raise InputError(f"{folder}: can't be written ({error.strerror}); give another place") from error


def _write_all(study: Study, about: Mapping[str, str], folder: Path, images: Images, worst: int) -> None:
    pictures = []
    if study.report.classes:
        drawings = {
            "Precision and recall, mean over the classes": ("curves", curves.draw_mean(study)),
            "Precision and recall by class": ("curves-by-class", curves.draw_classes(study)),
            "What is mistaken for what": ("confusion", confusion.draw(study.confusion)),
        }
        for title, (name, figure) in drawings.items():
            figure.savefig(folder / f"{name}.png", dpi=150)
            figure.savefig(folder / f"{name}.pdf")
            pictures.append((title, f"{name}.png"))
    for rank, i in enumerate(study.worst_pages[:worst], start=1):
        truth, found = study.truth[i], study.found[i]
        picture = pages.draw(images(i), truth, found, study.verdicts[i], study.spaces[i])
        name = f"worst-{rank}.png"
        picture.save(folder / name, compress_level=3)
        pictures.append((f"Worst page {rank}: {truth.source}, page {truth.number}", name))
    (folder / "figures.json").write_text(_json(study, about), encoding="utf-8")
    (folder / "index.html").write_text(_web_page(tables(study, worst), about, pictures), encoding="utf-8")


def _json(study: Study, about: Mapping[str, str]) -> str:
    return json.dumps({"about": dict(about)} | study.to_dict(), indent=1)


STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #222; max-width: 62rem; margin: 2rem auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .15rem .8rem .15rem 0; text-align: left; vertical-align: bottom }
th { border-bottom: 1px solid #222 }
td { border-bottom: 1px solid #eee }
.figure { text-align: right }
.note { color: #666; max-width: 45rem }
dt { float: left; width: 7rem; color: #666 }
h2 { margin-top: 2.5rem }
img { max-width: 100%; border: 1px solid #eee }
img.drawing { max-width: 46rem; border: 0 }
"""


def _web_page(shown: Sequence[Table], about: Mapping[str, str], pictures: Sequence[tuple[str, str]]) -> str:
    facts = "\n".join(f"<dt>{escape(key)}</dt><dd>{escape(value)}</dd>" for key, value in about.items())
    images = [
        f"<h2>{escape(title)}</h2>\n<a href='{escape(name)}'><img src='{escape(name)}' "
        f"class='{'page' if name.startswith('worst') else 'drawing'}' alt='{escape(title)}'></a>"
        for title, name in pictures
    ]
    body = "\n".join([*(table.html() for table in shown), *images])
    return (
        "<!doctype html>\n<html lang='en'>\n<meta charset='utf-8'>\n<title>Evaluation</title>\n"
        f"<style>{STYLE}</style>\n<h1>Evaluation</h1>\n<dl>\n{facts}\n</dl>\n{body}\n</html>\n"
    )
