"""The documentation's figures show the program of now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

import omr
from docs import journey, pictures


def test_journey_is_drawn_from_its_boxes_and_arrows() -> None:
    assert journey.FILE.read_text(encoding="utf-8") == journey.figure()


def test_journey_names_folders_that_exist() -> None:
    for arrow in journey.ARROWS:
        for path in arrow.module.split(", "):
            folder = path if path.startswith("omr/") else f"omr/notation/{path}"
            assert (pictures.ROOT / folder).exists(), arrow


@pytest.mark.slow
def test_pictures_show_what_the_shipped_weights_see() -> None:
    page = omr.detect(pictures.EXAMPLE)
    for name, picture in {"overlay": pictures.overlay(page), **pictures.method(page)}.items():
        assert pictures.looks_like(picture, Image.open(pictures.IMAGES / f"{name}.png")), name


@pytest.mark.slow
@pytest.mark.parametrize("name", ["README.md", "docs/tutorial.md", "docs/howto/thresholds.md"])
def test_python_in_prose_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(pictures.ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(
        r"^```python\n(.*?)^```$", (pictures.ROOT / name).read_text(encoding="utf-8"), re.M | re.S
    )
    scope: dict[str, object] = {}
    for block in blocks:
        if "model.train" not in block:  # needs a dataset and hours
            exec(compile(block, name, "exec"), scope)
    assert (tmp_path / "minuet.musicxml").exists()
