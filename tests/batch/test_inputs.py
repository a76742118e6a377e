"""Which pieces inputs stand for, and what their results are called."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from omr.batch.inputs import find_pieces, is_many
from omr.errors import InputError


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("in/b.png", "in/a.pdf", "in/deep/b.TIF", "in/.hidden/c.png", "in/b.overlay.png", "in/x.doc"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(b"")


def names(*inputs: str, **options: object) -> list[str]:
    return [piece.name for piece in find_pieces(inputs, **options)]  # type: ignore[arg-type]


def test_folder_stands_for_its_pages_and_those_below() -> None:
    assert names("in") == ["a", "b", "deep/b"]


def test_pattern_is_sorted_and_page_numbers_are_no_pattern() -> None:
    assert names("in/*.p*") == ["a", "b.overlay", "b"]
    assert names("in/a.pdf[2-3]") == ["a.pages2-3"]
    with pytest.raises(InputError, match="no file has a name like this"):
        names("in/*.gif")


def test_names_of_results_differ_whatever_the_case() -> None:
    for name in ("one/s.png", "one/S.jpg", "two/s.png"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(b"")
    assert names("one/s.png", "one/S.jpg", "two/s.png") == ["s.png", "S.jpg", "s.png~2"]


def test_each_file_is_read_once() -> None:
    assert names("in/b.png", "./in/b.png", str(Path("in/b.png").resolve())) == ["b"]


def test_list_of_files_and_standard_input() -> None:
    Path("list.txt").write_text("# scans\nin/b.png\n\nin/missing.png\n", encoding="utf-8")
    assert names("list.txt") == ["b", "missing"]
    assert names("-", listed=io.StringIO("in/a.pdf\n")) == ["a"]
    Path("list.txt").write_text("list.txt\n", encoding="utf-8")
    with pytest.raises(InputError, match="list in a list"):
        names("list.txt")


def test_joined_inputs_are_one_piece() -> None:
    [piece] = find_pieces(["in"], join=True)
    assert piece.name == "a" and len(piece.sources) == 3 and piece.title.endswith("and 2 more")


def test_nothing_is_refused() -> None:
    Path("empty").mkdir()
    for nothing in ("empty", "-"):
        with pytest.raises(InputError):
            names(nothing, listed=io.StringIO(""))


def test_is_many_tells_files_from_what_stands_for_several() -> None:
    assert all(map(is_many, ("in", "in/*.png", "-", "list.txt", "s3://bucket/a.png")))
    assert not any(map(is_many, ("in/b.png", "missing.png", "in/a.pdf[1]")))
