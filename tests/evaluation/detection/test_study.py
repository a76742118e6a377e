import json

import pytest

pytest.importorskip("faster_coco_eval")

from omr.evaluation.detection import Study, matches
from omr.evaluation.detection.confusion import NO_SYMBOL
from tests.builders.detections import page, random_pages


@pytest.fixture(scope="module")
def study():
    truth, candidates = random_pages(3)
    return Study.of(truth, candidates, [10.0, 12.0, None], 0.3, "shipped")


def test_precision_and_recall_are_those_of_the_symbols_at_the_threshold(study):
    truth, candidates = random_pages(3)
    _, right = matches(truth, [p.only(lambda s: s.score >= 0.3) for p in candidates])
    assert study.overall.precision == pytest.approx(right.mean())
    assert study.overall.recall == pytest.approx(right.sum() / 450)
    assert study.overall.right == sum(c.right for c in study.by_class.values())
    assert study.overall.found == sum(c.found for c in study.by_class.values())
    assert sum(page.right for page in study.by_page) == study.overall.right


def test_the_confusions_add_up(study):
    for c in study.report.classes:
        assert study.confusion.in_truth(c.name) == c.count
    counts = study.confusion.counts
    assert sum(counts.values()) == study.overall.truth + sum(
        n for (truth, _), n in counts.items() if truth == NO_SYMBOL
    )
    assert all(t != f and n > 0 for t, f, n in study.confusion.mistakes)


def test_without_a_threshold_the_best_one_is_taken_and_named(study):
    truth, candidates = random_pages(3)
    best = Study.of(truth, candidates, study.spaces)
    assert best.origin == "best"
    assert best.overall.f1 >= study.overall.f1


def test_the_worst_page_comes_first():
    good = page(["stem"], [[0, 0, 5, 50]])
    empty = page([], [])
    study = Study.of([good, good, empty], [good, empty, empty], [None] * 3, 0.5)
    assert study.worst_pages[0] == 1
    assert [counts.f1 for counts in study.by_page] == [1, 0, None]


def test_everything_is_in_the_json(study):
    content = json.loads(json.dumps(study.to_dict()))
    assert content["map50"] == study.report.map50
    assert content["threshold"]["precision"] == study.overall.precision
    assert {row["name"] for row in content["classes"]} == set(content["curves_iou50"]["precision"])
    assert content["groups"]["small"]["ap"] == study.report.groups["small"].ap
    assert len(content["by_page"]) == 3
