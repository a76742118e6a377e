import contextlib
import io

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from omr.evaluation import best_threshold, evaluate, matches
from omr.page import Box, Page, Symbol

NAMES = ("stem", "beam", "slur", "noteheadBlack")


def random_pages(seed, pages=3, count=150):
    """Truth, and predictions that are near, far, double, missing or of another class."""
    rng = np.random.default_rng(seed)
    truth, predicted = [], []
    for _ in range(pages):
        corner = rng.uniform(0, 900, (count, 2))
        boxes = np.concatenate([corner, corner + rng.uniform(2, 60, (count, 2))], 1)
        names = rng.choice(NAMES, count)
        truth.append(page(names, boxes, np.ones(count)))
        again = rng.integers(0, count, count)
        moved = boxes[again] + rng.normal(0, 3, (count, 4))
        moved[:, 2:] = np.maximum(moved[:, 2:], moved[:, :2] + 1)
        called = np.where(rng.random(count) < 0.9, names[again], rng.choice(NAMES, count))
        predicted.append(page(called, moved, rng.random(count)))
    return truth, predicted


def page(names, boxes, scores):
    symbols = (
        Symbol(str(name), Box(*map(float, box)), float(score))
        for name, box, score in zip(names, boxes, scores, strict=True)
    )
    return Page(1000, 1000, tuple(symbols))


def pycocotools_figures(truth, predicted):
    """AP, AP50 and AP75 by class, straight from pycocotools, with room for all detections."""

    def as_coco(pages):
        coco = COCO()
        annotations = [
            {
                "image_id": i,
                "category_id": NAMES.index(s.name) + 1,
                "bbox": [s.box.x0, s.box.y0, s.box.width, s.box.height],
                "area": s.box.width * s.box.height,
                "iscrowd": 0,
                "score": s.score,
            }
            for i, p in enumerate(pages)
            for s in p.symbols
        ]
        coco.dataset = {
            "images": [{"id": i} for i in range(len(pages))],
            "categories": [{"id": i + 1, "name": n} for i, n in enumerate(NAMES)],
            "annotations": [{"id": k + 1} | a for k, a in enumerate(annotations)],
        }
        coco.createIndex()
        return coco

    with contextlib.redirect_stdout(io.StringIO()):
        run = COCOeval(as_coco(truth), as_coco(predicted), "bbox")
        run.params.maxDets = [10_000]
        run.params.areaRng, run.params.areaRngLbl = [[0, 1e10]], ["all"]
        run.evaluate()
        run.accumulate()
    precision = run.eval["precision"][:, :, :, 0, 0].mean(1)
    return {n: (precision[:, i].mean(), precision[0, i], precision[5, i]) for i, n in enumerate(NAMES)}


@pytest.mark.parametrize("seed", range(4))
def test_figures_are_those_of_pycocotools(seed):
    truth, predicted = random_pages(seed)
    expected = pycocotools_figures(truth, predicted)
    report = evaluate(truth, predicted)
    assert {c.name for c in report.classes} == set(NAMES)
    for c in report.classes:
        assert (c.ap, c.ap50, c.ap75) == pytest.approx(expected[c.name], abs=1e-6)
    assert report.map50 == pytest.approx(np.mean([e[1] for e in expected.values()]), abs=1e-6)


def test_the_truth_itself_is_perfect_however_many_symbols_a_page_has():
    truth, _ = random_pages(0, pages=1, count=1500)
    assert evaluate(truth, truth).map50 == 1


def test_nothing_found_is_zero_and_no_truth_is_no_class():
    truth, _ = random_pages(1)
    empty = [p.with_symbols(()) for p in truth]
    assert evaluate(truth, empty).map50 == 0
    assert evaluate(empty, truth).classes == ()


def test_only_the_asked_classes_count():
    truth, predicted = random_pages(2)
    report = evaluate(truth, predicted, ["stem", "brace"])
    assert [c.name for c in report.classes] == ["stem"]


def test_a_truth_is_matched_once_and_by_the_best():
    truth = [page(["stem"], [[0, 0, 10, 10]], [1])]
    predicted = [
        page(["stem", "stem", "beam"], [[0, 0, 10, 9], [0, 0, 10, 10], [0, 0, 10, 10]], [0.5, 0.9, 0.99])
    ]
    scores, right = matches(truth, predicted)
    assert scores.tolist() == [0.5, 0.9, 0.99]
    assert right.tolist() == [False, True, False]


def test_the_best_threshold_parts_right_from_wrong():
    truth = [page(["stem"] * 3, [[i, 0, i + 5, 5] for i in (0, 10, 20)], [1] * 3)]
    boxes = [[0, 0, 5, 5], [10, 0, 15, 5], [20, 0, 25, 5], [40, 0, 45, 5], [50, 0, 55, 5]]
    predicted = [page(["stem"] * 5, boxes, [0.9, 0.8, 0.7, 0.6, 0.2])]
    assert best_threshold(truth, predicted) == pytest.approx(0.7)
