"""Large JSON read one entry at a time."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omr.datasets import Dataset
from omr.datasets.jsonindex import JsonIndex, JsonStream, Links
from omr.errors import InputError
from omr.page import Box

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


def walked(stream: JsonStream, like: Any) -> Any:
    """Read a value by walking its containers."""
    if isinstance(like, dict):
        return {key: walked(stream, like[json.loads(json.dumps(key))]) for key in stream.members()}
    if isinstance(like, list):
        return [walked(stream, like[i]) for i, _ in enumerate(stream.members())]
    return stream.value()


@settings(deadline=None, max_examples=60)
@given(values, st.sampled_from([None, 1]), st.integers(1, 7))
def test_what_json_reads_the_stream_reads(value: Any, indent: int | None, chunk: int) -> None:
    text = json.dumps(value, indent=indent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("omr.datasets.jsonindex._CHUNK", chunk)
        assert walked(JsonStream(io.BytesIO(text.encode())), value) == value
        assert JsonStream(io.BytesIO(text.encode())).value() == value


@settings(deadline=None, max_examples=60)
@given(values.filter(lambda value: isinstance(value, dict | list)), st.data())
def test_a_cut_file_is_an_error(value: Any, data: st.DataObject) -> None:
    text = json.dumps(value)
    cut = text[: data.draw(st.integers(0, len(text) - 1))]
    with pytest.raises(ValueError):
        walked(JsonStream(io.BytesIO(cut.encode())), value)


def test_positions_are_bytes() -> None:
    text = '{"ä": 1, "b": "日本", "c": [true]}'.encode()
    stream = JsonStream(io.BytesIO(text))
    spans = []
    for _ in stream.members():
        start = stream.position
        stream.value()
        spans.append(text[start : stream.position].decode())
    assert spans == ["1", '"日本"', "[true]"]


PAGES, EACH = 200, 500


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """DeepScoresV2 with 100,000 annotations: 30 MB."""
    file = tmp_path_factory.mktemp("large") / "deepscores_train.json"
    box = [1633.9790375, 1109.59801392, 1681.1504074, 1114.15245348]
    corners = [1680.979, 1113.598, 1680.979, 1110.598, 1634.979, 1110.598, 1634.979, 1113.598]
    with file.open("w") as out:
        images = [
            {"id": i, "filename": f"{i}.png", "width": 2000, "height": 3000}
            | {"ann_ids": [str(i * EACH + k) for k in range(EACH)]}
            for i in range(PAGES)
        ]
        out.write('{"info": {}, "annotation_sets": ["deepscores"], "categories": ')
        out.write('{"1": {"name": "stem", "annotation_set": "deepscores", "color": 1}}, "images": ')
        json.dump(images, out)
        out.write(', "annotations": {')
        for key in range(PAGES * EACH):
            annotation = {"a_bbox": [key, *box[1:]], "o_bbox": corners, "cat_id": ["1"], "area": 135}
            annotation |= {"img_id": str(key // EACH), "comments": "instance:#010203;"}
            out.write((", " if key else "") + f'"{key}": ' + json.dumps(annotation))
        out.write("}}")
    return file


MEASURE = """
import resource, sys
from omr.datasets import Dataset
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
dataset = Dataset(sys.argv[1])
page = dataset[len(dataset) - 1]
print(len(dataset), len(page.symbols), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts in KB on Linux alone")
def test_a_hundred_thousand_annotations_are_indexed_in_bounded_memory(large: Path) -> None:
    """Read whole, they'd take 200 MB; the index is made with a few numbers for each."""
    assert large.stat().st_size > 25_000_000
    ran = subprocess.run([sys.executable, "-c", MEASURE, large], capture_output=True, text=True, check=True)
    pages, symbols, grown = map(int, ran.stdout.split())
    assert (pages, symbols) == (PAGES, EACH) and grown < 40_000


def test_pages_are_found_by_the_index(large: Path) -> None:
    page = Dataset(large)[PAGES - 1]
    assert page.symbols[7].box == Box((PAGES - 1) * EACH + 7, 1109.59801392, 1681.1504074, 1114.15245348)


def test_later_starts_are_fast(large: Path) -> None:
    Dataset(large)
    start = time.perf_counter()
    assert len(Dataset(large)[77].symbols) == EACH
    assert time.perf_counter() - start < 0.5


def test_a_changed_file_is_indexed_again(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    for name in ("one", "other"):
        file.write_text(json.dumps({"images": [{"id": 1, "file_name": name}], "annotations": []}))
        assert JsonIndex(file, Links(of_annotation="image_id")).image(0)["file_name"] == name


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"images": [',
        '{"images": [1]}',
        '{"images": [{"id": 1}], "annotations": [{"image_id": 2}]}',
        '{"images": [{"id": 1}], "annotations": [{}]}',
    ],
)
def test_what_is_broken_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(content)
    with pytest.raises(InputError, match=r"a\.json: "):
        JsonIndex(file, Links(of_annotation="image_id"))
