"""`omr models` lists everything there is to detect with."""

from __future__ import annotations

import pytest

from omr.commands.models import models
from omr.registry import DETECTORS
from omr.weights import shipped


def test_models_lists_detectors_and_weights_and_their_folder(capsys: pytest.CaptureFixture[str]) -> None:
    models()
    said = capsys.readouterr().out
    assert all(name in said for name in (*DETECTORS, *shipped()))
    folder = next(iter(shipped().values())).parent
    assert said.rstrip().endswith(f"cards (.md) are in {folder}")
