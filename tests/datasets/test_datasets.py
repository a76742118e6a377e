"""The contract of every reader, every writer, and their round trips."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import omr
from omr.datasets import READERS, Dataset, DeepScores, DeepScoresV1, Dota, Muscima, PascalVoc
from omr.datasets.survey import survey
from omr.datasets.writing import WRITERS, write
from omr.errors import InputError
from omr.page import Box
from tests.builders import datasets as tiny

DATA = os.environ.get("OMR_DATA")

READ_BY = {
    "coco": "Coco",
    "deepscores": "DeepScores",
    "deepscores-v1": "DeepScoresV1",
    "mung": "Muscima",
    "voc": "PascalVoc",
    "yolo": "Yolo",
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A tiny dataset of each kind, written by hand as it is published."""
    folder = tmp_path_factory.mktemp("published")
    return {make.__name__: make(folder / make.__name__) for make in tiny.KINDS}


def test_every_reader_has_a_tiny_dataset(published: dict[str, Path]) -> None:
    assert {type(Dataset(path)) for path in published.values()} == set(READERS)
    assert set(READ_BY.values()) | {"Dota"} == {reader.__name__ for reader in READERS}


def test_dataset_subclass_without_pages_is_refused() -> None:
    with pytest.raises(TypeError, match="Empty must override __len__"):
        type("Empty", (Dataset,), {})


@pytest.mark.parametrize("kind", [make.__name__ for make in tiny.KINDS])
def test_every_reader_keeps_the_contract(published: dict[str, Path], kind: str) -> None:
    dataset = omr.Dataset(published[kind])
    assert isinstance(dataset, Dataset) and dataset.split is None and dataset.path == published[kind]
    assert len(dataset) >= 1 and [page.source for page in dataset] == [p.source for p in list(dataset)]
    for i, page in enumerate(dataset):
        image = dataset.image(i)
        assert image.dtype == np.uint8 and image.shape == (page.height, page.width)
        assert 0 < (image < 128).mean() < 0.5  # black ink on white
        assert {s.name for s in page.symbols} <= dataset.categories
        assert all(s.score == 1 and s.box.width > 0 and s.box.height > 0 for s in page.symbols)
        assert page.symbols and dataset.core(i).symbols
        assert {s.name for s in dataset.core(i).symbols} <= set(omr.vocabulary.CORE)
        assert dataset.staff_space(i) == pytest.approx(tiny.SPACE, abs=0.5)
        assert len(dataset.core_names(i)) == len(page.symbols)
        head = dataset.core_names(i).index("noteheadBlack")
        assert page.symbols[head].box == pytest.approx(Box(100, 86, 114, 97), abs=1e-3)
        instances = dataset.instances(i)
        if instances is not None:
            assert instances.shape == image.shape and instances[92, 103] == head + 1
    with pytest.raises(IndexError):
        dataset[len(dataset)]
    with pytest.raises(InputError, match="no split 'nonsense'"):
        dataset.part("nonsense")
    for split in dataset.splits:
        part = dataset.part(split)
        assert part.split == split and 0 < len(part) <= len(dataset)
        assert dataset.preferably(split).split == part.preferably("train").split == split
    assert dataset.preferably("nonsense") is dataset
    again = Dataset(published[kind])
    assert list(again) == list(dataset)
    assert list(pickle.loads(pickle.dumps(dataset))) == list(dataset)  # processes that cut crops get it so


@pytest.mark.parametrize("kind", [make.__name__ for make in tiny.KINDS])
def test_a_missing_image_is_named(tmp_path: Path, kind: str) -> None:
    (make,) = [make for make in tiny.KINDS if make.__name__ == kind]
    folder = make(tmp_path / "d")
    for image in [*folder.rglob("*.png"), *folder.rglob("*.jpg")]:
        image.unlink()
    dataset = Dataset(folder)
    if isinstance(dataset, Muscima):  # rebuilt from the masks
        assert dataset.image(0).min() == 0
        return
    with pytest.raises(InputError) as caught:
        dataset.image(0)
    assert str(tmp_path) in str(caught.value) and "\n" not in str(caught.value)


