"""Tiny datasets of every kind, of the same invented page: a staff with a few symbols and their ink."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from omr.datasets.mung import Node, Notation, encode_mask, write_mung

WIDTH, HEIGHT, SPACE = 400, 200, 10
LINES = [60 + SPACE * k for k in range(5)]


def page() -> np.ndarray:
    """The page's image: what the nodes of `notation` have for ink."""
    image = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for node in notation():
        if node.name not in ("staff", "measureSeparator"):
            image[node.window][node.mask] = 0
    return image


def _node(number: int, name: str, box: tuple[int, int, int, int], links: tuple[int, ...] = ()) -> Node:
    left, top, right, bottom = box
    mask = np.ones((bottom - top, right - left), bool)
    if name.startswith("notehead"):
        mask[0, 0] = mask[-1, -1] = False
    return Node(number, name, left, top, right - left, bottom - top, encode_mask(mask), links)


def notation(document: str = "CVC-MUSCIMA_W-12_N-04_D-ideal") -> Notation:
    """A triplet's note, its stem and digit, a metre's digit and a grace note with a stroke, on a staff."""
    lines = [_node(10 + k, "staffLine", (20, y, 380, y + 2)) for k, y in enumerate(LINES)]
    nodes = [
        _node(0, "noteheadFull", (100, 86, 114, 97), (1, 2, 9)),
        _node(1, "stem", (112, 50, 114, 90)),
        _node(2, "tuple", (100, 30, 110, 44), (3,)),
        _node(3, "numeral3", (100, 30, 110, 44)),
        _node(4, "timeSignature", (60, 60, 72, 100), (5, 9)),
        _node(5, "numeral3", (60, 60, 72, 80)),
        _node(6, "noteheadFullSmall", (200, 88, 208, 95), (7, 14, 9)),
        _node(7, "stem", (206, 66, 208, 90), (8,)),
        _node(8, "graceNoteAcciaccatura", (200, 70, 216, 78)),
        _node(9, "staff", (20, 60, 380, 102), (10, 11, 12, 13, 15)),
        *lines[:4],
        Node(14, "accidentalFlat", 190, 80, 7, 14, "", ()),
        _node(15, "staffLine", (20, LINES[4], 380, LINES[4] + 2)),
    ]
    return Notation(document, "MUSCIMA-pp_2.0", tuple(nodes))


def muscima(folder: Path, documents: tuple[str, ...] = ("W-12_N-04", "W-08_N-10", "W-01_N-10")) -> Path:
    """MUSCIMA++ as it is unpacked."""
    (folder / "data" / "annotations").mkdir(parents=True)
    for name in documents:
        document = f"CVC-MUSCIMA_{name}_D-ideal"
        write_mung(notation(document), folder / "data" / "annotations" / f"{document}.xml")
    return folder


# --- the same page in the formats of others ---------------------------------------------------------

SYMBOLS = [
    ("noteheadBlack", "noteheadBlackOnLine", (100, 86, 114, 97)),
    ("stem", "stem", (112, 50, 114, 90)),
    ("tuplet3", "tuplet3", (100, 30, 110, 44)),
]
"""Core name, DeepScoresV2's name, box."""


