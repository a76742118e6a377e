"""`omr benchmark`: every row on tiny data, what is done is kept, what fails is told, all is written."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path

import pytest
import torch

pytest.importorskip("faster_coco_eval")
pytest.importorskip("verovio")

from omr.benchmark import measurement
from omr.benchmark.processes import WorkerError, run_in_processes
from omr.benchmark.report import write_report
from omr.benchmark.results import Figures, Result, Training
from omr.benchmark.runner import finished, run
from omr.benchmark.settings import Settings, write_json
from omr.benchmark.table_rows import ABLATIONS, ALL_ROWS, ROWS, choose
from omr.benchmark.tables import ratios, tables
from omr.benchmark.tiny_dataset import make_tiny_dataset
from omr.datasets import open_dataset
from omr.detectors import save
from omr.detectors.trunks import TRUNKS
from omr.errors import InputError
from omr.registry import DETECTORS, new_detector, read
from omr.vocabulary import CORE
from tests.builders.command import omr

FIGURES = Figures(
    map50=0.5,
    ap75=0.4,
    ap=0.3,
    groups={"thin": 0.1, "tiny": None, "small": 0.4, "medium": 0.5, "large": 0.6},
    seconds=0.5,
    memory=2**30,
    parameters=4_000_000,
    multiply_adds=1e10,
    pages=2,
    symbols=100,
    classes=7,
    candidates=120,
)
TRAINING = Training(steps=10, seconds=5.0, memory=None, rate=2e-3, curve=((5, 0.1), (10, 0.4)))


QUICK_ROWS = [
    *{row.detector: row.name for row in reversed(ROWS)}.values(),
    *("dwdnet-stamp", "dwdnet-components", "dwdnet-space16"),
]
"""Every detector and three ablations: each row is measured in a process of its own, which takes seconds."""


@pytest.mark.slow
def test_quick_runs_every_detector(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What CI asks of the benchmark: all of them learn, read whole images and come into the table."""
    chosen = ["benchmark", "--quick", "--rows", ",".join(QUICK_ROWS), "-o", str(tmp_path / "out")]
    assert omr(*chosen) == 0
    rows = json.loads((tmp_path / "out" / "benchmark.json").read_text())["rows"]
    assert sorted(row["row"] for row in rows) == sorted(QUICK_ROWS)
    assert all(row["training"]["steps"] == 2 for row in rows)
    assert all(row["figures"]["multiply_adds"] > 1e8 for row in rows)
    assert all(row["figures"]["parameters"] > 1e4 for row in rows)
    assert all(len(row["training"]["curve"]) == 1 and row["training"]["seconds"] > 0 for row in rows)
    assert len({row["figures"]["symbols"] for row in rows}) == 1  # the same page for all
    out = capsys.readouterr().out
    assert "times as long" in out and "Ablations: dwdnet with one part changed" in out
    for name in ("benchmark.md", "index.html", "accuracy-time.png", "ap-by-size.png", "learning-curves.png"):
        assert (tmp_path / "out" / name).stat().st_size > 500

    # again, all is there; another plan is refused
    assert omr(*chosen) == 0
    assert capsys.readouterr().out.count("done in an earlier run") == len(QUICK_ROWS)
    assert omr(*chosen, "--seed", "1") == 2
    assert "results with another seed" in capsys.readouterr().err


# --- rows -------------------------------------------------------------------------------------------


def test_there_is_a_row_for_every_detector_and_every_trunk() -> None:
    assert {row.detector for row in ROWS} == set(DETECTORS)
    assert {row.options["trunk"] for row in ROWS if row.detector == "dwdnet"} == set(TRUNKS)
    assert len({row.name for row in ALL_ROWS}) == len(ALL_ROWS)


def test_an_ablation_changes_one_part_of_dwdnet() -> None:
    for row in ABLATIONS:
        assert (row.detector, row.rate, len(row.options)) == ("dwdnet", ROWS[0].rate, 1)
    parts = {part: value for row in ABLATIONS for part, value in row.options.items()}
    assert set(parts) == {
        *("peaks", "heights", "cut", "shortcut", "sizes", "box_ramp", "cut_symbols", "space")
    }


