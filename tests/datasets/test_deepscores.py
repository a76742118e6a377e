import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from omr.datasets import open_dataset
from omr.errors import InputError
from omr.page import Box, Page, Symbol
from omr.vocabulary.translation import to_core_page

CATEGORIES = {
    "1": {"name": "noteheadBlackOnLine", "annotation_set": "deepscores", "color": 1},
    "2": {"name": "staff", "annotation_set": "deepscores", "color": 2},
    "3": {"name": "noteheadFullSmall", "annotation_set": "muscima++", "color": 1},
    "4": {"name": "barline", "annotation_set": "deepscores", "color": 3},
}
PAGE = {"id": 7, "filename": "a.png", "width": 60, "height": 40, "ann_ids": ["11", "12"], "staff_space": 8.5}


def content():
    """One page of two annotations; the first is in both sets of names."""
    return {
        "info": {},
        "annotation_sets": ["deepscores", "muscima++"],
        "categories": CATEGORIES,
        "images": [
            {
                "id": 7,
                "filename": "a.png",
                "width": 60,
                "height": 40,
                "ann_ids": ["11", "12"],
                "staff_space": 8.5,
            }
        ],
        "annotations": {
            "11": {"a_bbox": [1.5, 2, 11, 10], "cat_id": ["1", "3"], "area": 70, "img_id": "7"},
            "12": {"a_bbox": [0, 0, 60, 34], "cat_id": ["2"], "area": 90, "img_id": "7"},
        },
    }


@pytest.fixture
def folder(tmp_path):
    """A dataset of two splits; the ink of its page lies in the alpha channel."""
    (tmp_path / "images").mkdir()
    pixels = np.zeros((40, 60, 4), np.uint8)
    pixels[2:10, 1:11, 3] = 255
    cv2.imwrite(str(tmp_path / "images" / "a.png"), pixels)
    for split in ("train", "test"):
        (tmp_path / f"deepscores_{split}.json").write_text(json.dumps(content()))
    return tmp_path


def test_a_page_has_the_names_and_boxes_of_its_own_set(folder):
    dataset = open_dataset(folder, "train")
    assert len(dataset) == 1
    assert dataset[0] == Page(
        60,
        40,
        (Symbol("noteheadBlackOnLine", Box(1.5, 2, 11, 10)), Symbol("staff", Box(0, 0, 60, 34))),
        source="a.png",
        vocabulary="deepscores",
    )
    assert dataset.categories == {"noteheadBlackOnLine", "staff", "barline"}
    assert dataset.staff_space(0) == 8.5


def test_transparent_is_white(folder):
    image = open_dataset(folder, "test").image(0)
    assert image.shape == (40, 60)
    assert image[5, 5] == 0
    assert image[20, 20] == 255


def test_core_names_leave_out_what_has_none(folder):
    page = to_core_page(open_dataset(folder, "train")[0], "deepscores")
    assert [s.name for s in page.symbols] == ["noteheadBlack"]


def test_a_file_is_opened_without_naming_the_split(folder):
    assert len(open_dataset(folder / "deepscores_test.json")) == 1


def break_json(folder):
    (folder / "deepscores_train.json").write_text('{"images": [')


def break_reference(folder):
    broken = content() | {"annotations": {}}
    (folder / "deepscores_train.json").write_text(json.dumps(broken))


def break_box(folder):
    broken = content()
    broken["annotations"]["11"]["a_bbox"] = [1, 2, 3]
    (folder / "deepscores_train.json").write_text(json.dumps(broken))


def be_a_list(folder):
    (folder / "deepscores_train.json").write_text("[]")


@pytest.mark.parametrize("damage", [break_json, break_reference, break_box, be_a_list])
def test_a_damaged_file_is_named(folder, damage):
    damage(folder)
    with pytest.raises(InputError, match=r"deepscores_train\.json: "):
        open_dataset(folder, "train")[0]


def test_a_missing_image_is_named_when_it_is_wanted(folder):
    (folder / "images" / "a.png").unlink()
    dataset = open_dataset(folder, "train")
    with pytest.raises(InputError, match=r"a\.png"):
        dataset.image(0)


def test_what_is_not_there_is_said(folder, tmp_path):
    with pytest.raises(InputError, match="no split 'val'; there are test, train"):
        open_dataset(folder, "val")
    with pytest.raises(InputError, match="no such file"):
        open_dataset(folder / "nowhere")
    with pytest.raises(InputError, match="DeepScoresV2"):
        open_dataset(folder / "images")


@pytest.mark.data
def test_the_published_page():
    dataset = open_dataset(Path(os.environ["OMR_DATA"]) / "deepscores-v2-sample")
    page = dataset[0]
    assert dataset.image(0).shape == (page.height, page.width) == (3828, 2707)
    assert len(page.symbols) == 547
    assert sum(s.name.startswith("notehead") for s in page.symbols) == 158
    assert not any(s.name.endswith("Small") for s in page.symbols if s.name.startswith("notehead"))
    assert dataset.staff_space(0) == pytest.approx(22.8, abs=0.3)


def test_an_unknown_staff_space_is_measured_only_once(folder, monkeypatch):
    known = content()
    del known["images"][0]["staff_space"]
    (folder / "deepscores_train.json").write_text(json.dumps(known))
    dataset = open_dataset(folder, "train")
    first = dataset.staff_space(0)
    monkeypatch.setattr(dataset, "image", lambda i: pytest.fail("measured again"))
    assert dataset.staff_space(0) == first