def save(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(page()).save(path)


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first `old` in a file that must have it."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def deepscores(folder: Path) -> Path:
    """The complete DeepScoresV2: two shards to train on and one to test with."""
    folder.mkdir(parents=True)
    for shard, split in ((0, "train"), (1, "train"), (0, "test")):
        name = f"lg-{shard}-{split}.png"
        save(folder / "images" / name)
        (folder / "instance").mkdir(exist_ok=True)
        picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        for k, (_, _, (x0, y0, x1, y1)) in enumerate(SYMBOLS, 1):
            picture[y0:y1, x0:x1] = (k, 2, 3)
        Image.fromarray(picture).save(folder / "instance" / f"lg-{shard}-{split}_inst.png")
        content = {
            "info": {"description": "DeepScores {braces in a string}"},
            "annotation_sets": ["deepscores", "muscima++"],
            "categories": {
                **{
                    str(k): {"name": own, "annotation_set": "deepscores", "color": k}
                    for k, (_, own, _) in enumerate(SYMBOLS, 1)
                },
                "137": {"name": "noteheadFullSmall", "annotation_set": "muscima++", "color": 1},
            },
            "images": [
                {"id": 5, "filename": name, "width": WIDTH, "height": HEIGHT, "ann_ids": ["7", "8", "9"]}
            ],
            "annotations": {
                str(6 + k): {
                    "a_bbox": list(box),
                    "o_bbox": [box[2], box[3], box[2], box[1], box[0], box[1], box[0] + 0.5, box[3]],
                    "cat_id": [str(k), "137"] if k == 1 else [str(k), None],
                    "area": 5,
                    "img_id": "5",
                    "comments": f"instance:#{k:02x}0203;",
                }
                for k, (_, _, box) in enumerate(SYMBOLS, 1)
            },
        }
        (folder / f"deepscores-complete-{shard}_{split}.json").write_text(
            json.dumps(content, indent=shard or None)
        )
    return folder


def coco(folder: Path) -> Path:
    """COCO with a region of a crowd, its annotations out of order."""
    save(folder / "val2017" / "a.png")
    save(folder / "val2017" / "b.png")
    annotations = [
        {
            "id": 10 * image + k,
            "image_id": image,
            "category_id": k,
            "bbox": [box[0], box[1], box[2] - box[0], box[3] - box[1]],
            "area": 5,
            "iscrowd": 0,
            "segmentation": [[1, 2, 3, 4]],
        }
        for k, (_, _, box) in enumerate(SYMBOLS, 1)
        for image in (7, 3)
    ]
    crowd = {"id": 99, "image_id": 3, "category_id": 2, "bbox": [0, 0, 9, 9], "area": 9, "iscrowd": 1}
    content = {
        "info": {},
        "licenses": [],
        "images": [
            {"id": image, "file_name": name, "width": WIDTH, "height": HEIGHT}
            for image, name in ((3, "a.png"), (7, "b.png"))
        ],
        "annotations": [*annotations, crowd],
        "categories": [{"id": k, "name": name} for k, (name, _, _) in enumerate(SYMBOLS, 1)],
    }
    (folder / "annotations").mkdir()
    (folder / "annotations" / "instances_val2017.json").write_text(json.dumps(content))
    return folder


def _voc_object(name: str, corners: tuple[float, ...]) -> str:
    edges = zip(("xmin", "ymin", "xmax", "ymax"), corners, strict=True)
    box = "".join(f"<{key}>{value}</{key}>" for key, value in edges)
    return f"<object><name>{name}</name><bndbox>{box}</bndbox></object>"


def _voc_page(name: str, objects: str) -> str:
    size = f"<size><width>{WIDTH}</width><height>{HEIGHT}</height><depth>1</depth></size>"
    return f"<annotation><filename>{name}</filename>{size}{objects}</annotation>"


def voc(folder: Path) -> Path:
    """Pascal VOC, pixels from 1."""
    save(folder / "JPEGImages" / "a.png")
    objects = "".join(_voc_object(name, (b[0] + 1, b[1] + 1, b[2], b[3])) for name, _, b in SYMBOLS)
    (folder / "Annotations").mkdir()
    (folder / "Annotations" / "a.xml").write_text(_voc_page("a.png", objects))
    (folder / "ImageSets" / "Main").mkdir(parents=True)
    (folder / "ImageSets" / "Main" / "train.txt").write_text("a\n")
    (folder / "ImageSets" / "Main" / "stem_train.txt").write_text("a  1\n")
    return folder


def deepscores_v1(folder: Path) -> Path:
    """DeepScores V1, fractions of the page, with names of its own."""
    save(folder / "images_png" / "lg-1-aug-lilyjazz-.png")
    objects = "".join(
        _voc_object(name, (b[0] / WIDTH, b[1] / HEIGHT, b[2] / WIDTH, b[3] / HEIGHT))
        for name, b in [*((name, box) for name, _, box in SYMBOLS), ("gClefChange", (30, 55, 50, 110))]
    )
    (folder / "xml_annotations").mkdir()
    text = _voc_page("lg-1-aug-lilyjazz-.svg", objects)
    (folder / "xml_annotations" / "lg-1-aug-lilyjazz-.xml").write_text(text)
    (folder / "train_names.csv").write_text("0,lg-1-aug-lilyjazz-\n")
    return folder


def yolo(folder: Path) -> Path:
    """YOLO text with the names in YAML."""
    save(folder / "images" / "train" / "a.png")
    lines = [
        f"{k} {(b[0] + b[2]) / 2 / WIDTH} {(b[1] + b[3]) / 2 / HEIGHT} "
        f"{(b[2] - b[0]) / WIDTH} {(b[3] - b[1]) / HEIGHT}\n"
        for k, (_, _, b) in enumerate(SYMBOLS)
    ]
    (folder / "labels" / "train").mkdir(parents=True)
    (folder / "labels" / "train" / "a.txt").write_text("".join(lines))
    names = "".join(f"  {k}: {name}\n" for k, (name, _, _) in enumerate(SYMBOLS))
    (folder / "data.yaml").write_text(f"path: .\ntrain: images/train\nnc: 3\nnames:\n{names}")
    return folder


def dota(folder: Path) -> Path:
    """DOTA: a split with the corners of each symbol in any order, one line twice, one symbol difficult."""
    save(folder / "train" / "images" / "a.png")
    corners = [(name, f"{x1} {y1}.0 {x1} {y0} {x0} {y0} {x0} {y1}") for name, _, (x0, y0, x1, y1) in SYMBOLS]
    lines = [f"{points} {name} 0\n" for name, points in corners]
    head = ["imagesource:drawn\n", "gsd:null\n"]
    (folder / "train" / "labelTxt").mkdir()
    text = "".join([*head, *lines, lines[0], "0 0 9 0 9 9 0 9 stem 1\n"])
    (folder / "train" / "labelTxt" / "a.txt").write_text(text)
    return folder


DRAWN_CLASSES = ("noteheadBlack", "stem")
"""Classes of `drawn_dataset`."""


def drawn_dataset(out: Path) -> Path:
    """Write two pages of ellipses with stems, in DeepScoresV2's format, into a folder that exists."""
    (out / "images").mkdir()
    categories = {
        "1": {"name": "noteheadBlackInSpace", "annotation_set": "deepscores", "color": 1},
        "2": {"name": "stem", "annotation_set": "deepscores", "color": 2},
    }
    images: list[dict[str, object]] = []
    annotations: dict[str, dict[str, object]] = {}
    for number in range(2):
        rng = np.random.default_rng(number)
        page = np.full((240, 240), 255, np.uint8)
        ids = []
        for x in range(30, 210, 40):
            y = int(rng.integers(70, 200))
            cv2.ellipse(page, (x, y), (7, 5), 0, 0, 360, 0, -1)
            cv2.line(page, (x + 7, y), (x + 7, y - 40), 0, 2)
            for category, box in (("1", [x - 7, y - 5, x + 8, y + 6]), ("2", [x + 6, y - 41, x + 8, y])):
                ids.append(str(len(annotations)))
                annotations[ids[-1]] = {"a_bbox": box, "cat_id": [category], "img_id": str(number)}
        cv2.imwrite(str(out / "images" / f"{number}.png"), page)
        images.append(
            {"id": number, "filename": f"{number}.png", "width": 240, "height": 240, "ann_ids": ids}
            | {"staff_space": 12.0}
        )
    content = {"categories": categories, "images": images, "annotations": annotations}
    (out / "deepscores_train.json").write_text(json.dumps(content))
    return out


KINDS = (muscima, deepscores, deepscores_v1, coco, voc, yolo, dota)
"""One of each: functions that make a dataset in a new folder."""
