"""The examples in docstrings give what they say."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def examples(file: Path) -> list[str]:
    """The lines of examples that run; those that need weights or an image are skipped."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if ">>> " in line and "+SKIP" not in line]


FILES = [file for file in sorted((ROOT / "omr").rglob("*.py")) if examples(file)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_examples_of_a_module_give_what_they_say(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    parts = file.relative_to(ROOT).with_suffix("").parts
    module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
    results = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    assert results.attempted and not results.failed
