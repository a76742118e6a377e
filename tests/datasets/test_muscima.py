"""MUSCIMA++: its graph, its pages rebuilt, its splits; from folders and archives."""

from __future__ import annotations

import io
import os
import shutil
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from omr.datasets import Dataset, Muscima
from omr.datasets.mung import Node, Notation, encode_mask, read_mung, write_mung
from omr.errors import InputError
from omr.page import Box
from tests.builders import datasets as tiny

DATA = os.environ.get("OMR_DATA")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OMR_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@given(st.integers(1, 9), st.integers(1, 9), st.randoms(use_true_random=False))
def test_masks_and_runs_are_inverse(height: int, width: int, random) -> None:  # type: ignore[no-untyped-def]
    mask = np.array([[random.random() < 0.5 for _ in range(width)] for _ in range(height)])
    assert (Node(0, "slur", 0, 0, width, height, encode_mask(mask)).mask == mask).all()


def test_a_node_without_runs_is_its_whole_box() -> None:
    assert Node(0, "slur", 3, 4, 5, 2).mask.all() and Node(0, "slur", 3, 4, 5, 2).box == Box(3, 4, 8, 6)


def test_mung_round_trip(tmp_path: Path) -> None:
    before = tiny.notation()
    write_mung(before, tmp_path / "a.xml")
    after = read_mung(tmp_path / "a.xml")
    assert (after.document, after.dataset, after.edges) == (before.document, before.dataset, before.edges)
    for a, b in zip(before, after, strict=True):
        assert (a.id, a.name, a.box, a.outlinks) == (b.id, b.name, b.box, b.outlinks)
        assert (a.mask == b.mask).all()


def test_the_graph_is_walked_both_ways() -> None:
    notation = tiny.notation()
    assert [node.name for node in notation.children(notation[2])] == ["numeral3"]
    assert [node.name for node in notation.parents(notation[1])] == ["noteheadFull"]
    assert notation.parents(notation[0]) == []


def test_names_are_as_published_and_core_names_use_the_graph(tmp_path: Path) -> None:
    dataset = Dataset(tiny.muscima(tmp_path / "m"))
    assert isinstance(dataset, Muscima) and dataset.names == "muscima"
    assert Counter(s.name for s in dataset[0].symbols)["numeral3"] == 2
    core = {s.name: s.box for s in dataset.core(0).symbols}
    assert core["tuplet3"] == Box(100, 30, 110, 44) and core["timeSig3"] == Box(60, 60, 72, 80)
    assert {"noteheadBlackSmall", "accidentalFlatSmall", "graceNoteAcciaccaturaStemUp"} <= set(core)
    assert not {"tuple", "staff", "staffLine", "accidentalFlat"} & set(core)


def test_the_page_is_rebuilt_at_its_true_size(tmp_path: Path) -> None:
    dataset = Dataset(tiny.muscima(tmp_path / "m"), "train")
    assert (dataset[0].width, dataset[0].height) == (3487, 1710)  # W-01_N-10, as published
    image = dataset.image(0)
    assert image.shape == (1710, 3487) and image.dtype == np.uint8
    assert (image[: tiny.HEIGHT, : tiny.WIDTH] == tiny.page()).all() and (image[tiny.HEIGHT :] == 255).all()


def test_unknown_pages_are_as_large_as_their_symbols(tmp_path: Path) -> None:
    write_mung(tiny.notation("mine"), tmp_path / "mine.xml")
    dataset = Dataset(tmp_path)
    assert dataset.image(0).shape == (dataset[0].height, dataset[0].width) == (102, 380)
    assert dataset.splits == () and len(Dataset(tmp_path / "mine.xml")) == 1


