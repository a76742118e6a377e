"""Results in a folder and below a URL."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from omr.batch.store import Folder, Remote, Store, open_store
from omr.errors import InputError
from omr.files import sweep


def test_folder_keeps_files_whole(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "out"))
    assert isinstance(store, Folder)
    check_store(store)
    with pytest.raises(InputError, match="leads out"):
        store.write("../x", b"")


def test_url_keeps_files_whole() -> None:
    pytest.importorskip("fsspec")
    store = open_store("memory://omr-test/out")
    assert isinstance(store, Remote)
    check_store(store)


def check_store(store: Store) -> None:
    assert store.read("a/b.json") is None and not store.exists("a/b.json")
    store.write("a/b.json", b"1")
    store.write("a/b.json", b"2")
    assert store.read("a/b.json") == b"2" and store.exists("a/b.json")
    store.delete("a/b.json")
    store.delete("a/b.json")
    assert not store.exists("a/b.json")


def test_sweep_deletes_what_killed_processes_left(tmp_path: Path) -> None:
    host = os.uname().nodename.lower().replace("-", "").replace(".", "").replace("_", "") or "host"
    left = tmp_path / f".score.{host}-4194303.part.json"  # the highest number a process can have
    mine = tmp_path / f".score.{host}-{os.getpid()}.part.json"
    other = tmp_path / ".score.elsewhere-1.part.json"
    for file in (left, mine, other, tmp_path / ".part.json"):
        file.write_text("")
    assert sweep(tmp_path) == 1 and not left.exists()
    os.utime(other, (0, 0))
    assert sweep(tmp_path) == 1 and not other.exists() and mine.exists()
    assert sweep(tmp_path / "missing") == 0