# --- writers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("kind", [make.__name__ for make in tiny.KINDS])
def test_every_format_is_written_and_read_back(
    published: dict[str, Path], tmp_path: Path, kind: str, form: str
) -> None:
    before = Dataset(published[kind])
    after = Dataset(write(before, tmp_path / "out", form))
    assert type(after).__name__ == READ_BY[form]
    if form == "mung":  # which has no lists of splits
        assert len(after) == len(before)
    else:
        assert set(after.splits) == ({s for s in before.splits if "/" not in s} or {"all"})
    old = {Path(page.source).stem: (page, before.image(i)) for i, page in enumerate(before)}
    assert len(after) == len(old)
    near = 1.0 if form == "mung" else 1e-3
    for i, page in enumerate(after):
        was, image = old[Path(page.source).stem]
        assert page.crowds == (was.crowds if form == "coco" else ())
        assert (page.width, page.height) == (was.width, was.height)
        assert (after.image(i) == image).all()
        assert [s.name for s in page.symbols] == [s.name for s in was.symbols]
        for new, true in zip(page.symbols, was.symbols, strict=True):
            assert new.box == pytest.approx(true.box, abs=near)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_core_names_can_be_written(published: dict[str, Path], tmp_path: Path) -> None:
    dataset = Dataset(published["muscima"], "test")
    names = [s.name for s in Dataset(write(dataset, tmp_path / "out", "coco", core=True))[0].symbols]
    assert names == [s.name for s in dataset.core(0).symbols] and "tuplet3" in names


def test_mung_keeps_masks_and_edges(published: dict[str, Path], tmp_path: Path) -> None:
    before = Dataset(published["muscima"], "test")
    after = Dataset(write(before, tmp_path / "out", "mung"))
    assert isinstance(before, Muscima) and isinstance(after, Muscima)
    assert after.notation(0).edges == before.notation(0).edges
    for a, b in zip(after.notation(0), before.notation(0), strict=True):
        assert (a.mask == b.mask).all()


def test_mung_takes_the_ink_for_masks(published: dict[str, Path], tmp_path: Path) -> None:
    after = Dataset(write(Dataset(published["coco"]), tmp_path / "out", "mung"))
    assert isinstance(after, Muscima)
    head = next(node for node in after.notation(0) if node.name == "noteheadBlack")
    assert not head.mask[0, 0] and head.mask[5].all()


def test_oriented_boxes_are_kept(published: dict[str, Path], tmp_path: Path) -> None:
    before = Dataset(published["deepscores"], "train")
    after = Dataset(write(before, tmp_path / "out", "deepscores"))
    assert isinstance(before, DeepScores) and isinstance(after, DeepScores)
    assert before.oriented(0).shape == (len(before[0].symbols), 4, 2)
    assert (after.oriented(0) == before.oriented(0)).all()