def test_staff_lines_and_space_come_from_the_masks(tmp_path: Path) -> None:
    dataset = Dataset(tiny.muscima(tmp_path / "m"))
    (staff,) = dataset[0].staves
    assert dataset.staff_space(0) == pytest.approx(tiny.SPACE)
    assert staff.lines_at(200) == pytest.approx([y + 1 for y in tiny.LINES])


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize(
    "place",
    [
        "data/images/CVC-MUSCIMA_W-01_N-10_D-ideal.png",
        "CvcMuscima-Distortions/ideal/w-01/image/p010.png",
        "../CvcMuscima-Distortions/ideal/w-01/image/p010.png",
    ],
)
def test_the_real_image_is_taken_where_it_lies(tmp_path: Path, place: str, inverted: bool) -> None:
    folder = tiny.muscima(tmp_path / "m", ("W-01_N-10",))
    page = np.full((1710, 3487), 255, np.uint8)
    page[5, 7] = 0  # ink that no mask has
    (folder / place).parent.mkdir(parents=True)
    Image.fromarray(255 - page if inverted else page).save(folder / place)
    assert (Dataset(folder).image(0) == page).all()


def test_splits(tmp_path: Path) -> None:
    folder = tiny.muscima(tmp_path / "m")
    assert [len(Dataset(folder, split)) for split in ("train", "val", "test")] == [1, 1, 1]
    assert len(Dataset(folder)) == 3
    assert Dataset(folder).part("test")[0].source == "CVC-MUSCIMA_W-12_N-04_D-ideal.png"
    with pytest.raises(InputError, match=r"no split 'dev'; there are train, val, test, dependent/train"):
        Dataset(folder, "dev")


def test_version_1_is_read_with_the_names_of_version_2(tmp_path: Path) -> None:
    objects = "".join(
        f"<CropObject xml:id='x___{n}'><Id>{n}</Id><MLClassName>{name}</MLClassName><Top>{top}</Top>"
        f"<Left>10</Left><Width>4</Width><Height>4</Height><Selected>false</Selected><Mask>1:16</Mask>"
        f"<Outlinks>{links}</Outlinks></CropObject>"
        for n, name, top, links in [
            (0, "notehead-empty", 40, "1 3"),
            (1, "stem", 20, ""),
            (2, "notehead-empty", 60, ""),
            (3, "8th_flag", 20, ""),
            (4, "notehead-full", 10, "5"),
            (5, "16th_flag", 40, ""),
            (6, "sharp", 80, ""),
            (7, "numeral_3", 80, ""),
            (8, "letter_a", 80, ""),
            (9, "letter_P", 80, ""),
        ]
    )
    folder = tmp_path / "v1.0" / "data" / "cropobjects_withstaff"
    folder.mkdir(parents=True)
    text = f"<?xml version='1.0'?><CropObjectList><CropObjects>{objects}</CropObjects></CropObjectList>"
    (folder / "CVC-MUSCIMA_W-12_N-04_D-ideal.xml").write_text(text)
    names = [s.name for s in Dataset(tmp_path, "test")[0].symbols]
    assert names[:6] == ["noteheadHalf", "stem", "noteheadWhole", "flag8thUp", "noteheadFull", "flag16thDown"]
    assert names[6:] == ["accidentalSharp", "numeral3", "characterSmallA", "characterCapitalP"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("<Top>", "<Oben>").replace("</Top>", "</Oben>"),
        lambda text: text.replace("<Id>3</Id>", "<Id>4</Id>"),
        lambda text: text.replace("<Outlinks>3</Outlinks>", "<Outlinks>99</Outlinks>"),
        lambda text: text.replace("<Width>10</Width>", "<Width>ten</Width>"),
        lambda text: "<Nodes",
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    write_mung(tiny.notation("mine"), tmp_path / "mine.xml")
    (tmp_path / "mine.xml").write_text(damage((tmp_path / "mine.xml").read_text()))
    with pytest.raises(InputError, match=r"mine\.xml: "):
        Dataset(tmp_path)[0]


def test_a_mask_that_does_not_fill_its_box_is_named(tmp_path: Path) -> None:
    write_mung(Notation("mine", "", (Node(0, "slur", 0, 0, 3, 3, "1:5"),)), tmp_path / "mine.xml")
    with pytest.raises(InputError, match=r"mine\.xml: .*mask"):
        Dataset(tmp_path).image(0)


# --- archives and hostile files ---------------------------------------------------------------------


def archive_of(folder: Path, file: Path) -> Path:
    kind, suffix = ("zip", ".zip") if file.suffix == ".zip" else ("xztar", ".tar.xz")
    return Path(shutil.make_archive(str(file).removesuffix(suffix), kind, folder))


@pytest.mark.parametrize("name", ["muscima-pp-2.0.tar.xz", "MUSCIMA-pp_v2.0.zip"])
def test_the_archive_is_unpacked_once_into_the_cache(tmp_path: Path, cache: Path, name: str) -> None:
    packed = archive_of(tiny.muscima(tmp_path / "m"), tmp_path / "published" / name)
    for path in (packed, packed.parent):
        dataset = Dataset(path, "test")
        assert len(dataset) == 1 and dataset.image(0).min() == 0
    assert [p.name for p in packed.parent.iterdir()] == [name]
    assert len(list(cache.iterdir())) == 1


def hostile_tar(file: Path) -> None:
    with tarfile.open(file, "w:xz") as tar:
        entry = tarfile.TarInfo("../../escaped.xml")
        entry.size = 4
        tar.addfile(entry, io.BytesIO(b"evil"))


def hostile_link(file: Path) -> None:
    with tarfile.open(file, "w:xz") as tar:
        link = tarfile.TarInfo("data")
        link.type, link.linkname = tarfile.SYMTYPE, "/tmp"
        tar.addfile(link)


def hostile_zip(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as content:
        content.writestr("../../escaped.xml", "evil")


def broken(file: Path) -> None:
    file.write_bytes(b"\xfd7zXZ\x00 and no more")


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("muscima.tar.xz", hostile_tar),
        ("muscima.tar.xz", hostile_link),
        ("muscima.zip", hostile_zip),
        ("muscima.tar.xz", broken),
        ("muscima.zip", broken),
    ],
)
def test_hostile_archives_are_refused_and_write_nothing(tmp_path: Path, name: str, make) -> None:  # type: ignore[no-untyped-def]
    make(tmp_path / name)
    with pytest.raises(InputError, match=name):
        Dataset(tmp_path)
    left = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert left == [tmp_path / name]
    assert not list((tmp_path / "cache").glob("*"))


