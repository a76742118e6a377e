"""How good detections are: COCO's figures with the protocol of music pages.

T.-Y. Lin et al., "Microsoft COCO", ECCV 2014, computed by faster-coco-eval,
which agrees with pycocotools. COCO counts the best 100 detections of an image; a page of music has a thousand
symbols, so here there is no limit. Means are over the classes that have truth.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from omr.page import Page, Symbol

if TYPE_CHECKING:
    from rich.table import Table

UNLIMITED = 100_000
"""Detections a page: more than any page has."""


@dataclass(frozen=True)
class ClassFigures:
    """One class: how many there are in truth, and AP from 0 to 1 by IoU threshold."""

    name: str
    count: int
    ap: float
    ap50: float
    ap75: float
    recall50: float


@dataclass(frozen=True)
class Report:
    """Figures of a set of pages, from 0 to 1; `classes` by falling count."""

    pages: int
    classes: tuple[ClassFigures, ...]

    @property
    def map50(self) -> float:
        return self._mean("ap50")

    @property
    def ap75(self) -> float:
        return self._mean("ap75")

    @property
    def ap(self) -> float:
        """Mean over IoU thresholds from .50 to .95."""
        return self._mean("ap")

    @property
    def weighted_map50(self) -> float:
        """Mean over symbols rather than classes."""
        total = sum(c.count for c in self.classes)
        return sum(c.count * c.ap50 for c in self.classes) / total if total else 0.0

    def _mean(self, what: str) -> float:
        return float(np.mean([getattr(c, what) for c in self.classes])) if self.classes else 0.0

    @property
    def summary(self) -> str:
        means = {"mAP50": self.map50, "AP75": self.ap75, "AP": self.ap, "weighted mAP50": self.weighted_map50}
        figures = ", ".join(f"{name} {100 * value:.1f}" for name, value in means.items())
        return f"{self.pages} pages, {len(self.classes)} classes: {figures}"

    def table(self) -> Table:
        """For the terminal."""
        from rich.table import Table

        table = Table("class", *(("count", "AP50", "AP75", "AP")), title=self.summary)
        for column in table.columns[1:]:
            column.justify = "right"
        for c in self.classes:
            table.add_row(c.name, str(c.count), *(f"{100 * v:.1f}" for v in (c.ap50, c.ap75, c.ap)))
        return table

    def markdown(self) -> str:
        """For benchmarks/RESULTS.md."""
        rows = [
            f"| {c.name} | {c.count} | {100 * c.ap50:.1f} | {100 * c.ap75:.1f} | {100 * c.ap:.1f} |"
            for c in self.classes
        ]
        head = ["| class | count | AP50 | AP75 | AP |", "| --- | ---: | ---: | ---: | ---: |"]
        return "\n".join([*head, *rows])

    def to_json(self) -> str:
        means = {key: getattr(self, key) for key in ("pages", "map50", "ap75", "ap", "weighted_map50")}
        return json.dumps(means | {"classes": [vars(c) for c in self.classes]}, indent=1)


def evaluate(
    truth: Sequence[Page], predicted: Sequence[Page], classes: Iterable[str] | None = None
) -> Report:
    """COCO's figures of predicted pages against the truth, page by page in the same order.

    Parameters
    ----------
    classes : iterable of str, optional
        Count only these; all that the truth has by default. Predictions of
        classes without truth on any page count for nothing.
    """
    from faster_coco_eval import COCOeval_faster as COCOeval

    names = sorted({s.name for page in truth for s in page.symbols} & set(classes or _all_names(truth)))
    number = {name: i + 1 for i, name in enumerate(names)}
    if not names:
        return Report(len(truth), ())
    with contextlib.redirect_stdout(io.StringIO()):  # it narrates
        coco = COCOeval(_coco(truth, number), _coco(predicted, number), "bbox")
        coco.params.maxDets = [UNLIMITED]
        coco.params.areaRng, coco.params.areaRngLbl = [[0, 1e10]], ["all"]
        coco.evaluate()
        coco.accumulate()
    precision, recall = coco.eval["precision"], coco.eval["recall"]  # (T, R, K, 1, 1), (T, K, 1, 1)
    counts = _counts(truth)
    figures = []
    for i, name in enumerate(names):
        by_threshold = precision[:, :, i, 0, 0].mean(1)
        figures.append(
            ClassFigures(
                name,
                counts[name],
                ap=float(by_threshold.mean()),
                ap50=float(by_threshold[0]),
                ap75=float(by_threshold[5]),
                recall50=float(recall[0, i, 0, 0]),
            )
        )
    return Report(len(truth), tuple(sorted(figures, key=lambda c: (-c.count, c.name))))


def _all_names(pages: Sequence[Page]) -> set[str]:
    return {s.name for page in pages for s in page.symbols}


def _counts(pages: Sequence[Page]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for page in pages:
        for s in page.symbols:
            counts[s.name] += 1
    return counts


def _coco(pages: Sequence[Page], number: dict[str, int]) -> Any:
    """Pages as the evaluator wants them."""
    from faster_coco_eval import COCO

    annotations = [
        {
            "id": 0,
            "image_id": i,
            "category_id": number[s.name],
            "bbox": [s.box.x0, s.box.y0, s.box.width, s.box.height],
            "area": s.box.width * s.box.height,
            "iscrowd": 0,
            "score": s.score,
        }
        for i, page in enumerate(pages)
        for s in page.symbols
        if s.name in number
    ]
    for i, annotation in enumerate(annotations):
        annotation["id"] = i + 1
    coco = COCO()
    coco.dataset = {
        "images": [{"id": i, "width": page.width, "height": page.height} for i, page in enumerate(pages)],
        "categories": [{"id": i, "name": name} for name, i in number.items()],
        "annotations": annotations,
    }
    coco.createIndex()
    return coco


Scores = NDArray[np.float64]


def matches(
    truth: Sequence[Page], predicted: Sequence[Page], iou: float = 0.5
) -> tuple[Scores, NDArray[np.bool_]]:
    """Which predictions are right: the best first, each truth is matched by at most one of its class.

    Returns
    -------
    scores : array (n,)
        Of all predictions, page by page, in the order of each page's symbols.
    right : array (n,)
    """
    scores = np.array([s.score for page in predicted for s in page.symbols], np.float64)
    right = [_right(t, p, iou) for t, p in zip(truth, predicted, strict=True)]
    return scores, np.concatenate(right) if right else np.zeros(0, bool)


def _right(truth: Page, predicted: Page, iou: float) -> NDArray[np.bool_]:
    right = np.zeros(len(predicted.symbols), bool)
    theirs, ours = _by_name(truth.symbols), _by_name(predicted.symbols)
    for name in theirs.keys() & ours.keys():
        boxes = np.array([truth.symbols[i].box for i in theirs[name]])
        order = sorted(ours[name], key=lambda i: -predicted.symbols[i].score)
        overlap = _iou(np.array([predicted.symbols[i].box for i in order]), boxes)
        for i, row in zip(order, overlap, strict=True):
            best = int(row.argmax())
            if row[best] >= iou:
                right[i] = True
                overlap[:, best] = 0
    return right


def _by_name(symbols: Sequence[Symbol]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for i, s in enumerate(symbols):
        places[s.name].append(i)
    return places


def _iou(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = (high - low).clip(0).prod(2)
    area = [(boxes[:, 2:] - boxes[:, :2]).prod(1) for boxes in (a, b)]
    return np.asarray(shared / np.maximum(area[0][:, None] + area[1][None] - shared, 1e-9))


def best_threshold(truth: Sequence[Page], predicted: Sequence[Page]) -> float:
    """The score from which on keeping predictions gives the best F1 over all symbols."""
    scores, right = matches(truth, predicted)
    if not right.any():
        return 0.5
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(right[order])
    f1 = 2 * found / (np.arange(len(order)) + 1 + sum(len(page.symbols) for page in truth))
    return float(scores[order][f1.argmax()])