def test_what_is_there_is_not_overwritten(published: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(InputError, match="is there already"):
        write(Dataset(published["coco"]), tmp_path, "voc")
    with pytest.raises(InputError, match="no such format; there are coco"):
        write(Dataset(published["coco"]), tmp_path / "new", "docx")
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_failed_conversion_leaves_nothing(tmp_path: Path) -> None:
    folder = tiny.coco(tmp_path / "d")
    next(folder.rglob("*.png")).unlink()
    with pytest.raises(InputError):
        write(Dataset(folder), tmp_path / "out", "voc")
    assert [p.name for p in tmp_path.iterdir()] == ["d"]


def test_a_crowd_is_no_symbol_but_a_place_that_teaches_nothing(published: dict[str, Path]) -> None:
    dataset = Dataset(published["coco"])
    (first, none) = sorted(range(2), key=lambda i: dataset[i].source)
    assert dataset.ignore_regions(first).tolist() == [[0, 0, 9, 9]]
    assert dataset.ignore_regions(none).shape == (0, 4)
    assert not [symbol for symbol in dataset[first].symbols if symbol.box.x1 == 9]


# --- DOTA -------------------------------------------------------------------------------------------


def test_dota_keeps_the_corners_and_a_repeated_line_once(published: dict[str, Path]) -> None:
    dataset = Dataset(published["dota"])
    assert isinstance(dataset, Dota) and dataset.splits == ("train",)
    assert [s.name for s in dataset[0].symbols] == [name for name, _, _ in tiny.SYMBOLS]
    assert dataset.oriented(0)[0].tolist() == [[114, 97], [114, 86], [100, 86], [100, 97]]
    assert dataset.ignore_regions(0).tolist() == [[0, 0, 9, 9]]


def test_dota_opens_a_split_and_its_labels_alone(published: dict[str, Path]) -> None:
    for folder in ("train", "train/labelTxt"):
        part = Dataset(published["dota"] / folder)
        assert isinstance(part, Dota) and part.splits == () and len(part) == 1


def test_dota_names_a_broken_line(tmp_path: Path) -> None:
    folder = tiny.dota(tmp_path / "d")
    tiny.edit(folder / "train/labelTxt/a.txt", "114 86 100", "114 86")
    with pytest.raises(InputError, match=r"a\.txt: line 3 is not a DOTA label .*; write it again"):
        Dataset(folder)


# --- surveys ----------------------------------------------------------------------------------------


def test_a_survey_counts(published: dict[str, Path]) -> None:
    found = survey(Dataset(published["muscima"]))
    assert found.pages == 3 and found.classes["numeral3"] == 6 and not found.broken
    assert found.spaces == pytest.approx([tiny.SPACE] * 3)


Damage = Callable[[Path], None]


def beyond(folder: Path) -> None:
    tiny.edit(folder / "Annotations/a.xml", "<xmax>114</xmax>", "<xmax>1140</xmax>")


def empty(folder: Path) -> None:
    tiny.edit(folder / "Annotations/a.xml", "<xmin>101</xmin>", "<xmin>115</xmin>")


def cut_short(folder: Path) -> None:
    tiny.edit(folder / "Annotations/a.xml", "</annotation>", "")


def without_image(folder: Path) -> None:
    (folder / "JPEGImages/a.png").unlink()


def of_another_size(folder: Path) -> None:
    Image.new("L", (50, 60), "white").save(folder / "JPEGImages/a.png")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (beyond, "beyond the page"),
        (empty, "is empty"),
        (cut_short, "not whole XML"),
        (without_image, "its image a.png is not in"),
        (of_another_size, "the image is 50 x 60"),
    ],
)
def test_a_survey_names_what_is_broken(tmp_path: Path, damage: Damage, said: str) -> None:
    folder = tiny.voc(tmp_path / "d")
    dataset = PascalVoc(folder)
    damage(folder)
    found = survey(dataset)
    assert len(found.broken) == 1 and said in found.broken[0]


# --- what is published ------------------------------------------------------------------------------


@pytest.mark.data
def test_the_published_page_of_deepscores_v1() -> None:
    dataset = Dataset(Path(str(DATA)) / "deepscores-v1-sample")
    assert isinstance(dataset, DeepScoresV1) and len(dataset[0].symbols) == 118
    ink = dataset.segmentation(0) > 0  # type: ignore[attr-defined]
    assert ink.shape == (dataset[0].height, dataset[0].width)
    for symbol in dataset[0].symbols:  # every box has ink in its middle rows
        x0, y0, x1, y1 = (round(v) for v in symbol.box)
        assert ink[y0:y1, x0:x1].mean() > 0.1
    assert len(dataset.core(0).symbols) == 118


@pytest.mark.data
def test_the_published_oriented_boxes_of_deepscores_v2_are_those_of_its_json() -> None:
    path = Path(str(DATA)) / "deepscores-v2-sample"
    dota, own = Dataset(path / "labelTxt"), DeepScores(path)
    assert isinstance(dota, Dota) and dota.names == "deepscores"
    assert len(dota[0].symbols) == len(own[0].symbols) == 547
    assert sorted(dota.oriented(0).ravel()) == pytest.approx(sorted(own.oriented(0).ravel()))


@pytest.mark.data
def test_the_published_page_of_deepscores_v2_has_two_sets_of_names() -> None:
    path = Path(str(DATA)) / "deepscores-v2-sample"
    own, other = DeepScores(path), DeepScores(path, annotation_set="muscima++")
    assert len(own.categories) == 136 and len(other.categories) == 72
    assert own.names == "deepscores" and other.names == "muscima"
    assert {s.name for s in other[0].symbols} <= other.categories and other[0].symbols
    first = own.oriented(0)[0]
    assert first[0] == pytest.approx([2577.90283203125, 301.6253356933594])
    assert own.segmentation(0).shape == (3828, 2707)
    with pytest.raises(InputError, match="no annotation set 'core'; there are deepscores, muscima"):
        DeepScores(path, annotation_set="core")
