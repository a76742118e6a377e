"""Pages as a COCO detection file, and back.

The format is that of the COCO data set (cocodataset.org, "Data format"), with a `score` in each annotation
as in COCO's result files and the field `omr` in each image (`omr.export.coco_extension`). Symbols have
boxes and no segmentation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from omr.errors import InputError
from omr.export.coco_extension import (
    FIELD,
    MAX_SYMBOLS,
    read_box,
    read_score,
    read_size,
    read_staves,
    symbol_entry,
    to_extension,
    with_extension,
)
from omr.formats import PageFormat
from omr.page import PIXEL_DIGITS, Page, Symbol
from omr.vocabulary import NAMES, Names
from omr.vocabulary.translation import classes_of, in_names, showing

DESCRIPTION = "Symbols of music found by omr"
"""What a file says of itself."""


def to_coco(pages: Sequence[Page], names: Names | None = None) -> dict[str, Any]:
    """Write pages as the content of a COCO file.

    Parameters
    ----------
    pages : sequence of Page
    names : {"core", "deepscores", "muscima"}, optional
        Vocabulary of the symbols' names; by default each page's own.

    Returns
    -------
    dict
        For JSON. Every class of the vocabularies is a category, whether it occurs or not; boxes are in
        pixels.
    """
    pages = [in_names(page, names) for page in pages]
    number = {name: i for i, name in enumerate(_categories(pages), start=1)}
    annotations = [
        _annotation(symbol, number[symbol.name], image_id)
        for image_id, page in enumerate(pages, start=1)
        for symbol in page.symbols
    ]
    return {
        "info": {"description": DESCRIPTION, "version": "1.0"},
        "licenses": [],
        "images": [_image(i, page) for i, page in enumerate(pages, start=1)],
        "categories": [{"id": i, "name": name, "supercategory": "symbol"} for name, i in number.items()],
        "annotations": [{"id": i, **annotation} for i, annotation in enumerate(annotations, start=1)],
    }


def _image(image_id: int, page: Page) -> dict[str, Any]:
    """`page` counts from 1 within files with several, such as PDFs."""
    return {
        "id": image_id,
        "file_name": page.source,
        "width": page.width,
        "height": page.height,
        "page": page.number,
        FIELD: to_extension(page),
    }


def _annotation(symbol: Symbol, category: int, image_id: int) -> dict[str, Any]:
    entry = symbol_entry(symbol)
    _, _, width, height = entry["bbox"]
    return {
        "image_id": image_id,
        "category_id": category,
        "bbox": entry["bbox"],
        "area": round(width * height, PIXEL_DIGITS),
        "iscrowd": 0,
        "score": entry["score"],
    }


def _categories(pages: Sequence[Page]) -> tuple[str, ...]:
    """Every class of the pages' vocabularies in their order, then names that are in none."""
    vocabularies = dict.fromkeys(page.vocabulary for page in pages)
    listed = dict.fromkeys(name for names in vocabularies for name in classes_of(names))
    used = {symbol.name for page in pages for symbol in page.symbols}
    return (*listed, *sorted(used - set(listed)))


def load_coco(path: str | Path, min_score: float = 0.0) -> list[Page]:
    """Read a COCO file of boxes.

    Parameters
    ----------
    path : str or Path
    min_score : float
        Score (0 to 1) below which symbols are left out. Files of this program say which symbols the
        music is read from; `min_score` selects those that are shown.

    Returns
    -------
    list of Page
        In the order of the file's images. Symbols without a `score` have 1. In files of other programs,
        the vocabulary is the one that has the most of the names in use.

    Raises
    ------
    InputError
        When the file can't be read, is not a COCO file, or has a field that is not as documented.
    """
    return select(read_stored(path), min_score)


