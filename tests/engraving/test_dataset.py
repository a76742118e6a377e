import json
import os
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("skia")
pytest.importorskip("verovio")

from omr.engraving.dataset import _rarest, build
from omr.engraving.names import NUMBERS
from omr.errors import InputError

pytestmark = pytest.mark.slow
"""Every test here engraves pages."""


@pytest.fixture(scope="module", autouse=True)
def own_fonts_only(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMR_FONTS", str(tmp_path_factory.mktemp("no_fonts")))
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("engraved")
    build(folder, 5, "train", seed=3, processes=2)
    return folder


def content(folder):
    return json.loads((folder / "deepscores_train.json").read_text())


def test_the_json_has_the_shape_of_deepscores(folder):
    data = content(folder)
    assert list(data) == ["info", "annotation_sets", "categories", "images", "annotations"]
    assert data["categories"]["25"]["name"] == "noteheadBlackOnLine"
    assert len(data["images"]) == 5
    assert sorted(a for image in data["images"] for a in image["ann_ids"]) == sorted(data["annotations"])
    annotation = data["annotations"][data["images"][0]["ann_ids"][0]]
    assert set(annotation) == {"a_bbox", "o_bbox", "cat_id", "area", "img_id", "comments"}
    assert (len(annotation["a_bbox"]), len(annotation["o_bbox"])) == (4, 8)
    if "OMR_DATA" in os.environ:
        sample = Path(os.environ["OMR_DATA"], "deepscores-v2-sample/deepscores_v2_sample.json")
        real = json.loads(sample.read_text())
        assert list(real) == list(data)
        assert set(real["images"][0]) <= set(data["images"][0])
        assert set(next(iter(real["annotations"].values()))) == set(annotation)
        for number in range(1, 137):
            assert real["categories"][str(number)]["name"] == data["categories"][str(number)]["name"]


def test_masks_agree_with_the_boxes(folder):
    data = content(folder)
    image = data["images"][0]
    stem = image["filename"].removesuffix(".png")
    drawn = cv2.imread(str(folder / "images" / image["filename"]), cv2.IMREAD_UNCHANGED)
    classes = cv2.imread(str(folder / f"segmentation/{stem}_seg.png"), cv2.IMREAD_UNCHANGED)
    instances = cv2.imread(str(folder / f"instance/{stem}_inst.png"))
    assert drawn.shape == classes.shape == instances.shape[:2] == (image["height"], image["width"])
    assert drawn.dtype == classes.dtype == np.uint8
    assert ((classes > 0) == instances.any(axis=2)).all()
    colour = (instances.astype(int) * (1, 256, 65536)).sum(axis=2)
    area = Counter(colour.ravel().tolist())
    for key in image["ann_ids"]:
        annotation = data["annotations"][key]
        own = int(annotation["comments"].removeprefix("instance:#")[:6], 16)
        assert area[own] == annotation["area"]
        left, top, right, bottom = (round(edge) for edge in annotation["a_bbox"])
        frame = np.s_[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1]
        inside = colour[frame] == own
        assert inside.sum() == annotation["area"]  # and so nowhere else
        assert set(np.unique(classes[frame][inside])) <= {int(annotation["cat_id"][0])}


def test_every_page_is_full_of_music(folder):
    data = content(folder)
    for image in data["images"]:
        names = {data["categories"][data["annotations"][a]["cat_id"][0]]["name"] for a in image["ann_ids"]}
        assert {"staff", "staffLine", "barline"} <= names <= set(NUMBERS)


def test_an_interrupted_run_goes_on_and_ends_the_same(folder, tmp_path):
    whole = (folder / "deepscores_train.json").read_text()
    build(tmp_path, 4, "train", seed=3, processes=1)
    assert build(tmp_path, 5, "train", seed=3, processes=1).read_text() == whole
    name = content(folder)["images"][-1]["filename"]
    assert (tmp_path / "images" / name).read_bytes() == (folder / "images" / name).read_bytes()


def test_an_unwritable_folder_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="can't be written"):
        build(tmp_path / "file", 1, "train", seed=1)


def test_random_music_favours_what_is_rarest():
    assert _rarest(Counter()) == ()
    count = Counter(dict.fromkeys(NUMBERS, 1000))
    count["coda"], count["segno"], count["tie"] = 200, 10, 299
    assert _rarest(count) == ("segno", "coda", "tie")
