"""Threshold selection (the selection itself is tested with the trainer)."""

import pytest

from omr.training.thresholds import spread


@pytest.mark.parametrize(("total", "count"), [(1, 5), (10, 3), (24, 6), (3, 3)])
def test_spread_gives_distinct_pages_that_reach_both_ends(total, count):
    pages = spread(total, count)
    assert len(set(pages)) == len(pages) == min(total, count)
    assert (pages[0], pages[-1]) == (0, total - 1)
