"""`omr export-model` writes a file that reads pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from omr.commands.export_model import export_model
from omr.detectors import save
from omr.errors import InputError
from omr.registry import new_detector
from omr.runtime import load_onnx


@pytest.mark.slow
def test_export_model_writes_a_net_that_can_be_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    save(new_detector("dwdnet", ("stem", "beam"), encoder="tiny"), tmp_path / "mine.safetensors")
    export_model("mine.safetensors")
    assert capsys.readouterr().out == "wrote mine.onnx\n"
    assert load_onnx(tmp_path / "mine.onnx").classes == ("stem", "beam")
    with pytest.raises(InputError, match="exists already"):
        export_model("mine.safetensors")
    export_model("mine.safetensors", out=Path("mine.onnx"))


def test_export_model_of_a_baseline_or_to_another_suffix_is_refused(tmp_path: Path) -> None:
    save(new_detector("unet", ("stem",)), tmp_path / "unet.safetensors")
    with pytest.raises(InputError, match="holds unet; only dwdnet"):
        export_model(str(tmp_path / "unet.safetensors"), out=tmp_path / "x.onnx")
    with pytest.raises(InputError, match="end the name so"):
        export_model("printed", out=tmp_path / "x.json")
    assert not list(tmp_path.glob("x.*"))
