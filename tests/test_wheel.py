"""The wheel, installed into an empty environment, reads a page without PyTorch."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAX_INSTALL = 700e6
"""Bytes of the largest base install: the environment with all packages, without compiled Python files."""

REACHED_WITHIN = 15
"""Seconds within which the package registry must answer."""

PROGRAM = """
import importlib.util, omr, sys
score = omr.read('examples/minuet.png')
assert score.parts
assert 'torch' not in sys.modules and importlib.util.find_spec('torch') is None
"""


def pip(*arguments: str, python: str = sys.executable, seconds: float | None = None) -> bool:
    """Run pip; tell whether it succeeded in time."""
    command = [python, "-m", "pip", "--disable-pip-version-check", *arguments]
    try:
        return subprocess.run(command, capture_output=True, timeout=seconds, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


@pytest.mark.slow
def test_wheel_in_an_empty_environment_reads_a_page_without_pytorch(tmp_path: Path) -> None:
    if not pip("download", "--no-deps", "--dest", str(tmp_path), "lazy-loader", seconds=REACHED_WITHIN):
        pytest.skip("no package registry can be reached to install the wheel's dependencies from")
    assert pip("wheel", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT))
    (wheel,) = tmp_path.glob("omr_music-*.whl")
    home = tmp_path / "environment"
    venv.create(home, with_pip=True)
    python = str(home / ("Scripts" if os.name == "nt" else "bin") / "python")
    assert pip("install", "--no-compile", str(wheel), python=python)
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    subprocess.run([python, "-P", "-B", "-c", PROGRAM], cwd=ROOT, env=clean, check=True)
    assert sum(file.stat().st_size for file in home.rglob("*") if file.is_file()) < MAX_INSTALL
