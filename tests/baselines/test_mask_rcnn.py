"""Masks, from a dataset's picture to what Mask R-CNN has learnt."""

import json

import cv2
import numpy as np
import pytest
import torch

from omr.baselines.instance_masks import true_masks
from omr.baselines.mask_rcnn import MaskRCNN
from omr.datasets import open_dataset
from omr.datasets.crops import Crops
from omr.detectors.base import to_ink
from omr.registry import read
from omr.training import Plan, Trainer

CLASSES = ("noteheadBlack", "stem")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    """A page of ellipses and uprights that cross boxes of one another, with its instance picture."""
    out = tmp_path_factory.mktemp("masked")
    page = np.full((300, 300), 255, np.uint8)
    instances = np.zeros((300, 300, 3), np.uint8)
    annotations = {}
    for x in range(30, 280, 40):
        for y in range(60, 280, 60):
            for kind in (0, 1):
                number = len(annotations) + 1
                colour = (number * 0x9E3779 & 0xFFFFFF).to_bytes(3, "big")
                for image, ink in ((page, 0), (instances, tuple(colour))):
                    if kind == 0:
                        cv2.ellipse(image, (x, y), (8, 5), -30, 0, 360, ink, -1)
                    else:
                        image[y - 40 : y, x + 6 : x + 8] = ink
                own = np.argwhere((instances == list(colour)).all(2))
                (y0, x0), (y1, x1) = own.min(0), own.max(0) + 1
                annotations[str(number)] = {
                    "a_bbox": [int(edge) for edge in (x0, y0, x1, y1)],
                    "cat_id": [str(kind + 1)],
                    "comments": f"instance:#{colour.hex()};staff:1;",
                }
    for folder, name, image in (("images", "0.png", page), ("instance", "0_inst.png", instances[..., ::-1])):
        (out / folder).mkdir()
        cv2.imwrite(str(out / folder / name), image)
    categories = {
        "1": {"name": "noteheadBlackOnLine", "annotation_set": "deepscores"},
        "2": {"name": "stem", "annotation_set": "deepscores"},
    }
    entry = {"filename": "0.png", "width": 300, "height": 300, "staff_space": 12.0, "ann_ids": [*annotations]}
    content = {"categories": categories, "images": [entry], "annotations": annotations}
    (out / "deepscores_train.json").write_text(json.dumps(content))
    return open_dataset(out)


def test_instances_number_every_symbols_pixels(dataset):
    numbers = dataset.instances(0)
    assert ((numbers > 0) == (dataset.image(0) < 128)).all()
    for number, symbol in enumerate(dataset[0].symbols, start=1):
        y, x = np.nonzero(numbers == number)
        assert (x.min(), y.min(), x.max() + 1, y.max() + 1) == symbol.box


@pytest.mark.parametrize("strength", [0, 2])
def test_instances_follow_boxes_through_crops_and_warps(dataset, strength):
    crops = Crops([dataset], CLASSES[:1], 12, 160, seed=0, strength=strength)
    for k in range(8):
        _, boxes, _ = crops.crop(k)
        numbers = crops.instances(k)
        assert numbers.max() <= len(boxes)
        for number, box in enumerate(boxes, start=1):
            if box.min() > 2 and box.max() < 158:
                y, x = np.nonzero(numbers == number)
                np.testing.assert_allclose((x.min(), y.min(), x.max() + 1, y.max() + 1), box, atol=3)


def test_instances_without_a_picture_are_none(dataset, tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "0.png").write_bytes((dataset.path / "images" / "0.png").read_bytes())
    (tmp_path / "deepscores_train.json").write_bytes((dataset.path / "deepscores_train.json").read_bytes())
    bare = open_dataset(tmp_path)
    assert bare.instances(0) is None
    assert Crops([bare], CLASSES, 12, 160, seed=0).instances(0) is None


def test_true_masks_without_instances_are_the_ink_in_the_box():
    ink = torch.zeros(20, 30)
    ink[5:10, 4:25] = 1
    boxes = torch.tensor([[2.0, 3, 12, 12], [12, 0, 30, 7]])
    masks = true_masks(ink, {"boxes": boxes})
    assert masks[0].nonzero().min(0).values.tolist() == [5, 4]
    assert masks.sum((1, 2)).tolist() == [5 * 8, 2 * 13]


@pytest.mark.slow
def test_mask_rcnn_learns_instance_masks(dataset):
    """A stem runs through the corner of its notehead's box: half of what is learnt is what to leave out."""
    torch.manual_seed(0)
    detector = MaskRCNN(CLASSES, encoder="tiny", channels=16)
    crops = Crops([dataset], CLASSES, 12, 96, seed=0, scale=(1, 1), strength=0)
    image, boxes, labels = crops.crop(1)
    wanted = detector.targets(boxes, labels, image.shape)
    wanted["instances"] = torch.from_numpy(crops.instances(1))
    ink = to_ink(image)
    optimizer = torch.optim.AdamW(detector.parameters(), lr=4e-3)
    for _ in range(60):
        losses = detector(ink, [wanted])
        torch.stack(list(losses.values())).sum().backward()
        optimizer.step()
        optimizer.zero_grad()
    detector.eval()
    predicted = detector.masks(ink, wanted["boxes"], wanted["labels"]) > 0.5
    shares = []
    for mask, box, true in zip(predicted, wanted["boxes"], true_masks(ink[0, 0], wanted), strict=True):
        x0, y0, x1, y1 = box.round().int().tolist()
        if min(x1 - x0, y1 - y0) < 8 or not true.any():
            continue
        drawn = cv2.resize(mask.numpy().astype(np.float32), (x1 - x0, y1 - y0)) > 0.5
        here = true[y0:y1, x0:x1].numpy() > 0
        shares.append((drawn & here).sum() / (drawn | here).sum())
    assert np.mean(shares) > 0.7


@pytest.mark.slow
def test_trainer_fits_anchors_and_adds_instances(dataset, tmp_path, monkeypatch):
    seen = []
    losses = MaskRCNN.losses
    monkeypatch.setattr(
        MaskRCNN, "losses", lambda self, *given: seen.append(given[1]) or losses(self, *given)
    )
    detector = MaskRCNN(CLASSES, encoder="tiny", channels=16)
    plan = Plan(steps=2, batch=2, size=96, workers=0, warmup=1)
    Trainer(detector, [dataset], None, tmp_path / "x.safetensors", plan, device="cpu").run()
    assert all(target["instances"].shape == (96, 96) for targets in seen for target in targets)
    again = read(tmp_path / "x.safetensors")
    assert again.anchors == detector.anchors != list(detector.typical)
    again.eval().detect(dataset.image(0), 12)
