"""The command line: what it writes, what it says, and one line with status 2 for every mistake."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.builders.command import omr
from tests.builders.detector import FakeDetector, bare_staves


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("omr.registry.load", lambda weights, device: FakeDetector())
    Image.fromarray(bare_staves()).save("score.png")


def files() -> set[str]:
    return {str(p) for p in Path().rglob("*") if p.is_file()} - {"score.png"}


def test_without_o_two_files_appear_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert omr("detect", "score.png") == 0
    assert files() == {"score.coco.json", "score.overlay.png"}
    out, err = capsys.readouterr()
    assert "score.coco.json" in out and "score.overlay.png" in out  # says where results went
    assert "noteheadBlack" in out and "0.80" in out
    assert err == ""


def test_several_outputs_of_several_inputs() -> None:
    Image.fromarray(bare_staves(20)).save("other.png")
    assert (
        omr("detect", "score.png", "other.png", "-o", "all.json", "-o", "t.csv", "-o", "each/", "-o", "x.png")
        == 0
    )
    assert files() - {"other.png"} == {
        "all.json",
        "t.csv",
        "x-1.png",
        "x-2.png",
        *(f"each/{stem}{end}" for stem in ("score", "other") for end in (".coco.json", ".overlay.png")),
    }
    content = json.loads(Path("all.json").read_text())
    assert [image["file_name"] for image in content["images"]] == ["score.png", "other.png"]


def test_options_reach_the_reader() -> None:
    assert omr("detect", "score.png", "-o", "x.json", "--min-score", "0.1", "--classes", "stem,clefG") == 0
    content = json.loads(Path("x.json").read_text())
    assert [a["score"] for a in content["annotations"]] == [0.9, 0.3]
    assert omr("detect", "score.png", "-o", "x.json", "--names", "deepscores") == 0
    content = json.loads(Path("x.json").read_text())
    names = {c["id"]: c["name"] for c in content["categories"]}
    assert "noteheadBlackInSpace" in {names[a["category_id"]] for a in content["annotations"]}


def test_names_and_selections_change_files_of_symbols_and_not_the_music() -> None:
    shown = {
        "plain": (),
        "named": ("--names", "deepscores"),
        "chosen": ("--min-score", "0.85", "--classes", "clefG"),
    }
    for name, options in shown.items():
        assert omr("detect", "score.png", "-o", f"{name}.json", "-o", f"{name}.musicxml", *options) == 0
        assert omr("export", f"{name}.json", "-o", f"{name}-again.musicxml") == 0
    music = {Path(f"{name}{end}.musicxml").read_bytes() for name in shown for end in ("", "-again")}
    assert len(music) == 1
    assert len({Path(f"{name}.json").read_bytes() for name in shown}) == 3


def test_export_names_the_symbols_in_a_vocabulary() -> None:
    assert omr("detect", "score.png", "-o", "x.json") == 0
    assert omr("export", "x.json", "-o", "x.csv", "--names", "deepscores") == 0
    assert "noteheadBlackInSpace" in Path("x.csv").read_text()


def test_a_broken_field_of_stored_detections_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert omr("detect", "score.png", "-o", "x.json") == 0
    content = json.loads(Path("x.json").read_text())
    content["images"][0]["omr"]["staves"][1]["ys"][4].pop()
    Path("x.json").write_text(json.dumps(content))
    capsys.readouterr()
    assert omr("export", "x.json", "-o", "x.musicxml") == 2
    error = capsys.readouterr().err
    assert error.startswith("omr: x.json: images[0].omr.staves[1].ys[4]: has ") and error.count("\n") == 1


def test_warnings_of_the_library_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert omr("models") == 0
    logging.getLogger("omr.anything").warning("%s: is\nodd", "x.png")
    assert capsys.readouterr().err == "omr: x.png: is odd\n"


def test_a_page_without_music_is_one_clear_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    Image.fromarray(np.full((400, 600), 255, np.uint8)).save("blank.png")
    assert omr("detect", "blank.png") == 3
    error = capsys.readouterr().err
    assert error.startswith("omr: blank.png, page 1: no staff found") and error.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("detect", "missing.png"),
        ("detect", "."),
        ("detect", "text.png"),
        ("detect", "score.png", "-o", "x.docx"),
        ("detect", "score.png", "-o", "score.png/x.json"),
        ("detect", "score.png", "--classes", "nonsense"),
        ("detect", "score.png", "--staff-space", "0"),
    ],
)
def test_mistakes_are_one_line_and_status_2(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("text.png").write_text("not a picture")
    assert omr(*arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("omr: ") and error.count("\n") == 1


def test_one_bad_file_does_not_stop_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert omr("detect", "missing.png", "score.png") == 2
    assert files() == {"score.coco.json", "score.overlay.png"}
    assert "missing.png: no such file" in capsys.readouterr().err


def test_what_the_system_refuses_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(weights: str, device: str) -> None:
        raise PermissionError(13, "Permission denied", "some.safetensors")

    monkeypatch.setattr("omr.registry.load", refuse)
    assert omr("detect", "score.png") == 2
    assert capsys.readouterr().err == "omr: some.safetensors: Permission denied\n"


def test_models_lists_detectors(capsys: pytest.CaptureFixture[str]) -> None:
    assert omr("models") == 0
    assert "dwdnet" in capsys.readouterr().out


@pytest.mark.parametrize("command", [("evaluate", "missing"), ("train", "missing", "-o", "x.safetensors")])
def test_missing_datasets_are_one_line(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("lightning_fabric")
    assert omr(*command) == 2
    error = capsys.readouterr().err
    assert error.startswith("omr: missing: no such file") and error.count("\n") == 1


def test_engraving_without_its_extra_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = __import__

    def without(name: str, *rest, **more):  # type: ignore[no-untyped-def]
        if name == "omr.engraving.dataset":
            raise ModuleNotFoundError("No module named 'verovio'", name="verovio")
        return real(name, *rest, **more)

    monkeypatch.setattr("builtins.__import__", without)
    assert omr("engrave", "out") == 2
    assert "pip install 'omr-music[engrave]'" in capsys.readouterr().err


def test_help_and_version_need_nothing_heavy() -> None:
    code = (
        "import sys; from omr.cli import app; app(['--help'], standalone_mode=False)\n"
        "heavy = {'torch', 'cv2', 'numpy', 'PIL', 'verovio'} & set(sys.modules); assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "detect" in done.stdout and "engrave" in done.stdout


def test_shell_completion_can_be_installed(capsys: pytest.CaptureFixture[str]) -> None:
    assert omr("--help") == 0
    assert "--install-completion" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert omr("--version") == 0
    assert capsys.readouterr().out.startswith("omr ")
