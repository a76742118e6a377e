import os
import time

import pytest

from omr.engraving.workers import Died, Done, Team


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
    with Team(work, 2) as team:
        ends = [*team.run(["a", "b"]), *team.run(["c"])]
    assert {(end.job, end.result) for end in ends} == {("a", "aa"), ("b", "bb"), ("c", "cc")}


@pytest.mark.slow
def test_a_death_costs_one_job_only():
    with Team(work, 1, limit=2.0) as team:
        ends = list(team.run(["a", "abort", "b", "hang", "c"]))
    assert {end.job: end.last for end in ends if isinstance(end, Died)} == {
        "abort": "at abort",
        "hang": "at hang",
    }
    assert [end.job for end in ends if isinstance(end, Done)] == ["a", "b", "c"]


def test_an_exception_is_passed_on():
    with Team(work, 1) as team, pytest.raises(RuntimeError, match="a bad job"):
        list(team.run(["raise"]))
