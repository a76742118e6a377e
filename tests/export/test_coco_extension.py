"""The field `omr` of COCO files: the music on stored detections is that of the page, whatever is shown."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from omr.errors import InputError
from omr.export import load_coco, save
from omr.export.stored import load_detections
from omr.images import reduce_ink
from omr.page import Box, Page, Staff, Symbol, Text
from omr.view import on_original, rotated
from omr.vocabulary.translation import core_page, in_names, showing

STAFF = Staff(np.array([20.0, 200.37, 380.0]), np.array([[100.25 + 10.01 * k] * 3 for k in range(5)]))
SYMBOLS = (
    Symbol("clefG", Box(30, 85, 55, 155), 0.98),
    Symbol("noteheadBlack", Box(100.1, 125.2, 112.3, 135.4), 0.9),
    Symbol("stem", Box(111, 95, 112, 129), 0.8),
    Symbol("barline", Box(200, 100, 202, 140), 0.7),
    Symbol("noteheadWhole", Box(250, 125, 266, 135), 0.6),
    Symbol("barline", Box(378, 100, 380, 140), 0.7),
)
LOW = (Symbol("flag8thUp", Box(111, 95, 121, 125), 0.3),)


def page() -> Page:
    """Two measures, with everything that the notation stage reads."""
    grey = np.random.default_rng(0).integers(0, 255, (300, 400)).astype(np.uint8)
    found = Page(400, 300, SYMBOLS, (STAFF,), "x.png", 2, grey, low_confidence=LOW, ink=reduce_ink(grey, 10))
    return found.rounded()


def music_of(page: Page) -> str | bytes:
    return page.export("musicxml")


def same_music(one: Page, other: Page) -> bool:
    """Whether two pages give the notation stage the same values."""
    one, other = core_page(one), core_page(other)
    assert one.ink is not None and other.ink is not None
    return (
        (one.symbols, one.low_confidence, one.ink.scale)
        == (other.symbols, other.low_confidence, other.ink.scale)
        and np.array_equal(one.ink.grey, other.ink.grey)
        and all(
            np.array_equal(a.xs, b.xs) and np.array_equal(a.ys, b.ys)
            for a, b in zip(one.staves, other.staves, strict=True)
        )
    )


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(page(), id="whole"),
        pytest.param(in_names(page(), "deepscores"), id="deepscores"),
        pytest.param(in_names(page(), "muscima"), id="muscima"),
        pytest.param(showing(page(), lambda symbol: symbol.score > 0.75), id="selection"),
        pytest.param(
            in_names(showing(page(), lambda symbol: symbol.name == "stem"), "deepscores"),
            id="selection in deepscores",
        ),
        pytest.param(in_names(in_names(page(), "muscima"), "deepscores"), id="renamed twice"),
        pytest.param(in_names(in_names(page(), "deepscores"), "core"), id="renamed back"),
    ],
)
def test_stored_detections_give_the_same_music(shown: Page, tmp_path: Path) -> None:
    (stored,) = load_coco(save(shown, tmp_path / "x.json"))
    assert stored == shown  # symbols, names and size
    assert same_music(stored, page())
    assert (
        music_of(replace(stored, image=None))
        == music_of(replace(page(), image=None))
        == music_of(replace(shown, image=None))
    )


def turned_page() -> Page:
    """The page upside down and skewed, as it is kept: in pixels of the original image."""
    read = page()
    view = replace(rotated((read.height, read.width), 170), staves=read.staves).rounded()
    return on_original(replace(read, image=None), view, replace(read, image=None)).rounded()


def test_stored_view_gives_the_same_music(tmp_path: Path) -> None:
    stored = save(turned_page(), tmp_path / "x.json")
    assert json.loads(stored.read_text())["images"][0]["omr"]["version"] == 2
    (read,) = load_coco(stored)
    assert read == turned_page()
    assert np.array_equal(read.view.points, turned_page().view.points)
    assert (read.view.width, read.view.height) == (turned_page().view.width, turned_page().view.height)
    assert same_music(read, turned_page())
    assert str(music_of(read)).count("<pitch>") == 2


@pytest.mark.parametrize(
    "where, value, complaint",
    [
        ("", 7, r"omr\.view: must be an object"),
        ("width", 1.5, r"view\.width: must be a whole number"),
        ("height", 0, r"omr\.view\.height: must be a whole number from 1"),
        ("points", [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], r"view\.points: has cells without area"),
        ("points", [[[1, 2], [3, 4]]], r"view\.points: must be two rows or more"),
        ("points 0", [[1, 2]], r"view\.points: must be two rows or more"),
        ("points 0 0", [1], r"view\.points\[0\]\[0\]: has 1 numbers, not 2"),
        ("staves", None, r"view\.staves: must be a list"),
    ],
)
def test_a_wrong_view_is_named_in_one_line(where: str, value: object, complaint: str, tmp_path: Path) -> None:
    content: Any = json.loads(str(turned_page().export("coco")))
    inner, *keys = content["images"][0]["omr"], *["view", *where.split()]
    *outer, last = (int(key) if key.isdigit() else key for key in keys)
    for key in outer:
        inner = inner[key]
    inner[last] = value
    assert re.search(complaint, complaint_about(content, tmp_path / "x.json"))


def test_names_are_those_of_the_option_when_saving(tmp_path: Path) -> None:
    named = load_coco(save(page(), tmp_path / "x.json", names="deepscores"))[0]
    assert named.vocabulary == "deepscores"
    assert [s.name for s in named.symbols] == [
        "clefG",
        "noteheadBlackOnLine",
        "stem",
        "noteheadWholeOnLine",
        "staff",
    ]
    back = load_coco(save(named, tmp_path / "y.json", names="core"))[0]
    assert [s.name for s in back.symbols] == ["clefG", "noteheadBlack", "stem", "noteheadWhole"]
    assert same_music(back, page())


def test_editing_a_page_edits_its_music() -> None:
    edited = in_names(page(), "deepscores").only(lambda symbol: not symbol.name.startswith("noteheadWhole"))
    assert str(music_of(page())).count("<pitch>") == 2 and str(music_of(edited)).count("<pitch>") == 1


def test_min_score_selects_what_own_files_show_and_what_others_hold(tmp_path: Path) -> None:
    path = save(page(), tmp_path / "x.json")
    (ours,) = load_coco(path, min_score=0.75)
    assert len(ours.symbols) == 3 and same_music(ours, page())
    content = json.loads(path.read_text())
    del content["images"][0]["omr"]
    path.write_text(json.dumps(content))
    (theirs,) = load_coco(path, min_score=0.75)
    assert len(theirs.symbols) == len(core_page(theirs).symbols) == 3


def test_a_page_without_staves_needs_no_image(tmp_path: Path) -> None:
    blank = Page(400, 300, source="blank.png")
    assert load_detections(save(blank, tmp_path / "x.json")) == [blank]


@pytest.mark.parametrize("names", ["deepscores", "muscima"])
def test_a_file_of_another_program_is_read_in_its_vocabulary(names: Any, tmp_path: Path) -> None:
    path = save(page(), tmp_path / "x.json", names=names)
    content = json.loads(path.read_text())
    del content["images"][0]["omr"]
    content["categories"].append({"id": 999, "name": "sackbut"})
    content["annotations"].append({"id": 999, "image_id": 1, "category_id": 999, "bbox": [1, 1, 5, 5]})
    path.write_text(json.dumps(content))
    (read,) = load_detections(path)
    assert read.vocabulary == names and len(read.staves) == 1  # from the symbol named staff
    assert {"clefG", "noteheadBlack", "noteheadWhole", "stem"} <= {s.name for s in core_page(read).symbols}


def test_a_file_of_release_0_1_keeps_its_staves(tmp_path: Path) -> None:
    path = save(page(), tmp_path / "x.json")
    content = json.loads(path.read_text())
    content["images"][0]["staves"] = content["images"][0].pop("omr")["staves"]
    path.write_text(json.dumps(content))
    (read,) = load_detections(path)
    assert np.array_equal(read.staves[0].ys, page().staves[0].ys)


WRONG: list[tuple[str, Any, str]] = [
    ("", [], r"omr: must be an object"),
    ("version", 9, r"omr\.version: is 9, this program reads 1 and 2"),
    ("version", None, r"omr\.version: is None"),
    ("vocabulary", "latin", r"omr\.vocabulary: is 'latin'; it must be one of core, deepscores, muscima"),
    ("vocabulary", [], r"omr\.vocabulary: is \[\]"),
    ("staves", None, r"omr\.staves: must be a list, not nothing"),
    ("staves", {"xs": 1}, r"omr\.staves: must be a list"),
    ("staves 0", 7, r"omr\.staves\[0\]: must be an object"),
    ("staves 0 xs", [1], r"staves\[0\]\.xs: must be two numbers or more"),
    ("staves 0 xs", [3, 2, 1], r"staves\[0\]\.xs: must be two numbers or more that ascend"),
    ("staves 0 xs 0", float("nan"), r"staves\[0\]\.xs: nan is no finite number"),
    ("staves 0 xs 0", True, r"staves\[0\]\.xs: True is no finite number"),
    ("staves 0 ys", [], r"staves\[0\]\.ys: has no line"),
    ("staves 0 ys 2", [1, 2], r"staves\[0\]\.ys\[2\]: has 2 numbers, not 3"),
    ("staves 0 ys 2 0", None, r"staves\[0\]\.ys\[2\]: nothing is no finite number"),
    ("low_confidence", {}, r"low_confidence: must be a list"),
    ("low_confidence 0 name", "flag", r"low_confidence\[0\]\.name: 'flag' is no core class"),
    ("low_confidence 0 score", None, r"low_confidence\[0\]\.score: nothing is no finite number"),
    ("low_confidence 0 bbox", [1, 2, 3], r"low_confidence\[0\]\.bbox: has 3 numbers, not 4"),
    ("detected", [{}], r"detected\[0\]\.name: None is no core class"),
    ("ink scale", 0, r"ink\.scale: is 0, not above 0"),
    ("ink png", "!", r"ink\.png: is no PNG picture"),
    ("ink png", None, r"ink\.png: must be a text, not nothing"),
]
"""The path of a value in the field, what to put there, and the start of the message."""


def complaint_about(content: object, path: Path) -> str:
    """The message that reading a file of this content gives."""
    path.write_text(json.dumps(content))
    with pytest.raises(InputError, match=r"^\S*x\.json: ") as caught:
        load_coco(path)
    return str(caught.value)


@pytest.mark.parametrize("where, value, complaint", WRONG)
def test_a_wrong_field_is_named_in_one_line(
    where: str, value: object, complaint: str, tmp_path: Path
) -> None:
    content: Any = json.loads(str(page().export("coco")))
    inner, *keys = content["images"][0], *["omr", *where.split()]
    *outer, last = (int(key) if key.isdigit() else key for key in keys)
    for key in outer:
        inner = inner[key]
    inner[last] = value
    message = complaint_about(content, tmp_path / "x.json")
    assert re.search(r"images\[0\]\.omr.*" if where else r"images\[0\]\.", message)
    assert re.search(complaint, message) and "\n" not in message


@pytest.mark.parametrize(
    "change, complaint",
    [
        ({"bbox": [1, 2, 3, float("inf")]}, r"annotations\[1\]\.bbox: inf is no finite number"),
        ({"score": "high"}, r"annotations\[1\]\.score: 'high' is no finite number"),
    ],
)
def test_a_wrong_annotation_is_named_in_one_line(
    change: dict[str, object], complaint: str, tmp_path: Path
) -> None:
    content = json.loads(str(page().export("coco")))
    content["annotations"][1].update(change)
    assert re.search(complaint, complaint_about(content, tmp_path / "x.json"))


def test_texts_are_stored(tmp_path: Path) -> None:
    texts = (
        Text("Abendlied", Box(100, 20.5, 220.25, 40), 0.98, "title"),
        Text("ist", Box(1, 2, 3, 4), 1, "lyrics", 2),
    )
    [stored] = load_coco(save(replace(page(), texts=texts), tmp_path / "x.json"))
    assert stored.texts == texts


def test_music_with_words_is_the_same_from_stored_detections(tmp_path: Path) -> None:
    texts = (
        Text("Abendlied", Box(150.123, 20.5, 250, 40), 0.98765, "title"),
        Text("ist", Box(96.111, 170, 116.999, 182), 1, "lyrics", 1),
        Text("Cm7", Box(100, 60, 125, 72), 1, "chord name"),
    )
    read = replace(page(), texts=texts).rounded()
    [stored] = load_coco(save(read, tmp_path / "x.json"))
    xml = music_of(read)
    assert isinstance(xml, str) and "<text>ist</text>" in xml and "minor-seventh" in xml
    assert music_of(stored) == xml


def test_text_of_unknown_kind_is_refused(tmp_path: Path) -> None:
    path = save(replace(page(), texts=(Text("x", Box(1, 2, 3, 4), 1, "title"),)), tmp_path / "x.json")
    path.write_text(path.read_text().replace('"kind": "title"', '"kind": "riddle"'))
    with pytest.raises(InputError, match=re.escape("texts[0].kind: 'riddle' is no kind of text")):
        load_coco(path)
