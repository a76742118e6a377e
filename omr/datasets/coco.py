"""COCO: annotations of any images, read one page at a time.

T.-Y. Lin et al., "Microsoft COCO: Common Objects in Context", ECCV 2014;
cocodataset.org, "Data format". Files of several hundred MB are indexed once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from omr.datasets.annotation_index import AnnotationFiles, AnnotationIndex, Links
from omr.datasets.base import Dataset, vocabulary_of
from omr.errors import InputError
from omr.files import inside
from omr.page import Box, Page, Symbol

_HEAD = 65536
"""Bytes at each end of a file in which the keys of COCO are looked for."""


class Coco(Dataset):
    """Read a COCO file, or a folder of them; each file is a split.

    Looked for are ``*.json``, ``annotations/*.json`` and ``*/_annotations.coco.json``; images
    beside the file, in ``images`` and in a folder named like the split. Annotations of crowds are
    no symbols but the ignore regions of the page (`Page.crowds`).

    Parameters
    ----------
    path : str or Path
    split : str, optional

    Raises
    ------
    InputError
        When files are missing or broken, or there is no such split.
    """

    looks_like: ClassVar[str] = "COCO (annotations/*.json)"

    def __init__(self, path: str | Path, split: str | None = None) -> None:
        super().__init__(path, split)
        files = {_split_of(file): file for file in _candidates(self.path)}
        self.splits = tuple(files)
        if split is not None:
            if split not in files:
                raise self._no_split(split)
            files = {split: files[split]}
        self._files = list(files.items())
        self._pages = AnnotationFiles(list(files.values()), Links(of_annotation="image_id"))
        self._indices = self._pages.indices
        self._named = [_categories(index) for index in self._indices]
        self.categories = frozenset(name for named in self._named for name in named.values())
        self.names = vocabulary_of(self.categories)

    @classmethod
    def finds(cls, path: Path) -> bool:
        """Tell whether a path has COCO files."""
        return bool(_candidates(path))

    def __len__(self) -> int:
        return len(self._pages)

    def __getitem__(self, i: int) -> Page:
        part, number = self._pages.place(i)
        index, named = self._indices[part], self._named[part]
        try:
            entry = index.image(number)
            symbols: tuple[list[Symbol], list[Symbol]] = [], []
            for annotation in index.annotations(number):
                symbols[bool(annotation.get("iscrowd"))].append(_symbol(annotation, named))
            return Page(
                int(entry["width"]),
                int(entry["height"]),
                tuple(symbols[False]),
                source=str(entry["file_name"]),
                number=int(entry.get("page", 1)),
                crowds=tuple(symbols[True]),
                vocabulary=self.names,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"{index.file}: image {number} is not COCO (at {error}); write it again"
            ) from error

    def image_file(self, i: int) -> Path:
        """Find the picture of a page."""
        part, number = self._pages.place(i)
        split, file = self._files[part]
        name = str(self._indices[part].image(number)["file_name"])
        folders = [file.parent, *([file.parent.parent] if _is_below(file) else [])]
        places = [
            inside(at, f"{sub}/{name}") for at in folders for sub in ("images", f"images/{split}", split, ".")
        ]
        found = next((place for place in places if place.is_file()), None)
        if found is None:
            raise InputError(f"{file}: its image {name} is neither beside it nor in {places[0].parent}")
        return found


def _symbol(annotation: dict[str, Any], named: dict[Any, str]) -> Symbol:
    """Read an annotation; `named` has the names of the categories by id."""
    x, y, width, height = map(float, annotation["bbox"])
    box = Box(x, y, x + width, y + height)
    return Symbol(named[annotation["category_id"]], box, float(annotation.get("score", 1.0)))


def _candidates(path: Path) -> list[Path]:
    """List the COCO files at `path`."""
    if path.is_file():
        return [path] if path.suffix == ".json" and _is_coco(path) else []
    found = (
        file
        for pattern in ("*.json", "annotations/*.json", "*/_annotations.coco.json")
        for file in sorted(path.glob(pattern))
    )
    return [file for file in found if _is_coco(file)]


def _is_coco(file: Path) -> bool:
    """Tell COCO by the keys at both ends of a file; COCO's captions and keypoints have no boxes."""
    with file.open("rb") as content:
        head = content.read(_HEAD)
        content.seek(max(0, file.stat().st_size - _HEAD))
        ends = head + content.read()
    return b'"annotation_sets"' not in ends and all(key in ends for key in (b'"file_name"', b'"categories"'))


def _is_below(file: Path) -> bool:
    """Tell whether the images of a COCO file may lie in the folder above its own."""
    return file.parent.name == "annotations" or file.name.startswith("_annotations")


def _split_of(file: Path) -> str:
    """Name the split of a file: train2017 of instances_train2017.json, train of train/_annotations..."""
    if file.name.startswith("_annotations"):
        return file.parent.name
    return file.stem.removeprefix("instances_")


def _categories(index: AnnotationIndex) -> dict[Any, str]:
    """Read the names of the categories by id."""
    try:
        return {category["id"]: str(category["name"]) for category in index.header["categories"]}
    except (KeyError, TypeError) as error:
        raise InputError(f"{index.file}: is not COCO (at {error}); write it again") from error
