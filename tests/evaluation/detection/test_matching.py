from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omr.evaluation.detection import best_threshold, evaluate, matches
from omr.evaluation.detection.matching import judge, misplaced
from tests.builders.detections import page, random_pages


def test_a_truth_is_matched_once_and_by_the_best():
    truth = [page(["stem"], [[0, 0, 10, 10]])]
    boxes = [[0, 0, 10, 9], [0, 0, 10, 10], [0, 0, 10, 10]]
    predicted = [page(["stem", "stem", "beam"], boxes, [0.5, 0.9, 0.99])]
    scores, right = matches(truth, predicted)
    assert scores.tolist() == [0.5, 0.9, 0.99]
    assert right.tolist() == [False, True, False]


def test_the_best_threshold_parts_right_from_wrong():
    truth = [page(["stem"] * 3, [[i, 0, i + 5, 5] for i in (0, 10, 20)])]
    boxes = [[0, 0, 5, 5], [10, 0, 15, 5], [20, 0, 25, 5], [40, 0, 45, 5], [50, 0, 55, 5]]
    predicted = [page(["stem"] * 5, boxes, [0.9, 0.8, 0.7, 0.6, 0.2])]
    assert best_threshold(truth, predicted) == pytest.approx(0.7)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_every_symbol_has_one_fate(seed):
    (truth,), (found,) = random_pages(seed, pages=1, count=40)
    verdict = judge(truth, found)
    pairs = [*verdict.right, *verdict.confused]
    assert sorted([*(t for t, _ in pairs), *verdict.missed]) == list(range(len(truth.symbols)))
    assert sorted([*(f for _, f in pairs), *verdict.false]) == list(range(len(found.symbols)))
    assert all(truth.symbols[t].name == found.symbols[f].name for t, f in verdict.right)
    assert all(truth.symbols[t].name != found.symbols[f].name for t, f in verdict.confused)
    assert len(verdict.right) == int(np.sum(matches([truth], [found])[1]))


def test_confusions_are_what_is_left_over_the_greatest_overlap_first():
    truth = page(["stem", "beam"], [[0, 0, 10, 10], [20, 0, 30, 10]])
    found = page(
        ["stem", "slur", "slur", "slur"],
        [[0, 0, 10, 10], [0, 0, 10, 10], [20, 0, 30, 8], [20, 0, 30, 9]],
        [0.5, 0.9, 0.9, 0.6],
    )
    verdict = judge(truth, found)
    assert verdict.right == ((0, 0),)  # the slur on the stem does not take its place
    assert verdict.confused == ((1, 3),)
    assert verdict.missed == ()
    assert verdict.false == (1, 2)


def test_misplaced_is_what_is_missed_and_false_at_the_same_place():
    truth = page(["stem", "beam", "slur"], [[0, 0, 10, 10], [20, 0, 30, 10], [40, 0, 50, 10]])
    found = page(["stem", "slur", "slur"], [[0, 0, 10, 4], [20, 0, 30, 4], [40, 0, 50, 0.5]])
    verdict = judge(truth, found)
    assert verdict.missed == verdict.false == (0, 1, 2)
    assert misplaced(truth, found, verdict) == ((0, 0),)


def test_what_lies_in_a_crowd_of_its_class_is_neither_right_nor_wrong():
    crowd = page(["stem"], [[100, 100, 200, 200]]).symbols
    truth = replace(page(["stem"], [[0, 0, 4, 30]]), crowds=crowd)
    boxes = [
        [0, 0, 4, 30],
        [110, 110, 114, 140],
        [150, 110, 154, 140],
        [98, 110, 101, 140],
        [150, 110, 170, 120],
    ]
    found = page(["stem"] * 4 + ["beam"], boxes, [0.3, 0.9, 0.8, 0.7, 0.1])
    verdict = judge(truth, found)
    assert verdict.right == ((0, 0),)
    assert verdict.false == (3, 4)  # only a third of the one is in the crowd; the other is of another class
    assert best_threshold([truth], [found]) == 0.3
    inside = found.with_symbols(found.symbols[:3])
    [figures] = evaluate([truth], [inside]).classes
    assert figures.count == 1 and figures.ap == 1
