"""A piece is read once, whole or not at all, and what is there of others is left alone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from omr.batch.inputs import Piece
from omr.batch.piece_reader import Work, read_piece
from omr.batch.records import Record
from omr.batch.settings import Settings
from omr.batch.store import Folder
from omr.inference import Reader
from tests.builders.detector import FakeDetector, bare_staves

ENDS = (".coco.json", ".overlay.png", ".musicxml")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Image.fromarray(bare_staves()).save("a.png")


def work(detector: FakeDetector | None = None, **settings: Any) -> Work:
    reader = Reader(detector=detector or FakeDetector())  # type: ignore[arg-type]
    chosen = Settings(**settings)
    return Work(reader, Folder(Path("out")), chosen, chosen.digest())


def read(name: str = "a", file: str = "a.png", **settings: Any) -> Record:
    return read_piece(Piece(name, (file,)), work(**settings))


def results() -> set[str]:
    files = (file.relative_to("out").as_posix() for file in Path("out").rglob("*") if file.is_file())
    return {file for file in files if not file.startswith(".omr/records")}


def contents() -> dict[str, Any]:
    files = [file for file in Path("out").iterdir() if file.is_file()]
    return {f.name: json.loads(f.read_text()) if f.suffix == ".json" else f.read_bytes() for f in files}


def book(pages: int, path: str = "book.tif") -> None:
    frames = [Image.fromarray(np.roll(bare_staves(), i, axis=1)) for i in range(pages)]
    frames[0].save(path, save_all=True, append_images=frames[1:], compression="tiff_deflate")


def test_a_piece_gives_the_files_of_its_formats() -> None:
    record = read()
    assert (record.state, record.pages, record.broken) == ("done", 1, ())
    assert results() == {f"a{end}" for end in ENDS} == set(record.files)
    [image] = json.loads(Path("out/a.coco.json").read_text())["images"]
    assert image["omr"]["quality"]["heads"] >= 0


def test_pages_of_a_piece_have_numbers_that_sort() -> None:
    book(2)
    read("book", "book.tif")
    numbered = {f"book.p000{number}{end}" for number in (1, 2) for end in ENDS[:2]}
    assert results() == numbered | {"book.musicxml"}


def test_resume_leaves_what_is_done_and_reads_what_has_changed() -> None:
    first, again = read(), read(resume=True)
    assert again == replace(first, resumed=True)
    assert not read(resume=True, formats=("coco",)).resumed  # other settings
    read()
    Image.fromarray(bare_staves(20)).save("a.png")
    assert not read(resume=True).resumed  # other content
    Path("out/a.musicxml").unlink()
    assert not read(resume=True).resumed  # a result is missing


def test_page_seconds_and_the_like_do_not_change_results() -> None:
    read()
    assert read(resume=True, page_seconds=7.0, on_exists="number").resumed


def test_an_interrupted_piece_goes_on_with_the_page_after_the_last() -> None:
    book(4)

    class Interrupted(FakeDetector):
        def detect(self, image: np.ndarray, staff_space: float | None = None) -> list[Any]:
            if len(self.seen) == 2:
                raise KeyboardInterrupt
            return super().detect(image, staff_space)

    with pytest.raises(KeyboardInterrupt):
        read_piece(Piece("book", ("book.tif",)), work(Interrupted()))
    assert {"book.p0001.coco.json", "book.p0002.overlay.png"} < results()
    rest = FakeDetector()
    record = read_piece(Piece("book", ("book.tif",)), work(rest, resume=True))
    assert (record.state, record.pages, len(rest.seen)) == ("done", 4, 2)
    interrupted = contents()
    read_piece(Piece("book", ("book.tif",)), work(on_exists="overwrite"))
    assert interrupted == contents()
    assert not any(name.startswith(".omr/pages") for name in results())


def test_files_of_others_are_refused_left_replaced_or_stepped_aside_for() -> None:
    Path("out").mkdir()
    mine = Path("out/a.musicxml")
    mine.write_text("mine")
    refused = read()
    assert refused.state == "failed" and "is there already" in refused.message
    assert read(resume=True).state == "failed" and mine.read_text() == "mine"
    assert read(on_exists="skip").state == "skipped" and mine.read_text() == "mine"
    assert read(on_exists="number").name == "a~2" and mine.read_text() == "mine"
    assert (read(on_exists="overwrite").name, mine.read_text() == "mine") == ("a", False)


def test_a_piece_that_can_not_be_read_is_failed_with_the_reason() -> None:
    missing = read("m", "missing.png")
    assert (missing.state, missing.message) == ("failed", "missing.png: no such file; check the name")
    Path("cut.png").write_bytes(Path("a.png").read_bytes()[:200])
    assert "broken or cut short" in read("cut", "cut.png").message
    assert results() == set()


def test_a_fault_of_the_program_fails_the_piece_alone() -> None:
    class Broken(FakeDetector):
        def detect(self, image: np.ndarray, staff_space: float | None = None) -> list[Any]:
            raise ZeroDivisionError("once")

    record = read_piece(Piece("a", ("a.png",)), work(Broken()))
    assert record.state == "failed" and "ZeroDivisionError: once" in record.message


def test_a_broken_page_does_not_lose_the_others() -> None:
    frames = [Image.fromarray(bare_staves()), Image.new("L", (900, 3), 255)]
    frames[0].save("two.tif", save_all=True, append_images=frames[1:])
    record = read("two", "two.tif")
    assert record.state == "done" and record.pages == 1
    assert "two.tif, page 2: is only 900 x 3 pixels" in record.broken[0]


def test_a_slow_page_ends_with_its_time() -> None:
    class Slow(FakeDetector):
        def detect(self, image: np.ndarray, staff_space: float | None = None) -> list[Any]:
            while True:
                pass

    record = read_piece(Piece("a", ("a.png",)), work(Slow(), page_seconds=0.2))
    assert record.state == "failed" and "took longer than 0.2 seconds" in record.message


def test_a_record_of_another_version_is_read_as_none() -> None:
    read()
    [file] = Path("out/.omr/records").rglob("*.json")
    file.write_text('{"strange": 1}')
    assert read().state == "failed"  # results of an unknown run are there
    assert read(on_exists="overwrite").state == "done"


def test_facing_pages_have_files_of_their_own_and_are_one_piece() -> None:
    page = np.vstack([bare_staves()] * 2)
    gap = np.full((len(page), 100), 255, np.uint8)
    Image.fromarray(np.hstack([page, gap, page])).save("spread.png")
    record = read("spread", "spread.png")
    halves = {f"spread.{half}{end}" for half in (1, 2) for end in ENDS[:2]}
    assert results() == halves | {"spread.musicxml"} == set(record.files)
    assert record.pages == 2
    assert read("spread", "spread.png", resume=True).resumed
