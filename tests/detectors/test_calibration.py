import numpy as np

from omr.detectors.calibration import Calibration, logit


def test_fitted_scores_are_the_frequency_of_being_right():
    rng = np.random.default_rng(0)
    peaks, votes = rng.uniform(0.2, 1, (2, 20000)).astype(np.float32)
    chance = 1 / (1 + np.exp(-(0.7 * logit(peaks) + 1.5 * logit(votes) - 0.4)))
    right = rng.random(20000) < chance
    scores = Calibration.fit(peaks, votes, right)(peaks, votes)
    for low in np.arange(0.1, 0.9, 0.1):
        inside = (scores >= low) & (scores < low + 0.1)
        assert abs(right[inside].mean() - scores[inside].mean()) < 0.05


def test_all_right_does_not_run_away():
    ones = np.full(50, 0.9, np.float32)
    score = Calibration.fit(ones, ones, np.ones(50, bool))(ones, ones)
    assert 0.9 < score[0] <= 1


def test_scores_stay_finite_at_the_ends():
    ends = np.array([0, 1], np.float32)
    assert np.isfinite(Calibration()(ends, ends)).all()


def test_a_weight_counts_like_that_many_symbols():
    rng = np.random.default_rng(1)
    peaks, votes = rng.uniform(0.2, 1, (2, 300)).astype(np.float32)
    right = rng.random(300) < peaks * votes
    often = rng.integers(1, 5, 300)
    weighted = Calibration.fit(peaks, votes, right, often.astype(float))
    repeated = Calibration.fit(*(np.repeat(values, often) for values in (peaks, votes, right)))
    np.testing.assert_allclose(weighted(peaks, votes), repeated(peaks, votes), atol=1e-5)
