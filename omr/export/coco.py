"""Pages as a COCO detection file, and back.

The format is that of the COCO data set (cocodataset.org, "Data format"), with a
`score` added to each annotation as in its result files. Only boxes are
written: no segmentation.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from omr.errors import InputError
from omr.page import Box, Page, Staff, Symbol
from omr.vocabulary import NAMES
from omr.vocabulary.context import classes_of


def write(pages: Sequence[Page], path: Path) -> None:
    """Write all pages to one file."""
    path.write_text(json.dumps(to_coco(pages)), encoding="utf-8")


def to_coco(pages: Sequence[Page]) -> dict[str, Any]:
    """Pages as the content of a COCO file; every class of their vocabulary is a category."""
    names = _categories({symbol.name for page in pages for symbol in page.symbols})
    number = {name: i for i, name in enumerate(names, start=1)}
    annotations = [
        {
            "id": 0,
            "image_id": image_id,
            "category_id": number[symbol.name],
            "bbox": [round(v, 2) for v in (*symbol.box[:2], symbol.box.width, symbol.box.height)],
            "area": round(symbol.box.width * symbol.box.height, 2),
            "iscrowd": 0,
            "score": round(symbol.score, 4),
        }
        for image_id, page in enumerate(pages, start=1)
        for symbol in page.symbols
    ]
    for i, annotation in enumerate(annotations, start=1):
        annotation["id"] = i
    return {
        "info": {"description": "Symbols of music found by omr", "version": "1.0"},
        "licenses": [],
        "images": [_image(i, page) for i, page in enumerate(pages, start=1)],
        "categories": [{"id": i, "name": name, "supercategory": "symbol"} for name, i in number.items()],
        "annotations": annotations,
    }


def _image(image_id: int, page: Page) -> dict[str, Any]:
    """`page` counts from 1 within files with several, such as PDFs; `staves` are the courses of lines."""
    return {
        "id": image_id,
        "file_name": page.source,
        "width": page.width,
        "height": page.height,
        "page": page.number,
        "staves": [
            {"xs": _rounded(staff.xs), "ys": [_rounded(line) for line in staff.ys]} for staff in page.staves
        ],
    }


def _rounded(values: NDArray[np.float64]) -> list[float]:
    return [round(float(v), 2) for v in values]


def _categories(used: set[str]) -> tuple[str, ...]:
    """The first vocabulary that has all names in use, in its own order; the rest, if any, after core."""
    for names in NAMES:
        known = classes_of(names)
        if used <= set(known):
            return known
    core = classes_of("core")
    return (*core, *sorted(used - set(core)))


def load_coco(path: str | Path) -> list[Page]:
    """Read a COCO file of boxes.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    list of Page
        In the order of the file's images. Symbols without a `score` have 1.

    Raises
    ------
    InputError
        When the file can't be read or is not a COCO file.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror}); check the name") from error
    except ValueError as error:
        raise InputError(f"{path}: is not JSON ({error}); give a COCO file") from error
    if isinstance(content, list):
        raise InputError(
            f"{path}: is not a whole COCO file but a list of results; give one with images and categories"
        )
    try:
        return _pages(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{path}: is not a COCO file ({type(error).__name__}: {error})") from error


def _pages(content: dict[str, Any]) -> list[Page]:
    names = {category["id"]: str(category["name"]) for category in content["categories"]}
    symbols: dict[Any, list[Symbol]] = {image["id"]: [] for image in content["images"]}
    for annotation in content["annotations"]:
        x, y, width, height = map(float, annotation["bbox"])
        score = float(annotation.get("score", 1.0))
        symbol = Symbol(names[annotation["category_id"]], Box(x, y, x + width, y + height), score)
        symbols[annotation["image_id"]].append(symbol)
    return [
        Page(
            int(image["width"]),
            int(image["height"]),
            tuple(symbols[image["id"]]),
            tuple(
                Staff(np.array(staff["xs"], float), np.array(staff["ys"], float))
                for staff in image.get("staves", ())
            ),
            source=str(image["file_name"]),
            number=int(image.get("page", 1)),
        )
        for image in content["images"]
    ]
