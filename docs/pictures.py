"""Draw the pictures of the documentation with the shipped weights, from examples/minuet.png.

Run by `make docs`. A picture is written only where it differs visibly from the stored one, so that another
processor's rounding leaves the working tree as it is.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw

import omr
from omr.detectors import DeepWatershedDetector
from omr.detectors.base import to_ink
from omr.detectors.search import at_space
from omr.export.overlay import draw
from omr.page import Page
from omr.registry import load_tensors
from omr.watershed import basins

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples/minuet.png"
IMAGES = ROOT / "docs/images"

Edges = tuple[int, int, int, int]
"""Left, top, right and bottom edge of an excerpt, in pixels of the page as the detector sees it."""

EXCERPT = (0.05, 0.1, 0.35, 0.2)
"""Left, top, right and bottom edge of the excerpt that the method's pictures show, as parts of the page."""
ENLARGED = 3
"""Pixels of a picture for each pixel of the page at the detector's staff space."""
SAME = 4.0
"""Mean difference of two pictures, in grey levels from 0 to 255, up to which they are the same: nets in
float32 and in bfloat16 move edges by a pixel, and differ by up to 2.9."""


def main() -> None:
    """Draw every picture into the folder named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=IMAGES)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    page = omr.detect(EXAMPLE)
    keep(overlay(page), folder / "overlay.png")
    for name, picture in method(page).items():
        keep(picture, folder / f"{name}.png")


def overlay(page: Page) -> Image.Image:
    """Return the page down to its fourth staff with a box for each symbol, 1200 pixels wide."""
    picture = draw(page)
    last = page.staves[3]
    picture = picture.crop((0, 0, picture.width, round(last.box.y1 + 4 * last.space)))
    picture = picture.resize((1200, round(1200 * picture.height / picture.width)), Image.Resampling.LANCZOS)
    return picture.quantize(64, dither=Image.Dither.NONE)


def method(page: Page) -> dict[str, Image.Image]:
    """Return the excerpt as the detector sees it: its ink, the energy, the basins and the boxes."""
    detector = load_tensors("printed")
    assert isinstance(detector, DeepWatershedDetector)
    assert page.image is not None
    grey = at_space(page.image, float(np.median([staff.space for staff in page.staves])), detector.space)
    with torch.inference_mode():
        energy = detector.maps(to_ink(grey)).energy.permute(2, 0, 1).numpy()
    cells, label = basins(energy, detector.decoding.foreground, detector.decoding.depth)
    owner = smallest_on_top(cells, label, tuple(energy.shape))
    stride = detector.trunk.stride
    height, width = grey.shape
    x0, y0, x1, y1 = (round(part * size) for part, size in zip(EXCERPT, (width, height) * 2, strict=True))
    edges = (x0 - x0 % stride, y0 - y0 % stride, x1 - x1 % stride, y1 - y1 % stride)
    return {
        "page": ink_picture(grey, edges),
        "energy": map_picture(heat(energy.max(0)), stride, grey, edges),
        "basins": map_picture(colours(owner), stride, grey, edges),
        "boxes": box_picture(page, grey, edges),
    }


def ink_picture(grey: NDArray[np.uint8], edges: Edges) -> Image.Image:
    """Return the excerpt of a grey page, enlarged."""
    excerpt = Image.fromarray(grey).crop(edges)
    return excerpt.resize((excerpt.width * ENLARGED, excerpt.height * ENLARGED), Image.Resampling.BICUBIC)


def map_picture(colour: NDArray[np.uint8], stride: int, grey: NDArray[np.uint8], edges: Edges) -> Image.Image:
    """Return a coloured map (rows, columns, 3) of cells of `stride` pixels with the page's ink over it."""
    x0, y0, x1, y1 = edges
    cells = Image.fromarray(colour[y0 // stride : y1 // stride, x0 // stride : x1 // stride])
    ink = np.asarray(ink_picture(grey, edges), np.float32)[..., None] / 255
    enlarged = cells.resize(ink.shape[1::-1], Image.Resampling.NEAREST)
    return Image.fromarray((np.asarray(enlarged) * (0.35 + 0.65 * ink)).astype(np.uint8))


def smallest_on_top(
    cells: NDArray[np.int64], label: NDArray[np.int64], shape: tuple[int, ...]
) -> NDArray[np.int64]:
    """Return the basin of each cell (rows, columns), of those of several layers the smallest; -1 for none."""
    owner = np.full(shape[1:], -1)
    largest_first = np.argsort(-np.bincount(label)[label], kind="stable")
    _, row, column = np.unravel_index(cells[largest_first], shape)
    owner[row, column] = label[largest_first]
    return owner


def heat(energy: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return colours (rows, columns, 3) for energies: white at 0, orange at a half, dark red at 1."""
    stops = np.array([[255, 255, 255], [253, 174, 97], [165, 0, 38]], np.float32)
    channels = [np.interp(energy, (0, 0.5, 1), stops[:, c]) for c in range(3)]
    return np.stack(channels, -1).astype(np.uint8)


def colours(owner: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return a colour (rows, columns, 3) for each basin, white where there is none (-1)."""
    palette = np.random.default_rng(1).integers(90, 235, (owner.max() + 2, 3)).astype(np.uint8)
    palette[-1] = 255
    return palette[owner]


def box_picture(page: Page, grey: NDArray[np.uint8], edges: Edges) -> Image.Image:
    """Return the excerpt with the box of each symbol."""
    scale = ENLARGED * grey.shape[1] / page.width
    picture = ink_picture(grey, edges).convert("RGB")
    pen = ImageDraw.Draw(picture)
    for symbol in page.symbols:
        box = [scale * value - ENLARGED * edge for value, edge in zip(symbol.box, edges[:2] * 2, strict=True)]
        pen.rectangle(box, outline=(165, 0, 38), width=2)
    return picture


def keep(picture: Image.Image, file: Path) -> None:
    """Write a picture unless the stored one looks the same."""
    if file.exists() and looks_like(picture, Image.open(file)):
        return
    picture.save(file, optimize=True)


def looks_like(picture: Image.Image, other: Image.Image) -> bool:
    """Return whether two pictures show no visible difference."""
    new, old = (np.asarray(each.convert("RGB"), np.float32) for each in (picture, other))
    return old.shape == new.shape and bool(np.abs(old - new).mean() < SAME)


if __name__ == "__main__":
    main()
