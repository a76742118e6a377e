"""Large annotation files, read by index."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from omr.datasets import Dataset
from omr.datasets.annotation_index import AnnotationIndex, Links
from omr.errors import InputError
from omr.page import Box

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


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="counts in KB on Linux alone")
def test_annotation_index_of_a_hundred_thousand_annotations_in_bounded_memory(large: Path) -> None:
    """Read whole, they'd take 200 MB; the index is made with a few numbers for each."""
    assert large.stat().st_size > 25_000_000
    ran = subprocess.run([sys.executable, "-c", MEASURE, large], capture_output=True, text=True, check=True)
    pages, symbols, grown = map(int, ran.stdout.split())
    assert (pages, symbols) == (PAGES, EACH) and grown < 40_000


def test_annotation_index_finds_pages(large: Path) -> None:
    page = Dataset(large)[PAGES - 1]
    assert page.symbols[7].box == Box((PAGES - 1) * EACH + 7, 1109.59801392, 1681.1504074, 1114.15245348)


def test_annotation_index_of_a_known_file_is_fast(large: Path) -> None:
    Dataset(large)
    start = time.perf_counter()
    assert len(Dataset(large)[77].symbols) == EACH
    assert time.perf_counter() - start < 0.5


def test_annotation_index_of_a_changed_file(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    for name in ("one", "other"):
        file.write_text(json.dumps({"images": [{"id": 1, "file_name": name}], "annotations": []}))
        assert AnnotationIndex(file, Links(of_annotation="image_id")).image(0)["file_name"] == name


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
def test_annotation_index_of_a_broken_file(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(content)
    with pytest.raises(InputError, match=r"a\.json: "):
        AnnotationIndex(file, Links(of_annotation="image_id"))
