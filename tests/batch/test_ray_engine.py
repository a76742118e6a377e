"""A local Ray cluster of two workers, of which one is killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from PIL import Image

from omr.batch.inputs import find_pieces
from omr.batch.records import Record
from omr.batch.settings import Settings
from tests.builders.detector import bare_staves

pytest.importorskip("ray", reason="Ray isn't installed (the extra `ray`)")

from omr.batch.ray_engine import read_on_ray


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of Ray about its own parts
def test_a_killed_worker_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ray

    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]), prepend=":")
    (tmp_path / "in").mkdir()
    for number in range(8):
        Image.fromarray(bare_staves()).save(tmp_path / "in" / f"{number}.png")
    (tmp_path / "in" / "broken.png").write_bytes(b"")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    out = str(tmp_path / "out")
    records, killed = [], False
    pieces = find_pieces([str(tmp_path / "in")])
    for event in read_on_ray(pieces, Settings(formats=("coco",)), out, jobs=2, block=2):
        if isinstance(event, Record):
            records.append(event)
            if not killed:
                os.kill(_a_worker(), signal.SIGKILL)
                killed = True
    states = {record.name: record.state for record in records}
    assert states == {**{str(number): "done" for number in range(8)}, "broken": "failed"}
    assert len(records) == 9
    assert {file.name for file in Path(out).glob("*.json")} == {f"{number}.coco.json" for number in range(8)}


def _a_worker() -> int:
    """Find a process in which Ray runs a block reader."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"ray::BlockReader" in (folder / "cmdline").read_bytes():
                return int(folder.name)
        except OSError:
            continue
    pytest.skip("this system does not list processes")
