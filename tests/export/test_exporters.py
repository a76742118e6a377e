"""The contract of every exporter, and what each of them writes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from omr import formats
from omr.errors import InputError
from omr.export import check, load_coco, save, save_all
from omr.export.overlay import colour, draw, label
from omr.page import Box, Page, Staff, Symbol
from omr.vocabulary import CORE
from omr.vocabulary.translation import classes_of, rename

SUFFIXES = tuple(formats.known())


def page(source: str = "minuet.png", number: int = 1, image: bool = True) -> Page:
    symbols = (
        Symbol("clefG", Box(40.25, 80, 65.5, 150), 0.9876),
        Symbol("noteheadBlack", Box(100, 110, 112, 120), 0.75),
        Symbol("stem", Box(111, 80, 112, 115)),
    )
    staff = Staff(np.array([30.0, 470.0]), np.array([[100.0 + 10 * k] * 2 for k in range(5)]))
    white = np.full((300, 500), 255, np.uint8) if image else None
    return Page(500, 300, symbols, (staff,), source, number, white)


EMPTY = Page(500, 300, source="blank.png")


@pytest.mark.parametrize("suffix", [*SUFFIXES, *map(str.upper, SUFFIXES)])
@pytest.mark.parametrize(
    "pages", [[page()], [page(image=False)], [EMPTY], [page("a.pdf", 1), page("a.pdf", 2), EMPTY]]
)
def test_every_exporter_keeps_the_contract(tmp_path: Path, suffix: str, pages: list[Page]) -> None:
    path = tmp_path / "new" / f"out{suffix}"
    first = save(pages, path)
    written = sorted(path.parent.iterdir())
    if len(pages) == 1 or getattr(formats.named(suffix), "many", True):
        assert written == [path] == [first]
    else:
        assert [p.name for p in written] == [f"out-{i}{suffix}" for i in (1, 2, 3)] and first == written[0]
    contents = [p.read_bytes() for p in written]
    assert all(contents)
    save(pages, path)
    assert sorted(path.parent.iterdir()) == written  # replaced, and nothing left over
    assert [p.read_bytes() for p in written] == contents  # the same pages, the same bytes


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_out_of_space(path: Path, content: bytes) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    path = tmp_path / f"out{suffix}"
    path.write_text("old")
    monkeypatch.setattr(Path, "write_bytes", run_out_of_space)
    with pytest.raises(InputError, match="No space left"):
        save([page()], path)
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["out.docx", "out", "out.json.gz"])
def test_unknown_suffixes_are_refused_with_the_known_ones(tmp_path: Path, name: str) -> None:
    for attempt in (check, lambda path: save([page()], path)):
        with pytest.raises(InputError, match=r"\.json, \.png, \.csv"):
            attempt(tmp_path / name)


def test_unwritable_places_are_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="can't be written") as caught:
        save([page()], tmp_path / "file" / "out.json")
    assert "\n" not in str(caught.value)


def test_a_folder_takes_two_files_a_page(tmp_path: Path) -> None:
    pages = [page("a.pdf", 1), page("a.pdf", 2), page("b.png"), page("elsewhere/b.jpg")]
    files = save_all(pages, [f"{tmp_path}/results/"])
    names = sorted(p.name for p in (tmp_path / "results").iterdir())
    stems = ("a-1", "a-2", "b-1", "b-2")
    assert names == sorted(f"{s}{end}" for s in stems for end in (".coco.json", ".overlay.png"))
    assert sorted(p.name for p in files) == names
    save([page("c.png")], tmp_path)  # a folder that is there needs no slash
    assert (tmp_path / "c.coco.json").exists()


def test_page_save_knows_folders_by_their_slash(tmp_path: Path) -> None:
    page().save(f"{tmp_path}/results/")
    assert (tmp_path / "results" / "minuet.overlay.png").exists()


def test_coco_opens_in_pycocotools(tmp_path: Path) -> None:
    from pycocotools.coco import COCO

    coco = COCO(str(save([page("a.pdf", 1), page("a.pdf", 2), EMPTY], tmp_path / "x.json")))
    assert [c["name"] for c in coco.loadCats(coco.getCatIds())] == list(CORE)
    assert len(coco.getImgIds()) == 3
    assert sorted(coco.getAnnIds()) == [1, 2, 3, 4, 5, 6]
    annotation = coco.loadAnns(1)[0]
    assert annotation["bbox"] == [40.25, 80, 25.25, 70] and annotation["area"] == 25.25 * 70
    assert annotation["score"] == 0.9876 and annotation["iscrowd"] == 0
    assert coco.loadCats(annotation["category_id"])[0]["name"] == "clefG"


def test_coco_round_trip(tmp_path: Path) -> None:
    pages = [page("a.pdf", 1), page("a.pdf", 2), EMPTY]
    assert load_coco(save(pages, tmp_path / "x.json")) == pages


def test_coco_categories_are_those_of_the_vocabulary(tmp_path: Path) -> None:
    for names in ("deepscores", "muscima"):
        path = save([rename(page(), names)], tmp_path / f"{names}.json")  # type: ignore[arg-type]
        listed = [c["name"] for c in json.loads(path.read_text())["categories"]]
        assert listed == list(classes_of(names))  # type: ignore[arg-type]
    path = save([page().with_symbols([Symbol("sackbut", Box(0, 0, 1, 1))])], tmp_path / "other.json")
    assert load_coco(path)[0].symbols[0].name == "sackbut"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '[{"image_id": 1}]',
        "{}",
        "music",
        '{"images": [], "categories": [], "annotations": [{"bbox": 1}]}',
    ],
)
def test_what_is_not_coco_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(InputError, match=r"x\.json: is not"):
        load_coco(path)
    with pytest.raises(InputError, match="can't be read"):
        load_coco(tmp_path / "missing.json")


def test_the_table_has_a_row_a_symbol(tmp_path: Path) -> None:
    path = save([page("a.pdf", 2)], tmp_path / "x.csv")
    with path.open(newline="") as file:
        first, *_, last = csv.DictReader(file)
    assert first == {
        "source": "a.pdf",
        "page": "2",
        "name": "clefG",
        "score": "0.9876",
        "x0": "40.25",
        "y0": "80",
        "x1": "65.5",
        "y1": "150",
    }
    assert last["name"] == "stem"


def test_the_overlay_draws_boxes_in_the_colour_of_their_class(tmp_path: Path) -> None:
    picture = Image.open(save([page()], tmp_path / "x.png"))
    assert picture.size == (500, 300)
    assert picture.getpixel((100, 115)) == colour("noteheadBlack")
    assert picture.getpixel((250, 250)) == (254, 254, 254)
    assert draw(page()).tobytes() == picture.tobytes()


def test_labels_are_short_and_colours_tell_classes_apart() -> None:
    assert label("noteheadBlack") == "Black" and label("timeSig4") == "4" and label("slur") == "slur"
    labels = {label(name) for name in CORE}
    assert all(labels) and max(map(len, labels)) <= 15
    assert len({colour(name) for name in CORE}) > 0.95 * len(CORE)