def test_ablations_run_when_asked_for_and_with_the_row_whose_weights_they_use() -> None:
    names = [row.name for row in ABLATIONS]
    assert choose(None) == ROWS
    assert [row.name for row in choose(None, ablations=True)] == ["dwdnet", *names]
    assert [row.name for row in choose(["unet"], ablations=True)] == ["dwdnet", "unet", *names]
    assert [row.name for row in choose(["dwdnet-stamp"])] == ["dwdnet-stamp"]
    assert [row.name for row in choose(["dwdnet-components"])] == ["dwdnet", "dwdnet-components"]


def test_rows_keep_the_tables_order_and_an_unknown_one_names_those_there_are() -> None:
    assert [row.name for row in choose(["unet", "dwdnet"])] == ["dwdnet", "unet"]
    with pytest.raises(InputError, match="oak: no such row; choose from dwdnet, "):
        choose(["oak"])


# --- what becomes of a row, with the work itself replaced ---------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_dataset(None, tmp_path_factory.mktemp("small"))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The work done for each row, none of it apart; that on ssd fails."""
    done: list[tuple[str, str]] = []

    def fake(
        log: Path, work: object, settings: Settings, row: object, *rest: object, processes: int = 1
    ) -> object:
        name = work.__name__  # type: ignore[attr-defined]
        done.append((row.name, name))  # type: ignore[attr-defined]
        if row.name == "ssd":  # type: ignore[attr-defined]
            raise WorkerError("RuntimeError: no memory")
        if name == "measure_pace":
            return 0.25
        if name == "train":
            steps, folder = rest
            content = vars(replace(TRAINING, steps=steps))  # type: ignore[arg-type]
            (folder / f"{row.name}.training.json").write_text(json.dumps(content))  # type: ignore
            return None
        return FIGURES

    monkeypatch.setattr("omr.benchmark.runner.run_in_processes", fake)
    return done


@pytest.mark.slow
def test_a_row_that_fails_is_recorded_and_the_others_go_on(
    small: Path, calls: list[tuple[str, str]], tmp_path: Path
) -> None:
    settings = Settings(str(small), steps=3)
    results = run(settings, choose(["dwdnet", "ssd", "unet"]), tmp_path)
    assert [result.failure for result in results] == ["", "RuntimeError: no memory", ""]
    assert Result.read(tmp_path / "ssd.json") == results[1]
    assert Result.read(tmp_path / "unet.json") == results[2]
    calls.clear()
    run(settings, choose(["dwdnet", "ssd", "unet"]), tmp_path)
    assert calls == [("ssd", "train")]  # what failed is tried again, what is done is not
    text = "".join(file.read_text() for file in write_report(results, settings, tmp_path)[:1])
    assert "- ssd failed: RuntimeError: no memory" in text and "| ssd | – |" in text


@pytest.mark.slow
def test_another_cut_waits_for_the_weights_that_it_uses_and_learns_none(
    small: Path, calls: list[tuple[str, str]], tmp_path: Path
) -> None:
    settings = Settings(str(small), steps=3)
    (alone,) = run(settings, [row for row in ABLATIONS if row.weights], tmp_path)
    assert alone.failure == "uses the weights of dwdnet, which was not trained" and not calls
    rows = choose(["dwdnet-components"])
    net = new_detector("dwdnet", CORE, encoder="tiny", channels=16, widths=(16, 16, 16, 16))
    save(net, tmp_path / "dwdnet.safetensors")
    write_json(tmp_path / "dwdnet.training.json", vars(TRAINING))
    measurement.copy_weights(settings, rows[1], tmp_path)
    taken = read(tmp_path / "dwdnet-components.safetensors")
    ours, theirs = taken.state_dict(), read(tmp_path / "dwdnet.safetensors").state_dict()
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)
    assert taken.thresholds["decoding"]["depth"] == 1
    results = run(settings, rows, tmp_path)
    assert calls == [("dwdnet", "measure"), ("dwdnet-components", "measure")]
    assert results == finished(tmp_path) and results[0].training == results[1].training