def read_stored(path: str | Path) -> list[tuple[Page, bool]]:
    """Read a COCO file of boxes and tell its origin.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    list of (Page, bool)
        Every page, and whether it has the field `omr`, that is, everything its music is read from.

    Raises
    ------
    InputError
        As `load_coco`.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")  # some programs write a byte order mark
        content = json.loads(text)
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror}); check the name") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is not JSON ({error}); give a COCO file") from error
    return parse_coco(content, path)


def parse_coco(content: Any, path: str | Path) -> list[tuple[Page, bool]]:
    """Read the pages in the content of a COCO file.

    Parameters
    ----------
    content : object
        As parsed from JSON.
    path : str or Path
        Of the file, for messages.

    Returns
    -------
    list of (Page, bool)
        As `read_stored`.

    Raises
    ------
    InputError
        As `load_coco`.
    """
    if isinstance(content, list):
        raise InputError(
            f"{path}: is not a whole COCO file but a list of results; give one with images and categories"
        )
    try:
        return _pages(content, path)
    except InputError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError) as error:
        raise InputError(f"{path}: is not a COCO file ({type(error).__name__}: {error})") from error


def select(stored: Sequence[tuple[Page, bool]], min_score: float) -> list[Page]:
    """Leave out symbols of low scores.

    Parameters
    ----------
    stored : sequence of (Page, bool)
        From `read_stored`.
    min_score : float
        As for `load_coco`.

    Returns
    -------
    list of Page
    """
    if min_score <= 0:
        return [page for page, _ in stored]

    def keep(symbol: Symbol) -> bool:
        return symbol.score >= min_score

    return [showing(page, keep) if ours else page.only(keep) for page, ours in stored]


def _pages(content: dict[str, Any], path: str | Path) -> list[tuple[Page, bool]]:
    """Every page, and whether its image has the field `omr`."""
    images = content["images"]
    ours = {image["id"]: FIELD in image for image in images}
    if len(ours) < len(images):
        raise InputError(f"{path}: images: several have the same id; write the file again")
    symbols = _symbols(content, ours, path)
    vocabulary = _vocabulary({symbol.name for page in symbols.values() for symbol in page})
    return [
        (_page(image, f"{path}: images[{i}]", symbols[image["id"]], vocabulary), ours[image["id"]])
        for i, image in enumerate(images)
    ]


def _symbols(content: dict[str, Any], ours: Mapping[Any, bool], path: str | Path) -> dict[Any, list[Symbol]]:
    """Group the symbols by the id of their image."""
    names = {category["id"]: str(category["name"]) for category in content["categories"]}
    symbols: dict[Any, list[Symbol]] = {image_id: [] for image_id in ours}
    for i, annotation in enumerate(content["annotations"]):
        where, image_id = f"{path}: annotations[{i}]", annotation["image_id"]
        box = read_box(annotation["bbox"], f"{where}.bbox", rounded=ours[image_id])
        score = read_score(annotation.get("score", 1.0), f"{where}.score")
        symbols[image_id].append(Symbol(names[annotation["category_id"]], box, score))
        if len(symbols[image_id]) > MAX_SYMBOLS:
            raise InputError(f"{path}: image {image_id!r} has more than {MAX_SYMBOLS} symbols; select some")
    return symbols


def _page(image: dict[str, Any], where: str, symbols: Sequence[Symbol], vocabulary: Names) -> Page:
    """Make the page of one image; files of release 0.1.0 have the staves beside the size."""
    page = Page(
        *read_size(image, where),
        tuple(symbols),
        read_staves(image.get("staves", []), f"{where}.staves"),
        source=str(image["file_name"]),
        number=int(image.get("page", 1)),
        vocabulary=vocabulary,
    )
    return with_extension(page, image[FIELD], f"{where}.{FIELD}") if FIELD in image else page


def _vocabulary(used: set[str]) -> Names:
    """Find the vocabulary with the most of the names in use; of several, the first."""
    return max(NAMES, key=lambda names: len(used.intersection(classes_of(names))))


def _render(pages: Sequence[Page], names: Names | None = None) -> str:
    return json.dumps(to_coco(pages, names))


FORMAT = PageFormat(
    "coco",
    ".json",
    "COCO: images, categories, and an annotation with a score for each symbol",
    _render,
    mark=DESCRIPTION.encode(),
)
