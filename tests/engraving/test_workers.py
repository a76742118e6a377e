import os
import time

import pytest

from omr.engraving.workers import Died, Done, run


def work(job, report):
    report(f"at {job}")
    if job == "abort":
        os.abort()
    if job == "hang":
        time.sleep(60)
    if job == "raise":
        raise ValueError("a bad job")
    return job * 2


def test_results_come_back():
    ends = list(run(work, ["a", "b", "c"], workers=2))
    assert {(end.job, end.result) for end in ends} == {("a", "aa"), ("b", "bb"), ("c", "cc")}


def test_a_death_costs_one_job_only():
    ends = list(run(work, ["a", "abort", "b", "hang", "c"], workers=1, limit=2.0))
    assert {end.job: end.last for end in ends if isinstance(end, Died)} == {
        "abort": "at abort",
        "hang": "at hang",
    }
    assert [end.job for end in ends if isinstance(end, Done)] == ["a", "b", "c"]


def test_an_exception_is_passed_on():
    with pytest.raises(RuntimeError, match="a bad job"):
        list(run(work, ["raise"], workers=1))
