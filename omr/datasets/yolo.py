"""YOLO text: a line a symbol, its class's number and its box as fractions of the image.

The layout is that of Ultralytics and Darknet: ``images/train/a.png`` beside
``labels/train/a.txt``; the names of the classes in ``data.yaml`` or
``classes.txt``.
"""

from __future__ import annotations

import re
from math import isfinite
from pathlib import Path
from typing import ClassVar

from PIL import Image

from omr.datasets.base import Dataset, vocabulary_of
from omr.errors import InputError
from omr.page import Box, Page, Symbol


class Yolo(Dataset):
    """Read a folder with ``labels``, ``images`` and the names of the classes.

    Folders in ``labels`` are splits.

    Parameters
    ----------
    path : str or Path
    split : str, optional

    Raises
    ------
    InputError
        When files are missing or broken, or there is no such split.
    """

    looks_like: ClassVar[str] = "YOLO (labels/*.txt beside images and data.yaml or classes.txt)"

    def __init__(self, path: str | Path, split: str | None = None) -> None:
        super().__init__(path, split)
        self._classes = _classes(self.path)
        self.categories = frozenset(self._classes)
        self.names = vocabulary_of(self.categories)
        labels = self.path / "labels"
        self.splits = tuple(sorted(folder.name for folder in labels.iterdir() if folder.is_dir()))
        if split is not None and split not in self.splits:
            raise self._no_split(split)
        self._labels = sorted((labels / split if split else labels).rglob("*.txt"))

    @classmethod
    def finds(cls, path: Path) -> bool:
        """Tell whether a path has YOLO labels and names."""
        named = any((path / name).is_file() for name in ("data.yaml", "classes.txt"))
        return named and (path / "labels").is_dir()

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, i: int) -> Page:
        file, image = self._labels[i], self.image_file(i)
        with Image.open(image) as opened:
            width, height = opened.size
        symbols = []
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except ValueError as error:
            raise InputError(f"{file}: is not a YOLO label but bytes; write it again") from error
        for number, line in enumerate(lines, start=1):
            try:
                label, x, y, w, h = line.split()[:5]
                cx, cy, half_w, half_h = (float(v) for v in (x, y, w, h))
                if not all(map(isfinite, (cx, cy, half_w, half_h))) or int(label) < 0:
                    raise ValueError("a number beyond any page")
                box = Box(
                    (cx - half_w / 2) * width,
                    (cy - half_h / 2) * height,
                    (cx + half_w / 2) * width,
                    (cy + half_h / 2) * height,
                )
                symbols.append(Symbol(self._classes[int(label)], box))
            except (ValueError, IndexError) as error:
                raise InputError(
                    f"{file}: line {number} is not a YOLO label ({error}); write it again"
                ) from error
        return Page(width, height, tuple(symbols), source=image.name, vocabulary=self.names)

    def image_file(self, i: int) -> Path:
        """Find the picture of a page."""
        below = self._labels[i].relative_to(self.path / "labels")
        places = sorted((self.path / "images" / below.parent).glob(f"{_escaped(below.stem)}.*"))
        if not places:
            raise InputError(f"{self._labels[i]}: has no image in {self.path / 'images' / below.parent}")
        return places[0]


def _escaped(stem: str) -> str:
    """Escape a file name for `Path.glob`."""
    return re.sub(r"([\[\]*?])", r"[\1]", stem)


def _classes(path: Path) -> list[str]:
    """Read the names of the classes by number; of YAML, only lists of names are understood."""
    listed = path / "classes.txt"
    if listed.is_file():
        return listed.read_text(encoding="utf-8").split()
    text = (path / "data.yaml").read_text(encoding="utf-8")
    _, _, names = text.partition("names:")
    if inline := re.match(r"\s*\[(.*?)\]", names, re.DOTALL):
        return [name.strip().strip("'\"") for name in inline[1].split(",") if name.strip()]
    entries = re.findall(r"^\s*(?:\d+\s*:|-)\s*(.+?)\s*$", names, re.MULTILINE)
    if not entries:
        raise InputError(f"{path / 'data.yaml'}: has no list of names; write classes.txt with a name a line")
    return [entry.strip("'\"") for entry in entries]
