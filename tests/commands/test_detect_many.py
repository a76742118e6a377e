"""`omr detect -o FOLDER/`: progress, exit status, report, and what it refuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from tests.builders.command import omr
from tests.builders.detector import FakeDetector, bare_staves


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("omr.registry.load", lambda weights, device: FakeDetector())
    Path("in").mkdir()
    for name in ("a", "b"):
        Image.fromarray(bare_staves()).save(f"in/{name}.png")


def report() -> dict[str, str]:
    lines = Path("out/report.jsonl").read_text().splitlines()
    return {(record := json.loads(line))["input"]: record["state"] for line in lines}


def test_every_input_is_a_piece_and_a_line_of_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    Path("in/c.png").write_text("broken")
    assert omr("detect", "in", "missing.png", "-o", "out/", "--jobs", "0") == 2
    assert {file.name for file in Path("out").glob("*.musicxml")} == {"a.musicxml", "b.musicxml"}
    assert report() == {"in/a.png": "done", "in/b.png": "done", "in/c.png": "failed", "missing.png": "failed"}
    out, err = capsys.readouterr()
    assert "4 of 4 pieces: 2 read, 2 failed" in out
    assert "omr: in/c.png: is not a PNG" in err and "omr: missing.png: no such file" in err


def test_formats_are_chosen() -> None:
    assert omr("detect", "in/a.png", "-o", "out/", "--to", "mxl,csv") == 0
    assert {file.name for file in Path("out").iterdir()} == {"a.mxl", "a.csv", ".omr", "report.jsonl"}


def test_resume_reads_nothing_twice(capsys: pytest.CaptureFixture[str]) -> None:
    omr("detect", "in", "-o", "out/", "--jobs", "0")
    written = {file: file.stat().st_mtime_ns for file in Path("out").glob("*.musicxml")}
    assert omr("detect", "in", "-o", "out/", "--jobs", "0") == 2
    assert "--resume goes on" in capsys.readouterr().err
    omr("detect", "in", "-o", "out/", "--jobs", "0", "--resume")
    assert "0 read, 2 read before" in capsys.readouterr().out
    assert written == {file: file.stat().st_mtime_ns for file in Path("out").glob("*.musicxml")}


def test_joined_inputs_are_one_piece() -> None:
    omr("detect", "in", "-o", "out/", "--join", "--to", "musicxml,json")
    assert {file.name for file in Path("out").iterdir()} == {
        "a.musicxml", "a.p0001.coco.json", "a.p0002.coco.json", ".omr", "report.jsonl",
    }  # fmt: skip


def test_an_interrupt_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupted(FakeDetector):
        def detect(self, *arguments):  # type: ignore[no-untyped-def]
            raise KeyboardInterrupt

    monkeypatch.setattr("omr.registry.load", lambda weights, device: Interrupted())
    assert omr("detect", "in", "-o", "out/", "--jobs", "0") == 130
    assert "omr detect in -o out/ --jobs 0 --resume" in capsys.readouterr().err
    assert report() == {}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("in",), "stands for several inputs"),
        (("in", "-o", "x.musicxml"), "stands for several inputs"),
        (("in/a.png", "in/b.png", "-o", "x.musicxml"), "give --join"),
        (("in/a.png", "--jobs", "2"), "--jobs: needs one folder"),
        (("in/a.png", "--resume"), "--resume: needs one folder"),
        (("in", "-o", "x.musicxml", "--to", "json"), "x.musicxml: is no folder"),
        (("in", "-o", "out/", "--to", "docx"), "docx: no such format"),
        (("in", "-o", "out/", "--to", ","), "names no format"),
        (("in", "-o", "out/", "--engine", "steam"), "steam: no such engine"),
        (("in", "-o", "out/", "--on-exists", "ask"), "ask: no such choice"),
        (("in", "-o", "in/a.png/out/"), "is not a folder"),
        (("in/*.gif", "-o", "out/"), "no file has a name like this"),
        (("in", "-o", "out/", "--pages", "0-2"), "are no page numbers"),
    ],
)
def test_mistakes_are_told_before_anything_is_read(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert omr("detect", *arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("omr: ") and said in error and error.count("\n") == 1
    assert not Path("out").exists()


@pytest.mark.slow
@pytest.mark.parametrize("begun", [True, False], ids=["while it reads", "while it starts"])
def test_processes_give_the_same_and_survive_the_death_of_one(begun: bool) -> None:
    command = [sys.executable, "-m", "omr", "detect", "in", "-o", "out/", "--jobs", "2", "--to", "json"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as job:
        worker = _one_child(job.pid, begun)
        os.kill(worker, signal.SIGKILL)
        assert job.stderr is not None
        said = job.stderr.read()
    assert job.returncode == 3, said
    assert report() == {"in/a.png": "done", "in/b.png": "done"}


def _one_child(parent: int, begun: bool) -> int:
    """Wait for a worker of a process, on request until a piece is begun."""
    for _ in range(600):
        listed = Path(f"/proc/{parent}/task/{parent}/children")
        if not listed.exists():
            pytest.skip("this system lists no children of a process")
        workers = [int(child) for child in listed.read_text().split() if _is_worker(child)]
        if workers and (not begun or list(Path("out/.omr").rglob("*.json"))):
            return workers[-1]
        time.sleep(0.1)
    pytest.fail("no worker has begun")


def _is_worker(process: str) -> bool:
    """Tell a worker from the process that keeps account of shared memory."""
    command = Path(f"/proc/{process}/cmdline")
    return command.exists() and b"spawn_main" in command.read_bytes()
