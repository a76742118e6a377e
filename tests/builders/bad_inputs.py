"""Inputs that nobody can use, and those that look like it: the table that `tests/test_bad_inputs.py` runs."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from omr.export.coco import to_coco
from omr.page import Box, Ink, Page, Staff, Symbol
from tests.builders.detector import bare_staves

Change = Callable[[Any], object]


def image(form: str, picture: Image.Image | None = None, **options: Any) -> bytes:
    """The content of an image file."""
    content = io.BytesIO()
    (picture or Image.fromarray(bare_staves())).save(content, form, **options)
    return content.getvalue()


def header_of_png(width: int, height: int) -> bytes:
    """A PNG that claims a size and has no pixels."""
    data = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + data + struct.pack(">I", zlib.crc32(data))


def pdf(pages: str, kids: str = "3 0 R", count: int = 1) -> bytes:
    """A PDF without cross-reference table, with one page of the given entries."""
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {count}>>endobj\n"
        f"3 0 obj<</Type/Page/Parent 2 0 R{pages}>>endobj\ntrailer<</Root 1 0 R/Size 4>>\n"
    ).encode()


def _frames(*pictures: Image.Image) -> bytes:
    return image("TIFF", pictures[0], save_all=True, append_images=list(pictures[1:]))


def pictures() -> dict[str, bytes]:
    """Files given to `omr detect`, by name."""
    whole = {form: image(form) for form in ("PNG", "JPEG", "TIFF", "WEBP", "BMP")}
    cut = {
        f"cut_at_{share}.{form.lower()}": content[: max(1, len(content) * share // 100)]
        for form, content in whole.items()
        for share in (1, 10, 50, 90)
    }
    staves = Image.fromarray(bare_staves())
    return {
        **cut,
        "empty.png": b"",
        "one_byte.png": b"\x89",
        "text.png": b"Dear all,\n",
        "zeros.png": bytes(4096),
        "html.pdf": b"<html><body>404 not found</body></html>",
        "script.png": b"#!/bin/sh\necho no\n",
        "movie.jpg": b"\x00\x00\x00\x18ftypmp42" + bytes(100),
        "gif.gif": image("GIF"),
        "zip.png": b"PK\x03\x04" + bytes(100),
        "dot.png": image("PNG", Image.new("L", (1, 1))),
        "strip.png": image("PNG", Image.new("L", (4000, 10), 255)),
        "long.png": image("PNG", Image.new("1", (40, 40_000), 1)),
        "claims_much.png": header_of_png(60_000, 60_000),
        "claims_most.png": header_of_png(2**31 - 1, 2**31 - 1),
        "claims_nothing.png": header_of_png(0, 0),
        "no_pixels.png": header_of_png(900, 500),
        "white.png": image("PNG", Image.new("L", (900, 500), 255)),
        "black.png": image("PNG", Image.new("L", (900, 500), 0)),
        "noise.png": image("PNG", Image.fromarray(_noise())),
        "second_page_small.tif": _frames(staves, Image.new("L", (900, 3), 255)),
        "nothing.pdf": b"%PDF-1.7\n",
        "no_pages.pdf": pdf("", kids="", count=0),
        "no_size.pdf": pdf("/MediaBox[0 0 0 0]"),
        "turned_inside_out.pdf": pdf("/MediaBox[100 100 -100 -100]"),
        "one_point.pdf": pdf("/MediaBox[0 0 600 1]"),
        "endless.pdf": pdf("/MediaBox[0 0 1e30 1e30]"),
        "own_parent.pdf": pdf("/MediaBox[0 0 200 200]", kids="2 0 R", count=5),
        "missing_page.pdf": pdf("/MediaBox[0 0 200 200]", kids="9 0 R"),
        "miscounted.pdf": pdf("/MediaBox[0 0 200 200]", count=100_000_000),
        "blank.pdf": pdf("/MediaBox[0 0 300 200]"),
    }


def _noise() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (500, 900), np.uint8)


@cache
def _small_page() -> str:
    """Stored detections of a small page."""
    staff = Staff(np.array([20.0, 380.0]), np.array([[100.0 + 10 * k] * 2 for k in range(5)]))
    symbols = (Symbol("clefG", Box(30, 85, 55, 155)), Symbol("noteheadWhole", Box(150, 125, 166, 135), 0.9))
    ink = Ink(np.full((300, 400), 255, np.uint8), 1.0)
    content = to_coco([Page(400, 300, symbols, (staff,), "x.png", ink=ink)])
    content["categories"] = content["categories"][:400]
    return json.dumps(content)


def stored(change: Change | None = None) -> bytes:
    """Stored detections of a small page, changed in place."""
    content = json.loads(_small_page())
    if change:
        change(content)
    return json.dumps(content).encode()


def _set(*path: Any) -> Change:
    *way, last, value = path

    def change(content: Any) -> None:
        for key in way:
            content = content[key]
        content[last] = value

    return change


def _set_all(value: Any, *path: Any) -> Change:
    return _set(*path, value)


STAFF = ("images", 0, "omr", "staves", 0)

CHANGES: dict[str, Change] = {
    **{
        f"image {side} {value}": _set_all(value, "images", 0, side)
        for side in ("width", "height")
        for value in (0, -5, 1e9, 1e308, "wide", None, 1.5, float("nan"), True)
    },
    **{
        f"box {index}": _set_all(box, "annotations", 0, "bbox")
        for index, box in enumerate(
            [
                [],
                [1, 2, 3],
                [1, 2, -3, 4],
                [1, 2, 3, float("nan")],
                [1, 2, float("inf"), 4],
                [1e308, 1e308, 1e308, 1e308],
                [10**400, 1, 1, 1],
                ["1", "2", "3", "4"],
                None,
                "box",
                {"x": 1},
                [-1e9, 0, 1, 1],
            ]
        )
    },
    **{
        f"score {value}": _set_all(value, "annotations", 0, "score")
        for value in (-1, 2, float("nan"), "much", None, [0.5])
    },
    **{
        f"staff {key} {index}": _set_all(value, *STAFF, key)
        for key, values in {
            "xs": [[], [1], [2, 1], [1, 1], [1, float("nan")], [1, 1e300], None, "xs", [[1, 2]]],
            "ys": [
                [],
                [[]],
                [[1]],
                [[1, 2], [1, 2]],
                [[5, 5], [1, 1]],
                [[1, float("nan")]],
                [[0, 1e300]],
                None,
            ],
        }.items()
        for index, value in enumerate(values)
    },
    "no staves": _set_all([], "images", 0, "omr", "staves"),
    "staves null": _set_all(None, "images", 0, "omr", "staves"),
    "version": _set_all(99, "images", 0, "omr", "version"),
    "vocabulary": _set_all("klingon", "images", 0, "omr", "vocabulary"),
    "field": _set_all([], "images", 0, "omr"),
    "ink scale": _set_all(0, "images", 0, "omr", "ink", "scale"),
    "ink png": _set_all("!!!", "images", 0, "omr", "ink", "png"),
    "ink null": _set_all(7, "images", 0, "omr", "ink"),
    "low confidence": _set_all([{"name": "x"}], "images", 0, "omr", "low_confidence"),
    "images null": _set_all(None, "images"),
    "no images": _set_all([], "images"),
    "no annotations": _set_all([], "annotations"),
    "annotations null": _set_all(None, "annotations"),
    "categories": _set_all([{"id": 1}], "categories"),
    "unknown image": _set_all(77, "annotations", 0, "image_id"),
    "unhashable image": _set_all([1], "annotations", 0, "image_id"),
    "unknown category": _set_all(7777, "annotations", 0, "category_id"),
    "page": _set_all("first", "images", 0, "page"),
    "twice": lambda content: content["images"].append(content["images"][0]),
}
"""Changes to stored detections, by name."""


def _of_others(**image_fields: Any) -> bytes:
    """Detections of another program, without staves."""

    def change(content: Any) -> None:
        del content["images"][0]["omr"]
        content["images"][0].update(image_fields)

    return stored(change)


def _renamed(content: Any) -> None:
    del content["images"][0]["omr"]
    for category in content["categories"]:
        category["name"] = f"thing {category['id']}"


def _many(content: Any) -> None:
    content["annotations"] *= 10_001


def detections() -> dict[str, bytes]:
    """Files given to `omr export`, by name."""
    return {
        **{f"{name}.json": stored(change) for name, change in CHANGES.items()},
        "empty.json": b"",
        "text.json": b"Dear all,",
        "cut.json": stored()[:500],
        "null.json": b"null",
        "number.json": b"7",
        "list.json": b"[]",
        "object.json": b"{}",
        "deep.json": b"[" * 200_000,
        "utf16.json": stored().decode().encode("utf-16"),
        "bytes.json": bytes(range(256)),
        "png.json": image("PNG"),
        "byte_order_mark.json": b"\xef\xbb\xbf" + stored(),
        "unknown_names.json": stored(_renamed),
        "many.json": stored(_many),
        "above.json": _of_others(file_name="../../secret.png"),
        "absolute.json": _of_others(file_name="/etc/hostname"),
        "nameless.json": _of_others(file_name=""),
        "null_character.json": _of_others(file_name="a\0b.png"),
        "no_file.json": _of_others(file_name="missing.png"),
    }


def weights() -> dict[str, bytes]:
    """Files given to `omr detect --weights`, by name."""

    def file(header: Any, data: bytes = b"") -> bytes:
        text = json.dumps(header).encode()
        return struct.pack("<Q", len(text)) + text + data

    about = {"detector": "dwdnet", "config": "{}", "tuning": "{}", "about": "{}"}
    return {
        "empty.safetensors": b"",
        "text.safetensors": b"Dear all, there is nothing here",
        "huge_header.safetensors": struct.pack("<Q", 2**63) + b"{}",
        "no_metadata.safetensors": file({}),
        "list.safetensors": file([]),
        "unknown.safetensors": file({"__metadata__": {**about, "detector": "oracle"}}),
        "no_tensors.safetensors": file({"__metadata__": about}),
        "tuning.safetensors": file({"__metadata__": {**about, "tuning": "[]"}}),
        "config.safetensors": file({"__metadata__": {**about, "config": "[1]"}}),
        "config_text.safetensors": file({"__metadata__": {**about, "config": "{"}}),
    }
