"""Crops show what their boxes say, at the canonical staff space."""

import json

import cv2
import numpy as np
import pytest

from omr.datasets import open_dataset
from omr.datasets.crops import IGNORED, Crops
from omr.errors import InputError

CLASSES = ("noteheadBlack", "dynamicF")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    """A page at staff space 20 with black rectangles, one of them of a rare class."""
    out = tmp_path_factory.mktemp("page")
    (out / "images").mkdir()
    page = np.full((900, 1200), 255, np.uint8)
    annotations = {}
    for y in range(60, 860, 80):
        for x in range(60, 1160, 80):
            page[y : y + 20, x : x + 24] = 0
            rare = (x, y) == (540, 460)
            annotations[str(len(annotations))] = {
                "a_bbox": [x, y, x + 24, y + 20],
                "cat_id": ["2" if rare else "1"],
            }
    cv2.imwrite(str(out / "images" / "0.png"), page)
    categories = {
        "1": {"name": "noteheadBlackOnLine", "annotation_set": "deepscores"},
        "2": {"name": "dynamicF", "annotation_set": "deepscores"},
    }
    image = {
        "filename": "0.png",
        "width": 1200,
        "height": 900,
        "staff_space": 20.0,
        "ann_ids": list(annotations),
    }
    content = {"categories": categories, "images": [image], "annotations": annotations}
    (out / "deepscores_train.json").write_text(json.dumps(content))
    return open_dataset(out)


def test_crop_boxes_lie_on_their_ink(dataset):
    crops = Crops([dataset], CLASSES, space=12, size=256, seed=0, strength=0)
    for k in range(20):
        image, boxes, _ = crops.crop(k)
        assert image.shape == (256, 256)
        for box in boxes:
            x0, y0, x1, y1 = box.clip(0, 256).round().astype(int)
            if min(x1 - x0, y1 - y0) > 4:
                assert image[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1].max() < 60
        ink = (image < 128).sum()
        clipped = boxes.clip(0, 256)
        assert ink == pytest.approx(((clipped[:, 2:] - clipped[:, :2]).prod(1)).sum(), rel=0.05, abs=60)


def test_symbols_come_at_the_canonical_scale_give_or_take_the_jitter(dataset):
    crops = Crops([dataset], CLASSES, space=12, size=256, seed=0, scale=(0.8, 1.25), strength=0, stretch=1)
    widths = [(box[2] - box[0]) / 24 * 20 for k in range(40) for box in crops.crop(k)[1]]
    assert 12 * 0.79 < min(widths) < 12 * 0.9
    assert 12 * 1.1 < max(widths) < 12 * 1.26


def test_a_crop_is_a_function_of_seed_and_number(dataset):
    first, second, other = (Crops([dataset], CLASSES, 12, 128, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.crop(7)[0], second.crop(7)[0])
    assert not np.array_equal(first.crop(7)[0], other.crop(7)[0])
    assert not np.array_equal(first.crop(7)[0], first.crop(8)[0])


def test_a_rare_class_is_seen_as_often_as_a_frequent_one(dataset):
    crops = Crops([dataset], CLASSES, 12, 128, seed=0, strength=0)
    seen = sum(bool((crops.crop(k)[2] == 1).any()) for k in range(60))
    assert seen > 12  # one symbol in 140, yet in a quarter of the crops


def test_crops_show_oversampled_classes_more_often(dataset):
    def seen(oversample, classes=("dynamicF", "noteheadBlack")):
        crops = Crops([dataset], classes, 12, 96, seed=0, strength=0, oversample=oversample)
        return sum(bool((crops.crop(k)[2] == 0).any()) for k in range(80))

    assert seen(["dynamicF"]) > 1.3 * seen([])
    with pytest.raises(InputError, match="no brace to oversample"):
        seen(["brace"])
    with pytest.raises(InputError, match="no brace to oversample"):
        seen(["brace"], (*CLASSES, "brace"))


def test_crops_are_stretched_either_way_and_their_boxes_with_them(dataset):
    crops = Crops([dataset], CLASSES, 12, 256, seed=0, strength=0, stretch=1.2)
    shapes = []
    for k in range(40):
        image, boxes, _ = crops.crop(k)
        inside = (boxes[:, :2] > 1).all(1) & (boxes[:, 2:] < 255).all(1)
        for x0, y0, x1, y1 in boxes[inside]:
            shapes.append((x1 - x0) / (y1 - y0) / (24 / 20))
            assert image[int((y0 + y1) / 2), int(x0 + 1.5) : int(x1 - 1.5)].max() < 60
    assert 1 / 1.21 < min(shapes) < 1 / 1.1 and 1.1 < max(shapes) < 1.21


def test_crops_of_a_dataset_without_known_symbols(dataset):
    with pytest.raises(InputError, match="no symbol of a known class"):
        Crops([dataset], ["brace"], 12, 128, 0)


def test_crops_carry_ignore_regions_last(dataset, monkeypatch):
    region = np.array([[380, 60, 404, 80]], np.float32)
    plain = Crops([dataset], CLASSES, 12, 256, seed=0, strength=0)
    monkeypatch.setattr(dataset, "ignore_regions", lambda i: region)
    crops = Crops([dataset], CLASSES, 12, 256, seed=0, strength=0)
    assert set(crops.places) == set(plain.places)
    for ours, theirs in zip(crops.truth(), plain.truth(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    labels = [crops.crop(k)[2] for k in range(40)]
    assert any((of_crop == IGNORED).any() for of_crop in labels)
    assert all((np.diff(of_crop == IGNORED) >= 0).all() for of_crop in labels)  # last
