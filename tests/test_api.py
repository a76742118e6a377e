"""The public names: what they take, what they give back, what they refuse, what importing them costs."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import omr
from omr.notation import pipeline
from omr.score import Part
from tests.builders.detector import FakeDetector, bare_staves

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace loading weights; the list has the name of the weights at each load."""
    loaded: list[str] = []

    def load(weights: str, device: str) -> FakeDetector:
        loaded.append(weights)
        return FakeDetector()

    monkeypatch.setattr("omr.registry.load", load)
    return loaded


HEAVY = {"torch", "torchvision", "scipy", "cv2", "music21", "verovio"}


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


# --- importing ---


def test_import_loads_nothing_heavy() -> None:
    done = run(f"import sys, omr\nassert not {HEAVY} & set(sys.modules)")
    assert done.returncode == 0, done.stderr


def test_saving_a_page_loads_the_formats_and_nothing_heavy(tmp_path: Path) -> None:
    done = run(
        f"import sys; from omr.page import Page; Page(50, 40).save({str(tmp_path / 'x.json')!r})\n"
        f"assert not {HEAVY} & set(sys.modules)"
    )
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there() -> None:
    assert {"detect", "detect_pages", "read", "save", "Reader", "Score", "Page", "DWDNet", "Dataset"} <= set(
        omr.__all__
    )
    assert set(omr.__all__) <= set(dir(omr))
    for name in omr.__all__:
        assert getattr(omr, name).__doc__
    assert omr.__version__


def test_stub_lists_what_it_imports() -> None:
    tree = ast.parse((ROOT / "omr" / "__init__.pyi").read_text())
    imported = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert imported == set(omr.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        _ = omr.nothing  # type: ignore[attr-defined]


def test_module_runs_the_command_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "omr", "--version"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.stdout.startswith("omr ") and done.returncode == 0


# --- sources ---

GREY = bare_staves()
RGB = np.dstack([GREY] * 3)
RGBA = np.dstack([np.zeros_like(RGB), 255 - GREY])
"""Black everywhere, opaque on the ink alone."""


def png(array: np.ndarray = GREY) -> bytes:
    content = io.BytesIO()
    Image.fromarray(array).save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(GREY, id="grey"),
        pytest.param(GREY[..., None], id="one channel"),
        pytest.param(RGB, id="RGB"),
        pytest.param(RGBA, id="RGBA"),
        pytest.param(np.dstack([np.zeros_like(GREY), 255 - GREY]), id="grey and alpha"),
        pytest.param(GREY > 127, id="bool"),
        pytest.param(GREY.astype(np.uint16) * 257, id="uint16"),
        pytest.param(GREY / 255, id="float"),
        pytest.param((RGB / 255).astype(np.float32), id="float RGB"),
        pytest.param(GREY[::-1, ::-1][::-1, ::-1], id="strided"),
        pytest.param(Image.fromarray(GREY), id="PIL"),
        pytest.param(Image.fromarray(RGBA, "RGBA"), id="PIL RGBA"),
        pytest.param(Image.fromarray(GREY).convert("P"), id="PIL palette"),
        pytest.param(png(), id="bytes"),
        pytest.param(bytearray(png()), id="bytearray"),
    ],
)
def test_detect_takes_every_kind_of_source(source: object) -> None:
    page = omr.detect(source)  # type: ignore[arg-type]
    assert page.image is not None and np.array_equal(page.image, GREY)
    assert len(page.staves) == 2 and [s.name for s in page.symbols] == ["clefG", "noteheadBlack"]


def test_detect_takes_paths_and_open_files(tmp_path: Path) -> None:
    path = tmp_path / "score.png"
    path.write_bytes(png())
    with path.open("rb") as file:
        pages = [omr.detect(source) for source in (path, str(path), file, io.BytesIO(png()))]
    assert [page.source for page in pages] == ["score.png", "score.png", "score.png", "file"]
    assert all(np.array_equal(page.image, GREY) for page in pages)  # type: ignore[arg-type]


def test_detect_copies_the_array() -> None:
    array = GREY.copy()
    page = omr.detect(array)
    array[:] = 0
    assert np.array_equal(page.image, GREY)  # type: ignore[arg-type]


def test_a_list_is_one_piece(tmp_path: Path) -> None:
    path = tmp_path / "score.tif"
    Image.fromarray(GREY).save(path, save_all=True, append_images=[Image.fromarray(GREY)])
    pages = list(omr.detect_pages([path, GREY, RGB, png(), Image.fromarray(GREY)]))
    assert [(page.source, page.number) for page in pages] == [
        ("score.tif", 1), ("score.tif", 2), ("array", 1), ("array", 2), ("bytes", 1), ("image", 1),
    ]  # fmt: skip
    whole, half = omr.read([GREY, GREY]), omr.read(GREY)
    assert [len(part.measures) for part in whole.parts] == [2 * len(part.measures) for part in half.parts]


