"""`benchmarks/scans.py`: what it stores, and a real page read as it is printed."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

from omr.evaluation.music.comparison import Sounding
from omr.evaluation.music.files import MusicFile
from omr.score import Pitch


@pytest.fixture(scope="module")
def scans() -> ModuleType:
    """The script as a module."""
    path = Path(__file__).parents[1] / "benchmarks" / "scans.py"
    spec = importlib.util.spec_from_file_location("benchmark_scans", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_truth_from_json_is_what_was_written(scans: ModuleType) -> None:
    chord = Counter({Sounding(2, Fraction(1, 3), Fraction(2, 3), Pitch("B", 3, -1)): 2})
    signs = {(1, "key"): -3, (2, "clef"): ("F", 4, 0), (1, "time"): "6/8"}
    truth = scans.Truth(MusicFile([chord, Counter()], [signs, {}]), (2,))
    content = scans.truth_to_json(truth)
    assert scans.truth_from_json(scans.json.loads(scans.json.dumps(content))) == truth


@pytest.mark.slow
@pytest.mark.data
def test_measure_of_a_real_page_is_the_same_from_stored_detections(scans: ModuleType, tmp_path: Path) -> None:
    file = Path(os.environ["OMR_DATA"]) / "real-scores" / "mozart" / "sonata11-1a.pdf"
    if not file.is_file():
        pytest.skip(f"{file} is not there")
    detections = scans.Detections("printed", tmp_path)
    fresh, again = (scans.measure(file, detections, "scan", tmp_path) for _ in range(2))
    assert fresh.detection_seconds and again.detection_seconds is None
    assert fresh.figures == again.figures and fresh.differences == again.differences
    assert fresh.agreement.duration.f1 > 0.9 and fresh.staves == fresh.true_staves
