"""The account: its stages, the rates that it chooses, and intervals that say what is chance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("faster_coco_eval")

from omr.benchmark import account
from omr.benchmark.origin import keep_origin
from omr.benchmark.outcomes import Outcomes, paired_bootstrap
from omr.benchmark.results import Figures, Result
from omr.benchmark.settings import Settings, read_json, write_json
from omr.benchmark.table_rows import ROWS, choose
from omr.errors import InputError
from omr.evaluation.detection import evaluate
from omr.page import Box, Page, Symbol
from tests.benchmark.test_benchmark import FIGURES
from tests.builders.datasets import drawn_dataset

BASE = Settings("anywhere", validate="val", batch=2, size=320)


def pages(right: float, seed: int = 0) -> tuple[list[Page], list[Page]]:
    """Twelve pages with stems and beams, of which a share is found, with false ones among them."""
    rng = np.random.default_rng(seed)
    truth, found = [], []
    for number in range(12):
        boxes = [Box(20.0 * k, 10, 20.0 * k + 9, 40) for k in range(6)]
        symbols = [Symbol(name, box) for box, name in zip(boxes, ["stem", "beam"] * 3, strict=True)]
        truth.append(Page(200, 100, tuple(symbols), source=str(number)))
        seen = [replace(s, score=float(rng.uniform())) for s in symbols if rng.uniform() < right]
        wrong = [Symbol("stem", Box(5.0, 60, 9, 90), float(rng.uniform()))]
        found.append(Page(200, 100, (*seen, *wrong), source=str(number)))
    return truth, found


def outcomes(right: float, seed: int = 0) -> Outcomes:
    truth, found = pages(right, seed)
    return Outcomes.of([str(i // 2) for i in range(12)], truth, found)


def test_outcomes_give_the_average_precisions_of_the_evaluation(tmp_path: Path) -> None:
    truth, found = pages(0.6)
    report = {of.name: of.ap50 for of in evaluate(truth, found).classes}
    outcomes(0.6).write(tmp_path / "x.npz")
    read = Outcomes.read(tmp_path / "x.npz")
    ours = dict(zip(read.names.tolist(), read.average_precisions(np.ones(12, np.int64)), strict=True))
    assert ours == pytest.approx(report, abs=1e-6)


def test_paired_bootstrap_is_sure_of_a_large_difference_and_of_none_without_one() -> None:
    ahead = paired_bootstrap([outcomes(0.9)], [outcomes(0.4, 1)])
    assert ahead.is_sure and 0 < ahead.low < ahead.mean < ahead.high
    same = paired_bootstrap([outcomes(0.6)], [outcomes(0.6)])
    assert not same.is_sure and same.mean == same.low == same.high == 0


def test_paired_bootstrap_refuses_other_pages() -> None:
    fewer = outcomes(0.6)
    fewer = replace(fewer, truth=fewer.truth[:-1])
    with pytest.raises(InputError, match="different pages"):
        paired_bootstrap([outcomes(0.6)], [fewer])


def test_rates_are_searched_on_validation_pages_alone() -> None:
    stages = account.rate_stages(BASE, choose(["dwdnet", "ssd"]))
    assert [stage.rows[1].rate / choose(["ssd"])[0].rate for stage in stages] == list(account.RATE_FACTORS)
    assert {stage.settings.test for stage in stages} == {"val"}
    assert {stage.settings.steps for stage in stages} == {account.RATE_STEPS}


def test_budgets_have_every_main_row_and_seeds_and_the_others_early() -> None:
    stages = {stage.name: stage for stage in account.budget_stages(BASE, ROWS, 0.3)}
    assert [row.name for row in stages["steps-4000/seed-0"].rows if row.name not in account.MAIN] == []
    assert len(stages["steps-4000/seed-0"].rows) == len(account.MAIN)
    assert {row.name for row in stages["steps-4000/seed-2"].rows} == set(account.SEEDED)
    assert stages["steps-4000/seed-2"].settings.seed == 2
    assert stages["equal-time/seed-0"].settings.minutes == pytest.approx(20)
    early = {row.name for row in stages["steps-1000/seed-0"].rows}
    assert {"sppnet", "fcis", "rcnn", "dwdnet-gcn", "dwdnet"} <= early
    assert stages["steps-16000/seed-0"].hours({"dwdnet": 0.3, "ssd": 0.2}) == pytest.approx(16000 / 7200)


def test_chosen_rates_are_those_with_the_best_figures(tmp_path: Path) -> None:
    for factor, map50 in zip(account.RATE_FACTORS, (0.3, 0.2, 0.6), strict=True):
        folder = tmp_path / f"rates/{factor:g}"
        folder.mkdir(parents=True)
        Result("ssd", None, replace(FIGURES, map50=map50)).write(folder / "ssd.json")
    rows = choose(["ssd", "dwdnet"])
    dwdnet, ssd = account.chosen_rates(tmp_path, rows)
    assert (dwdnet.rate, ssd.rate) == (rows[0].rate, 2 * rows[1].rate)


def test_result_table_has_means_ranges_and_intervals(tmp_path: Path) -> None:
    for seed in range(2):
        folder = tmp_path / f"steps-4000/seed-{seed}"
        folder.mkdir(parents=True)
        for row, right in (("dwdnet", 0.9), ("ssd", 0.4)):
            figures: Figures = replace(FIGURES, frequent_map50=right + 0.02 * seed)
            Result(row, None, figures).write(folder / f"{row}.json")
            outcomes(right, seed).write(folder / f"{row}.outcomes.npz")
    ours, theirs = account.result_table(tmp_path, "steps-4000").rows
    assert ours[:3] == ("dwdnet", "2", "91.0 (90.0 to 92.0)") and ours[-1] == "–"
    assert theirs[0] == "ssd" and theirs[-1].startswith("+")


def test_origin_refuses_other_pages_and_lists_commits(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    settings = Settings(str(drawn_dataset(data)), test="train", validate="train")
    keep_origin(settings, tmp_path)
    keep_origin(settings, tmp_path)
    stored = read_json(tmp_path / "origin.json")
    assert len(stored["commits"]) == 1 and len(stored["pages"]["test"]) == 16
    write_json(tmp_path / "origin.json", stored | {"pages": stored["pages"] | {"test": "other"}})
    with pytest.raises(InputError, match="results on other test pages"):
        keep_origin(settings, tmp_path)