@pytest.mark.parametrize(
    "source, complaint",
    [
        (np.zeros((20, 500), np.uint8), "array: is only 500 x 20 pixels"),
        (np.zeros((3, 500, 500), np.uint8), r"array: has the shape \(3, 500, 500\)"),
        (np.zeros(500, np.uint8), r"array: has the shape \(500,\)"),
        (np.zeros((500, 500)) + 3, "array: has floats beyond 0"),
        (np.full((500, 500), np.nan), "array: has floats beyond 0"),
        (np.zeros((500, 500), np.int64), "array: is of int64; give bool, uint8"),
        (b"", "bytes: is empty"),
        (b"Dear all,", "bytes: is not a PNG, JPEG, WebP, BMP, TIFF or PDF"),
        (b"%PDF-1.7\nnothing else", "bytes: is a broken PDF"),
        (io.StringIO("text"), "file: is open as text; open it with mode 'rb'"),
        (Image.new("L", (10, 10)), "image: is only 10 x 10 pixels"),
        (7, "int: holds no page; give a path"),
        (None, "NoneType: holds no page"),
        ([], "an empty list: has no pages"),
        ([GREY, 7], "int: holds no page"),
    ],
)
def test_a_source_that_is_none_is_refused_in_one_line(source: object, complaint: str) -> None:
    with pytest.raises(omr.InputError, match=complaint) as caught:
        list(omr.detect_pages(source))  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


# --- options ---


@pytest.mark.parametrize(
    "options, complaint",
    [
        ({"names": "foo"}, "names='foo': no such vocabulary; choose one of core, deepscores, muscima"),
        ({"min_score": 5}, "min_score=5: out of range; give a number from 0 to 1"),
        ({"min_score": float("nan")}, "min_score=nan: out of range"),
        ({"min_score": "high"}, "min_score='high': out of range"),
        ({"classes": "stem"}, r"classes='stem': is one text; give a list, as \['stem'\]"),
        ({"classes": ["noteheadBlak"]}, "did you mean noteheadBlack"),
        ({"staff_space": 0}, "staff_space=0: out of range; give a number from 3 to 400"),
        ({"dpi": 5}, "dpi=5: out of range; give a number from 36 to 1200"),
    ],
)
def test_wrong_options_are_refused_with_the_choices(
    options: dict[str, object], complaint: str, loads: list[str]
) -> None:
    for function in (omr.detect, omr.detect_pages, omr.read):
        with pytest.raises(omr.InputError, match=complaint) as caught:
            function(GREY, **options)  # type: ignore[operator]
        assert "\n" not in str(caught.value)
    assert not loads  # before the weights are loaded, which takes seconds


def test_unknown_weights_are_refused_with_the_shipped_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with pytest.raises(omr.InputError, match=r"shipped are: .*printed"):
        omr.detect(GREY, "painted")


def test_a_reader_keeps_its_weights(loads: list[str]) -> None:
    reader = omr.Reader("handwritten")
    for _ in range(2):
        assert reader.detect(GREY).symbols
        assert reader.read(GREY).parts
    assert loads == ["handwritten"]


# --- saving ---


def test_saving_pages_in_several_formats_of_music_reads_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def read(pages: object) -> omr.Score:
        calls.append(pages)
        return omr.Score((Part("Part 1", 1, ()),))

    monkeypatch.setattr(pipeline, "read", read)
    from omr.export import save_all

    paths = [tmp_path / f"x.{suffix}" for suffix in ("musicxml", "json", "mid", "mxl")]
    assert save_all(omr.detect_pages(GREY), paths) == paths
    assert len(calls) == 1 and all(path.stat().st_size for path in paths)


def test_save_takes_a_page_pages_or_a_score(tmp_path: Path) -> None:
    page, score = omr.detect(GREY), omr.read(GREY)
    files = [
        omr.save(page, tmp_path / "a.musicxml"),
        omr.save([page], tmp_path / "b.musicxml"),
        omr.save(iter([page]), tmp_path / "c.musicxml"),
        omr.save(score, tmp_path / "d.musicxml"),
        page.save(tmp_path / "e.musicxml"),
        score.save(str(tmp_path / "f.musicxml")),
    ]
    contents = {file.read_text() for file in files}
    assert contents == {score.export("musicxml")} == {page.export("musicxml")}


def test_export_gives_text_or_bytes() -> None:
    page = omr.detect(GREY)
    texts, binaries = ("musicxml", "coco", "csv", "mung", ".json"), ("mxl", "midi", "overlay", "mid", "PNG")
    assert all(isinstance(page.export(format), str) for format in texts)
    assert all(isinstance(page.export(format), bytes) for format in binaries)


def test_what_can_not_be_saved_is_refused(tmp_path: Path) -> None:
    page, score = omr.detect(GREY), omr.read(GREY)
    with pytest.raises(omr.InputError, match="foo: no such format; choose one of coco, overlay, csv"):
        page.export("foo")
    with pytest.raises(omr.InputError, match=r"choose one of musicxml, mxl, midi, mei"):
        score.export("coco")
    with pytest.raises(omr.InputError, match=r"x\.json: holds symbols of pages"):
        score.save(tmp_path / "x.json")
    with pytest.raises(omr.InputError, match=r"x\.docx: no such format"):
        score.save(tmp_path / "x.docx")
    with pytest.raises(omr.InputError, match="there are no pages to write"):
        omr.save([], tmp_path / "x.json")
    with pytest.raises(omr.InputError, match="names='foo': no such vocabulary"):
        omr.save(page, tmp_path / "x.musicxml", names="foo")  # type: ignore[arg-type]
    for suffix in ("musicxml", "json", "png"):
        with pytest.raises(omr.InputError, match="names='foo': no such vocabulary"):
            page.save(tmp_path / f"x.{suffix}", names="foo")  # type: ignore[arg-type]
        with pytest.raises(omr.InputError, match="names='foo': no such vocabulary"):
            page.export(suffix, names="foo")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())