LAUGHS = """<?xml version="1.0"?><!DOCTYPE Nodes [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<Nodes document="x"><Node><Id>0</Id><ClassName>&d;</ClassName></Node></Nodes>"""

STOLEN = """<?xml version="1.0"?><!DOCTYPE Nodes [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<Nodes document="&a;"></Nodes>"""


@pytest.mark.parametrize("text", [LAUGHS, STOLEN])
def test_hostile_xml_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.xml").write_text(text)
    with pytest.raises(InputError, match=r"x\.xml: declares a document type"):
        read_mung(tmp_path / "x.xml")


# --- what is published ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.data
def test_the_published_archive(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMR_CACHE", str(published))
    path = Path(str(DATA)) / "muscima-pp"
    whole = Dataset(path)
    parts = {split: {page.stem for page in Dataset(path, split)._files} for split in whole.splits}  # type: ignore[attr-defined]
    assert [len(parts[s]) for s in ("train", "val", "test")] == [104, 16, 20] and len(whole) == 140
    assert [len(parts[f"84-28-28/{s}"]) for s in ("train", "val", "test")] == [84, 28, 28]
    for name, split in (("independent", "test"), ("dependent", "dependent/test")):
        (listed,) = published.glob(f"*/specifications/testset-{name}.txt")
        assert parts[split] == set(listed.read_text().split())
    writers = {split: {name[14:16] for name in pages} for split, pages in parts.items()}
    assert not writers["train"] & writers["test"] and not writers["val"] & (
        writers["train"] | writers["test"]
    )
    assert writers["dependent/test"] <= writers["dependent/train"]
    assert len(whole.categories) == 163
    page = whole[0]
    assert whole.image(0).shape == (page.height, page.width) == (1710, 3487)
    assert whole.staff_space(0) == pytest.approx(28.8, abs=0.1)
    assert len(page.staves) == 6 and len(page.symbols) == 807
