"""Whatever a user gives: a right result or one clear line and status 2, and no file of the user's is changed.

The table is in `tests.builders.bad_inputs`; here are its three commands and mistakes in arguments.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from omr import registry
from tests.builders import bad_inputs
from tests.builders.command import omr
from tests.builders.detector import FakeDetector, bare_staves

PICTURES, DETECTIONS, WEIGHTS = bad_inputs.pictures(), bad_inputs.detections(), bad_inputs.weights()

RIGHT = {
    "white.png", "black.png", "noise.png", "blank.pdf", "turned_inside_out.pdf", "byte_order_mark.json",
    "no_size.pdf", "endless.pdf", "miscounted.pdf", "own_parent.pdf",
    "no staves.json", "no annotations.json", "cut_at_90.bmp", "cut_at_90.webp",
}  # fmt: skip
"""Cases that may be read: they look bad and are not, or are read as far as they go, page by page."""

ARGUMENTS = [
    ("score.png", "-o", "score.png"),
    ("score.png", "-o", "./score.png"),
    ("score.png", "-o", "link.png"),
    ("score.png", "-o", "mine.png"),
    ("score.png", "-o", "mine.json"),
    ("score.png", "-o", "mine.musicxml"),
    ("score.png", "-o", ""),
    ("score.png", "-o", "x"),
    ("score.png", "-o", "x.docx"),
    ("score.png", "-o", "score.png/x.json"),
    ("score.png", "-o", "/proc/x.json"),
    ("score.png", "-o", "x.json", "--pages", "2"),
    ("score.png[2]", "-o", "x.json"),
    ("score.png[0]", "-o", "x.json"),
    ("score.png[3-1]", "-o", "x.json"),
    ("score.png[1-99999999]", "-o", "x.json"),
    ("score.png", "-o", "x.json", "--pages", "one"),
    ("score.png", "-o", "x.json", "--classes", "nonsense"),
    ("score.png", "-o", "x.json", "--staff-space", "0"),
    ("score.png", "-o", "x.json", "--staff-space", "nan"),
    ("score.png", "-o", "x.json", "--staff-space", "1e9"),
    ("score.png", "-o", "x.json", "--staff-space", "400"),
    ("score.png", "-o", "x.json", "--on-exists", "maybe"),
    ("", "-o", "x.json"),
    ("a\nb.png", "-o", "x.json"),
    ("x" * 5000, "-o", "x.json"),
    (".", "-o", "x.json"),
    ("/dev/null", "-o", "x.json"),
    ("~nobody/score.png", "-o", "x.json"),
    ("http.png?x=[", "-o", "x.json"),
]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("omr.registry.load", lambda weights, device: FakeDetector())
    Image.fromarray(bare_staves()).save("score.png")
    Path("link.png").symlink_to("score.png")
    Image.new("L", (50, 50)).save("mine.png")
    Path("mine.json").write_text('{"mine": 1}')
    Path("mine.musicxml").write_text("<score-partwise/>")


def contents() -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in Path().rglob("*") if file.is_file()}


def check(status: int, before: dict[str, bytes], said: str, *, may_be_read: bool) -> None:
    after = contents()
    assert {name: after.get(name) for name in before} == before, "a file of the user's was changed"
    assert "Traceback" not in said
    assert not [name for name in after if ".part" in name], "a temporary file is left"
    if may_be_read:
        assert status in (0, 2, 3)
    else:
        assert status == 2
        assert said.startswith("omr: ") and said.count("\n") == 1, said
        assert not after.keys() - before.keys(), "something was written"


@pytest.mark.parametrize("name", PICTURES)
def test_detect_meets_any_file(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(name).write_bytes(PICTURES[name])
    before = contents()
    status = omr("detect", name, "-o", "out.json", "-o", "out.png")
    if name == "second_page_small.tif":  # the first page is a result
        assert status == 2 and Path("out.json").exists()
        return
    check(status, before, capsys.readouterr().err, may_be_read=name in RIGHT)


@pytest.mark.parametrize("name", DETECTIONS)
def test_export_meets_any_file(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(name).write_bytes(DETECTIONS[name])
    before = contents()
    status = omr("export", name, "-o", "out.musicxml", "-o", "out.json", "-o", "out.xml", "-o", "out.png")
    check(status, before, capsys.readouterr().err, may_be_read=name in RIGHT)


@pytest.mark.slow  # brings PyTorch
@pytest.mark.parametrize("name", WEIGHTS)
def test_weights_may_be_any_file(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(name).write_bytes(WEIGHTS[name])
    with pytest.raises(ValueError, match=name.replace(".", r"\.")):
        registry.read(name)


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_mistakes_in_arguments_are_one_line(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents()
    check(omr("detect", *arguments), before, capsys.readouterr().err, may_be_read=False)


def test_there_are_enough_cases() -> None:
    assert len(PICTURES) + len(DETECTIONS) + len(WEIGHTS) + len(ARGUMENTS) >= 120