@pytest.mark.slow
def test_the_report_has_what_was_done_in_the_folder_before(
    small: Path, calls: list[tuple[str, str]], tmp_path: Path
) -> None:
    settings = Settings(str(small), steps=3)
    run(settings, choose(["unet"]), tmp_path)
    run(settings, choose(["dwdnet", "dwdnet-stamp"]), tmp_path)
    assert [result.row for result in finished(tmp_path)] == ["dwdnet", "unet", "dwdnet-stamp"]


@pytest.mark.slow
def test_a_row_killed_between_training_and_reading_is_not_trained_again(
    small: Path, calls: list[tuple[str, str]], tmp_path: Path
) -> None:
    settings = Settings(str(small), steps=3)
    run(settings, choose(["unet"]), tmp_path)
    (tmp_path / "unet.json").unlink()
    calls.clear()
    run(settings, choose(["unet"]), tmp_path)
    assert calls == [("unet", "measure")]


@pytest.mark.slow
def test_minutes_become_steps_by_the_rows_own_pace_which_is_measured_once(
    small: Path, calls: list[tuple[str, str]], tmp_path: Path
) -> None:
    settings = Settings(str(small), steps=None, minutes=2)
    (result,) = run(settings, choose(["unet"]), tmp_path)
    assert result.training is not None and result.training.steps == 2 * 60 / 0.25
    (tmp_path / "unet.json").unlink()
    (tmp_path / "unet.training.json").unlink()
    run(settings, choose(["unet"]), tmp_path)
    assert [name for _, name in calls].count("measure_pace") == 1


@pytest.mark.slow
def test_results_of_another_setup_are_refused(
    small: Path, calls: list[tuple[str, str]], tmp_path: Path
) -> None:
    run(Settings(str(small), steps=3), choose(["unet"]), tmp_path)
    with pytest.raises(InputError, match="another steps, batch; use the same options"):
        run(Settings(str(small), steps=4, batch=1), choose(["unet"]), tmp_path)


