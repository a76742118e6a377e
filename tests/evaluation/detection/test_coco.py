"""The figures are COCO's: pycocotools itself says what they must be."""

import contextlib
import io
from itertools import pairwise

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

pytest.importorskip("faster_coco_eval")

from omr.evaluation.detection import evaluate
from omr.evaluation.detection.size_groups import SIZES
from tests.builders.detections import NAMES, page, random_pages

EVERYTHING = [[0, 1e10]]


def pycocotools_run(truth, predicted, areas=EVERYTHING):
    """Precision (T, R, K, A) and recall (T, K, A) by pycocotools itself, with room for all detections."""

    def as_coco(pages):
        coco = COCO()
        annotations = [
            {
                "image_id": i,
                "category_id": NAMES.index(s.name) + 1,
                "bbox": [s.box.x0, s.box.y0, s.box.width, s.box.height],
                "area": s.box.width * s.box.height,
                "iscrowd": crowd,
                "score": s.score,
            }
            for i, p in enumerate(pages)
            for crowd, symbols in enumerate((p.symbols, p.crowds))
            for s in symbols
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
        run.params.areaRng, run.params.areaRngLbl = areas, [str(area) for area in areas]
        run.evaluate()
        run.accumulate()
    return run.eval["precision"][..., 0], run.eval["recall"][..., 0]


@pytest.mark.parametrize("crowds", [0, 6])
@pytest.mark.parametrize("seed", range(4))
def test_every_figure_is_that_of_pycocotools(seed, crowds):
    truth, predicted = random_pages(seed, crowds=crowds)
    precision, recall = pycocotools_run(truth, predicted)
    report = evaluate(truth, predicted)
    assert {c.name for c in report.classes} == set(NAMES)
    for c in report.classes:
        k = NAMES.index(c.name)
        by_iou = precision[:, :, k, 0].mean(1)
        assert (c.ap, c.ap50, c.ap75) == pytest.approx((by_iou.mean(), by_iou[0], by_iou[5]), abs=1e-6)
        assert (c.ar, c.recall50) == pytest.approx((recall[:, k].mean(), recall[0, k, 0]), abs=1e-6)
        assert c.precision == pytest.approx(precision[:, :, k, 0], abs=1e-6)
    assert report.map50 == pytest.approx(precision[0].mean(), abs=1e-6)
    assert report.ap75 == pytest.approx(precision[5].mean(), abs=1e-6)
    assert report.ap == pytest.approx(precision.mean(), abs=1e-6)
    assert report.ar == pytest.approx(recall.mean(), abs=1e-6)


def test_more_detections_than_coco_allows_count():
    truth, predicted = random_pages(7, pages=1, count=800)
    precision, recall = pycocotools_run(truth, predicted)
    report = evaluate(truth, predicted)
    assert report.ap == pytest.approx(precision.mean(), abs=1e-6)
    assert report.ar == pytest.approx(recall.mean(), abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_sizes_are_coco_areas_in_staff_spaces(seed):
    """Without thin boxes, a size is a COCO area: pycocotools must agree on each of them."""
    space = 10.0
    truth, predicted = (
        [p.only(lambda s: _elongation(s.box) < 8) for p in pages] for pages in random_pages(seed)
    )
    edges = [0.0, *(size.below * space for size in SIZES[:-1]), 1e5]
    areas = [[low**2, high**2] for low, high in pairwise(edges)]
    precision, recall = pycocotools_run(truth, predicted, areas)
    report = evaluate(truth, predicted, spaces=[space] * len(truth))
    for a, size in enumerate(SIZES):
        group = report.groups[size.name]
        present = [k for k in range(len(NAMES)) if precision[0, 0, k, a] > -1]
        assert group.ap == pytest.approx(precision[:, :, present, a].mean() if present else 0, abs=1e-6)
        assert group.ar == pytest.approx(recall[:, present, a].mean() if present else 0, abs=1e-6)
    assert report.groups["thin"].classes == ()
    assert sum(group.count for group in report.groups.values()) == report.count


def _elongation(box):
    return max(box.width, box.height) / min(box.width, box.height)


def test_symbols_of_pages_without_a_known_staff_space_have_no_size_but_thin():
    truth = [page(["stem", "beam"], [[0, 0, 2, 40], [0, 0, 30, 20]])] * 2
    report = evaluate(truth, truth, spaces=[10.0, None])
    assert report.count == 4
    assert {name: group.count for name, group in report.groups.items() if group.count} == {
        "thin": 2,
        "medium": 1,
    }


def test_the_truth_itself_is_perfect_however_many_symbols_a_page_has():
    truth, _ = random_pages(0, pages=1, count=1500)
    assert evaluate(truth, truth).map50 == 1


def test_nothing_found_is_zero_and_no_truth_is_no_class():
    truth, _ = random_pages(1)
    empty = [p.with_symbols(()) for p in truth]
    assert evaluate(truth, empty).map50 == evaluate(truth, empty).ar == 0
    assert evaluate(empty, truth).classes == ()
    assert evaluate(empty, truth).map50 == 0


def test_only_the_asked_classes_count():
    truth, predicted = random_pages(2)
    report = evaluate(truth, predicted, ["stem", "brace"])
    assert [c.name for c in report.classes] == ["stem"]


def test_the_weighted_mean_is_over_symbols():
    truth = [page(["stem"] * 3 + ["beam"], [[i, 0, i + 5, 5] for i in (0, 10, 20, 30)])]
    found = [truth[0].only(lambda s: s.name == "stem")]
    report = evaluate(truth, found)
    assert (report.map50, report.weighted_map50) == pytest.approx((1 / 2, 3 / 4))
    assert np.isclose(report.to_dict()["weighted_map50"], 3 / 4)
