"""Compute COCO's figures of pages of music.

T.-Y. Lin et al., "Microsoft COCO", ECCV 2014. The computation is that of faster-coco-eval, which agrees
with pycocotools. Two settings differ from COCO's: the number of detections of an image is unlimited, since
a page has a thousand symbols where COCO counts 100; and sizes are measured in staff spaces
(`omr.evaluation.detection.size_groups`). Means are over the classes that have truth. Detections inside an
ignore region (COCO's "crowd") are neither right nor wrong.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from omr.evaluation.detection.size_groups import GROUPS, NONE, groups_of
from omr.evaluation.detection.tables import Table, percent
from omr.page import Page

UNLIMITED = 100_000
"""Limit of detections a page that no page reaches."""

AT_75 = 5
"""Index of the IoU threshold .75 among COCO's ten, .50 to .95."""

Precision = NDArray[np.float64]
"""Precision (0 to 1) by IoU threshold .50, .55, ... .95 and recall 0, .01, ... 1: array (10, 101)."""


@dataclass(frozen=True)
class ClassFigures:
    """COCO's figures of one class, each from 0 to 1.

    Attributes
    ----------
    name : str
    count : int
        Symbols of the class in the truth.
    ap, ap50, ap75 : float
        Average precision: mean over the IoU thresholds .50 to .95, at .50, at .75.
    recall50, ar : float
        Recall of all candidates, whatever their score: at IoU .50, and mean over the IoU thresholds
        (COCO's AR without a limit of detections).
    precision : array (10, 101)
        Precision curves, interpolated as COCO does.
    """

    name: str
    count: int
    ap: float
    ap50: float
    ap75: float
    recall50: float
    ar: float
    precision: Precision = field(compare=False, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the figures by name, for a JSON file.

        Returns
        -------
        dict of str to (str, int or float)
            Without the precision curves.
        """
        return {key: value for key, value in vars(self).items() if key != "precision"}


MEANS = {"map50": "mAP50", "ap75": "AP75", "ap": "AP", "weighted_map50": "weighted mAP50", "ar": "AR"}
"""Attributes of a `Report` that are means over classes, and their names in papers."""


@dataclass(frozen=True)
class Report:
    """COCO's figures of a set of pages, each from 0 to 1.

    Attributes
    ----------
    pages : int
        Number of pages.
    classes : tuple of ClassFigures
        Classes that have truth, the most frequent first.
    groups : dict of str to Report
        Figures of the symbols of each size group, by its name; empty without staff spaces.
    """

    pages: int
    classes: tuple[ClassFigures, ...]
    groups: dict[str, Report] = field(default_factory=dict)

    @property
    def map50(self) -> float:
        """Mean AP at IoU .50."""
        return self._mean("ap50")

    @property
    def ap75(self) -> float:
        """Mean AP at IoU .75."""
        return self._mean("ap75")

    @property
    def ap(self) -> float:
        """Mean AP over the IoU thresholds .50 to .95."""
        return self._mean("ap")

    @property
    def ar(self) -> float:
        """Mean recall over the IoU thresholds .50 to .95."""
        return self._mean("ar")

    @property
    def weighted_map50(self) -> float:
        """AP at IoU .50, each class weighted by its number of symbols."""
        return sum(c.count * c.ap50 for c in self.classes) / self.count if self.count else 0.0

    @property
    def count(self) -> int:
        """Number of symbols in the truth."""
        return sum(c.count for c in self.classes)

    @property
    def means(self) -> dict[str, float]:
        """The means over classes, by the keys of `MEANS`."""
        return {key: getattr(self, key) for key in MEANS}

    def _mean(self, what: str) -> float:
        """Average an attribute over the classes."""
        return float(np.mean([getattr(c, what) for c in self.classes])) if self.classes else 0.0

    @property
    def summary(self) -> str:
        """The means in percent, as one line of text."""
        means = {name: value for (key, name), value in zip(MEANS.items(), self.means.values(), strict=True)}
        figures = ", ".join(f"{name} {100 * value:.1f}" for name, value in means.items())
        return f"{self.pages} pages, {len(self.classes)} classes: {figures}"

    def table(self) -> Table:
        """Make a table with a row for each class.

        Returns
        -------
        Table
            Figures in percent.
        """
        rows = [(c.name, str(c.count), *map(percent, (c.ap50, c.ap75, c.ap, c.ar))) for c in self.classes]
        return Table("By class", ("class", "count", "AP50", "AP75", "AP", "AR"), rows)

    def markdown(self) -> str:
        """Write the table of classes in Markdown.

        Returns
        -------
        str
        """
        return self.table().markdown()

    def to_dict(self) -> dict[str, Any]:
        """Return all figures, for a JSON file.

        Returns
        -------
        dict
            Figures from 0 to 1.
        """
        groups = {"groups": {name: group.to_dict() for name, group in self.groups.items()}}
        return (
            {"pages": self.pages, "symbols": self.count}
            | self.means
            | {"classes": [c.to_dict() for c in self.classes]}
            | (groups if self.groups else {})
        )

    def to_json(self) -> str:
        """Write all figures as JSON.

        Returns
        -------
        str
        """
        return json.dumps(self.to_dict(), indent=1)


def evaluate(
    truth: Sequence[Page],
    predicted: Sequence[Page],
    classes: Iterable[str] | None = None,
    spaces: Sequence[float | None] | None = None,
) -> Report:
    """Compute COCO's figures of predicted pages against the truth.

    Parameters
    ----------
    truth, predicted : sequence of Page
        Page by page in the same order. Predictions should include candidates of every score.
    classes : iterable of str, optional
        Classes to evaluate; all classes of the truth by default. Predictions of classes without truth
        are ignored.
    spaces : sequence of float or None, optional
        Staff space of each page in pixels, None where it is unknown. With it, figures by size group are
        computed. As in COCO, symbols of the other groups are ignored there: neither right nor wrong.

    Returns
    -------
    Report
    """
    names = sorted({s.name for page in truth for s in page.symbols} & set(classes or _all_names(truth)))
    if not names:
        return Report(len(truth), ())
    # the evaluator selects sizes by the annotations' field "area", which here holds the size group
    ranges = [[NONE, len(GROUPS)], *([g, g] for g in range(len(GROUPS) if spaces else 0))]
    known = list(spaces) if spaces else [None] * len(truth)
    number = {name: i + 1 for i, name in enumerate(names)}
    with contextlib.redirect_stdout(io.StringIO()):  # the evaluator prints its progress
        from faster_coco_eval import COCOeval_faster as COCOeval

        found = [replace(page, crowds=()) for page in predicted]
        coco = COCOeval(_coco(truth, number, known), _coco(found, number, known), "bbox")
        coco.params.maxDets = [UNLIMITED]
        coco.params.areaRng, coco.params.areaRngLbl = ranges, [str(i) for i in range(len(ranges))]
        coco.evaluate()
        coco.accumulate()
    precision, recall = coco.eval["precision"][..., 0], coco.eval["recall"][..., 0]  # (T, R, K, A), (T, K, A)
    whole = _classes(names, _counts(truth), precision[..., 0], recall[..., 0])
    groups = {
        group.name: Report(
            len(truth), _classes(names, _counts(truth, known, g), precision[..., g + 1], recall[..., g + 1])
        )
        for g, group in enumerate(GROUPS if spaces else ())
    }
    return Report(len(truth), whole, groups)


def _all_names(pages: Sequence[Page]) -> set[str]:
    """Return the classes on the pages."""
    return {s.name for page in pages for s in page.symbols}


def _classes(
    names: Sequence[str], counts: Counter[str], precision: Precision, recall: NDArray[np.float64]
) -> tuple[ClassFigures, ...]:
    """Compute class figures from precision (IoU, recall, class) and recall (IoU, class)."""
    figures = [
        ClassFigures(
            name,
            counts[name],
            ap=float(precision[:, :, i].mean()),
            ap50=float(precision[0, :, i].mean()),
            ap75=float(precision[AT_75, :, i].mean()),
            recall50=float(recall[0, i]),
            ar=float(recall[:, i].mean()),
            precision=precision[:, :, i],
        )
        for i, name in enumerate(names)
        if counts[name]
    ]
    return tuple(sorted(figures, key=lambda c: (-c.count, c.name)))


def _counts(
    pages: Sequence[Page], spaces: Sequence[float | None] = (), group: int | None = None
) -> Counter[str]:
    """Count the symbols of each class, in one size group or in all."""
    counts: Counter[str] = Counter()
    for i, page in enumerate(pages):
        groups = _groups(page, spaces[i]) if group is not None else [None] * len(page.symbols)
        counts.update(s.name for s, of in zip(page.symbols, groups, strict=True) if of == group)
    return counts


def _groups(page: Page, space: float | None) -> list[int]:
    """Return the size group of each symbol of a page."""
    boxes = np.array([s.box for s in page.symbols], np.float64).reshape(-1, 4)
    groups: list[int] = groups_of(boxes, space).tolist()
    return groups


def _coco(pages: Sequence[Page], number: dict[str, int], spaces: Sequence[float | None]) -> Any:
    """Convert pages to the evaluator's dataset."""
    from faster_coco_eval import COCO

    parts = [
        (i, s, group, crowd)
        for i, (page, space) in enumerate(zip(pages, spaces, strict=True))
        for symbols, groups, crowd in (
            (page.symbols, _groups(page, space), 0),
            (page.crowds, [NONE] * len(page.crowds), 1),
        )
        for s, group in zip(symbols, groups, strict=True)
        if s.name in number
    ]
    annotations = [
        {
            "id": identity,
            "image_id": i,
            "category_id": number[s.name],
            "bbox": [s.box.x0, s.box.y0, s.box.width, s.box.height],
            "area": group,
            "iscrowd": crowd,
            "score": s.score,
        }
        for identity, (i, s, group, crowd) in enumerate(parts, start=1)
    ]
    coco = COCO()
    coco.dataset = {
        "images": [{"id": i, "width": page.width, "height": page.height} for i, page in enumerate(pages)],
        "categories": [{"id": i, "name": name} for name, i in number.items()],
        "annotations": annotations,
    }
    coco.createIndex()
    return coco