@pytest.mark.slow
def test_pages_to_measure_on_are_asked_for_before_anything_is_trained(small: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    (alone / "images").mkdir(parents=True)
    (alone / "deepscores_train.json").write_bytes((small / "deepscores_train.json").read_bytes())
    with pytest.raises(InputError, match="has no split test; give pages to measure on with --test"):
        run(Settings(str(alone)), ROWS, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert len(Settings(str(alone), test=str(small)).testing()) == 1
    assert Settings(str(alone)).validation() is None


# --- the plan of a row --------------------------------------------------------------------------------


def test_rows_differ_in_their_learning_rate_alone() -> None:
    settings = Settings("anywhere", batch=3)
    plans = [settings.plan(row, 300) for row in ROWS]
    assert len({replace(plan, rate=0) for plan in plans}) == 1
    assert plans[0].warmup == 30 and plans[0].validate_every == 60
    assert settings.plan(ROWS[0], 7).validate_every == 2


@pytest.mark.slow
def test_the_pace_of_a_step_is_measured(small: Path) -> None:
    settings = Settings(str(small), batch=1, size=96, workers=0)
    start = time.perf_counter()
    pace = measurement.measure_pace(settings, choose(["fcn32s"])[0])
    assert 0 < 8 * pace < time.perf_counter() - start


# --- processes ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_work_is_done_in_another_process_and_its_output_logged(tmp_path: Path) -> None:
    assert run_in_processes(tmp_path / "log", os.getppid) != os.getppid()
    run_in_processes(tmp_path / "log", print, "said")
    assert (tmp_path / "log").read_text() == "said\n"


@pytest.mark.slow
def test_what_goes_wrong_there_is_one_line_here(tmp_path: Path) -> None:
    with pytest.raises(WorkerError, match=r"^ValueError: invalid literal for int\(\) with base 10: 'x'$"):
        run_in_processes(tmp_path / "log", int, "x")
    assert "Traceback" in (tmp_path / "log").read_text()
    with pytest.raises(WorkerError, match="was killed"):
        run_in_processes(tmp_path / "log", os._exit, 9)
    assert not active_children()


# --- tiny data, tables --------------------------------------------------------------------------------


@pytest.mark.slow
def test_tiny_data_has_crops_with_symbols_in_every_split(small: Path, tmp_path: Path) -> None:
    for split, count in (("train", 2), ("val", 1), ("test", 1)):
        data = open_dataset(small, split)
        assert len(data) == count
        for i in range(count):
            assert data.core(i).symbols and data.image(i).shape == (data[i].height, data[i].width)
    again = make_tiny_dataset(small, tmp_path)  # of a dataset that is given
    assert len(open_dataset(again, "train")) == 2


def test_ratios_are_of_seconds_a_page() -> None:
    rival = replace(FIGURES, seconds=5.0, map50=0.25)
    results = [Result("dwdnet", TRAINING, FIGURES), Result("unet", TRAINING, rival), Result("faster_rcnn")]
    assert ratios(results) == [
        "dwdnet takes 0.50 s a page and unet 5.00 s, 10.00 times as long; mAP50 50.0 and 25.0."
    ]
    assert ratios(results[1:]) == []
    accuracy, cost = tables(results, Settings("anywhere"))
    assert accuracy.rows[0] == ("dwdnet", "50.0", "40.0", "30.0", "10.0", "–")
    assert cost.rows[0] == ("dwdnet", "0.50", "1024", "4.00", "10.0", "10", "5")
    assert set(accuracy.rows[2][1:]) == {"–"}


def test_ablations_are_compared_with_dwdnet_in_a_table_of_their_own() -> None:
    better = replace(FIGURES, map50=0.625)
    ours, stamp = Result("dwdnet", TRAINING, FIGURES), Result("dwdnet-stamp", TRAINING, better)
    trunk = Result("dwdnet-unet", TRAINING, replace(FIGURES, map50=0.25))
    *_, ablations = tables([ours, Result("unet", TRAINING, better), trunk, stamp], Settings("anywhere"))
    assert [row[:3] for row in ablations.rows] == [
        ("dwdnet", "50.0", "–"),
        ("dwdnet-stamp", "62.5", "+12.5"),
        ("dwdnet-unet", "25.0", "-25.0"),
    ]
    assert all(len(row) == len(ablations.columns) for row in ablations.rows)
    (alone,) = tables([stamp], Settings("anywhere"))
    assert alone.rows[0][:3] == ("dwdnet-stamp", "62.5", "–")
    accuracy, _, _ = tables([ours, stamp], Settings("anywhere"))
    assert [row[0] for row in accuracy.rows] == ["dwdnet"]


@pytest.mark.parametrize(("space", "side"), [("8", 224), ("16", 416)])
def test_crops_show_as_much_music_at_every_staff_space(space: str, side: int) -> None:
    settings = Settings("anywhere", size=320)
    assert settings.plan(ROWS[0], 8).size == 320
    assert settings.plan(replace(ROWS[0], options={"space": space}), 8).size == side


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "no dataset; give one, or --quick"),
        (("x", "--steps", "3", "--minutes", "1"), "--steps and --minutes exclude each other"),
        (("--quick", "--rows", "oak"), "--rows oak: no such row"),
        (("nowhere",), "nowhere"),
    ],
)
def test_mistakes_are_one_line(
    arguments: tuple[str, ...], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert omr("benchmark", *arguments, "-o", str(tmp_path / "out")) == 2
    error = capsys.readouterr().err
    assert error.startswith("omr: ") and message in error and error.count("\n") == 1
    assert not (tmp_path / "out").exists()
