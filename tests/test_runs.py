"""Run lengths of binary arrays."""

import numpy as np
import pytest

from omr.runs import horizontal_run_lengths, runs


@pytest.mark.parametrize(
    ("mask", "starts", "ends"),
    [([], [], []), ([0, 0], [], []), ([1, 1], [0], [2]), ([0, 1, 1, 0, 1], [1, 4], [3, 5])],
)
def test_runs_of_any_mask(mask, starts, ends):
    found = runs(np.array(mask, bool))
    assert [part.tolist() for part in found] == [starts, ends]


def test_horizontal_run_lengths_do_not_cross_rows():
    mask = np.array([[0, 1, 1], [1, 1, 0], [1, 0, 1]], bool)
    assert horizontal_run_lengths(mask).tolist() == [[0, 2, 2], [2, 2, 0], [1, 0, 1]]
