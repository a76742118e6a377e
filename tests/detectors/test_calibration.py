import numpy as np
import pytest

from omr.detectors.calibration import Calibration

NONE = np.zeros(0, np.int64)


def logit(p):
    return np.log(p / (1 - p))


def symbols(n, seed=0, classes=1):
    rng = np.random.default_rng(seed)
    peaks, votes = rng.uniform(0.2, 1, (2, n)).astype(np.float32)
    return rng, peaks, votes, rng.integers(0, classes, n)


def test_calibration_fitted_scores_are_frequencies_of_correct_symbols():
    rng, peaks, votes, classes = symbols(20000)
    chance = 1 / (1 + np.exp(-(0.7 * logit(peaks) + 1.5 * logit(votes) - 0.4)))
    right = rng.random(20000) < chance
    scores = Calibration.fit(peaks, votes, classes, right, 1)(peaks, votes, classes)
    for low in np.arange(0.1, 0.9, 0.1):
        inside = (scores >= low) & (scores < low + 0.1)
        assert abs(right[inside].mean() - scores[inside].mean()) < 0.05


def test_calibration_single_coefficient_counts_for_both_logarithms():
    _, peaks, votes, classes = symbols(50)
    same = Calibration(0.7, (1.5, 1.5), -0.4)(peaks, votes, classes)
    assert same == pytest.approx(1 / (1 + np.exp(-(0.7 * logit(peaks) + 1.5 * logit(votes) - 0.4))), abs=1e-4)


def test_calibration_classes_that_lost_the_vote_score_by_their_share():
    rng, peaks, votes, classes = symbols(20000)
    votes = rng.uniform(0.01, 1, 20000).astype(np.float32)
    right = rng.random(20000) < np.minimum(1, 2 * votes**2)
    fitted = Calibration.fit(peaks, votes, classes, right, 1)
    asked = np.array([0.05, 0.3, 0.8, 0.95], np.float32)
    scores = fitted(np.full(4, 0.6, np.float32), asked, np.zeros(4, np.int64))
    assert scores == pytest.approx([0.005, 0.18, 0.99, 0.99], abs=0.05)


def test_calibration_frequent_class_gets_its_own_offset():
    rng, peaks, votes, classes = symbols(4000, classes=2)
    right = rng.random(4000) < np.where(classes == 0, 0.9, 0.3)
    often = Calibration.fit(peaks, votes, classes, right, 2)
    seldom = Calibration.fit(*(values[:8] for values in (peaks, votes, classes, right)), 2)
    same = np.full(2, 0.7, np.float32)
    assert often(same, same, np.arange(2)) == pytest.approx([0.9, 0.3], abs=0.05)
    assert abs(seldom.offsets[0] - seldom.offsets[1]) < abs(often.offsets[0] - often.offsets[1])


def test_calibration_unseen_class_has_no_offset():
    rng, peaks, votes, classes = symbols(500)
    fitted = Calibration.fit(peaks, votes, classes, rng.random(500) < peaks, 3)
    assert fitted.offsets[1] == fitted.offsets[2] == 0


def test_calibration_of_only_correct_symbols_stays_finite():
    ones, classes = np.full(50, 0.9, np.float32), np.zeros(50, np.int64)
    score = Calibration.fit(ones, ones, classes, np.ones(50, bool), 1)(ones, ones, classes)
    assert 0.9 < score[0] <= 1


def test_calibration_summits_and_votes_of_0_and_1_score_finite():
    ends = np.array([0, 1], np.float32)
    assert np.isfinite(Calibration()(ends, ends, np.zeros(2, np.int64))).all()
