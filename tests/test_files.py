"""Files are written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from omr.errors import InputError
from omr.files import replacing


def test_replacing_writes_the_file_and_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "new" / "figures.json"
    with replacing(file) as part:
        part.write_text("{}")
        assert not file.exists() and part.suffix == ".json"
    assert file.read_text() == "{}"
    assert list(file.parent.iterdir()) == [file]


def test_replacing_keeps_the_old_file_when_the_block_raises(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    file.write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(file) as part:
        part.write_text("new")
        raise ZeroDivisionError
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_replacing_a_file_below_a_file_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(InputError, match=r"can't be written \(.*\); give another place"),
        replacing(tmp_path / "file" / "figures.json"),
    ):
        pass
