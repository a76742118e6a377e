"""The readers of files, each as a function of bytes and of a folder for them, and content to start from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image

from omr.datasets import Dataset
from omr.datasets.mung import read_mung
from omr.export.stored import load_detections
from omr.images import load_pages
from tests.builders import bad_inputs


def _image(content: bytes, folder: Path) -> None:
    list(load_pages(content))


def _pdf(content: bytes, folder: Path) -> None:
    list(load_pages(b"%PDF-1.4\n" + content, dpi=36))


def _coco(content: bytes, folder: Path) -> None:
    file = folder / "x.json"
    file.write_bytes(content)
    load_detections(file)


def _mung(content: bytes, folder: Path) -> None:
    file = folder / "x.xml"
    file.write_bytes(content)
    for node in read_mung(file):
        node.mask  # noqa: B018 (may raise)


def _voc(content: bytes, folder: Path) -> None:
    (folder / "Annotations").mkdir()
    (folder / "Annotations" / "x.xml").write_bytes(b"<annotation>" + content)
    list(Dataset(folder))


def _yolo(content: bytes, folder: Path) -> None:
    for name in ("labels", "images"):
        (folder / name).mkdir()
    (folder / "classes.txt").write_text("clefG\nclefF\n")
    (folder / "labels" / "x.txt").write_bytes(content)
    Image.new("L", (100, 100)).save(folder / "images" / "x.png")
    list(Dataset(folder))


def _weights(content: bytes, folder: Path) -> None:
    from omr import registry

    file = folder / "x.safetensors"
    file.write_bytes(content)
    registry.read(file)


READERS: dict[str, Callable[[bytes, Path], object]] = {
    "image": _image, "pdf": _pdf, "coco": _coco, "mung": _mung, "voc": _voc, "yolo": _yolo,
    "weights": _weights,
}  # fmt: skip

MUNG = b"""<Nodes document="x"><Node><Id>0</Id><ClassName>stem</ClassName><Top>1</Top><Left>2</Left>
<Width>2</Width><Height>2</Height><Mask>1:2 0:2</Mask><Outlinks>0</Outlinks></Node></Nodes>"""

VOC = b"""<size><width>50</width><height>50</height></size><object><name>stem</name><bndbox><xmin>1</xmin>
<ymin>1</ymin><xmax>2</xmax><ymax>9</ymax></bndbox></object></annotation>"""

SEEDS: dict[str, bytes] = {
    "image": bad_inputs.image("PNG", Image.new("L", (40, 40), 255)),
    "pdf": bad_inputs.pdf("/MediaBox[0 0 200 200]"),
    "coco": bad_inputs.stored(),
    "mung": MUNG,
    "voc": VOC,
    "yolo": b"0 0.5 0.5 0.1 0.2\n1 0.1 0.1 0.1 0.1\n",
}
"""Content that each reader reads; changes to it reach further than noise does."""
