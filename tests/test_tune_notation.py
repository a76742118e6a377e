"""`benchmarks/tune_notation.py`: thresholds by their paths, and the value that reads the most notes."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("verovio")
pytest.importorskip("skia")

from omr.notation.limits import Limits

SCRIPTS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def tune() -> ModuleType:
    """The script as a module, beside `notation`, from which it imports."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        import tune_notation

        return tune_notation


def test_number_paths_name_every_number(tune: ModuleType) -> None:
    limits = Limits()
    paths = list(tune.number_paths(limits))
    assert "semantics.rhythm.skipped" in paths and len(set(paths)) == len(paths) > 100
    assert all(isinstance(tune.value_at(limits, path), int | float) for path in paths)


def test_with_value_changes_one_number(tune: ModuleType) -> None:
    changed = tune.with_value(Limits(), "semantics.rhythm.skipped", 7.5)
    assert tune.value_at(changed, "semantics.rhythm.skipped") == 7.5
    again = tune.with_value(changed, "semantics.rhythm.skipped", Limits().semantics.rhythm.skipped)
    assert asdict(again) == asdict(Limits())


@pytest.mark.parametrize(("value", "factor", "scaled"), [(0.5, 0.5, 0.25), (3, 1.25, 4), (10, 0.8, 8)])
def test_scaled_keeps_integers(tune: ModuleType, value: float, factor: float, scaled: float) -> None:
    assert tune.scaled(value, factor) == scaled and type(tune.scaled(value, factor)) is type(value)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPTS / "tune_notation.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_an_absurd_value_reads_fewer_notes_than_the_default() -> None:
    done = run("linking.beams.reach", "--values", "0", "--split", "random", "--pages", "1")
    assert done.returncode == 0, done.stderr
    absurd, default = re.findall(r"^\| [\d.]+ \| ([\d.]+) \|", done.stdout, re.M)
    assert float(default) > float(absurd) and "default, best" in done.stdout


@pytest.mark.slow
def test_an_unknown_threshold_is_refused() -> None:
    done = run("rhythm.oak")
    assert done.returncode == 2 and "names no threshold" in done.stderr
