"""Make the pages of a dataset block by block, each a function of its seed and number."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import cv2
import numpy as np

from omr.engraving import corpus
from omr.engraving.check import check_edges, check_page
from omr.engraving.corpus import Split
from omr.engraving.distractors import add_distractors
from omr.engraving.engraved_page import EngravedPage
from omr.engraving.interface import Choose, Engraver
from omr.engraving.names import NUMBERS
from omr.engraving.verovio import Verovio
from omr.files import replacing

SPLITS: tuple[Split, ...] = ("train", "val", "test")

#: Share of blocks with random music, so that rare classes have instances in every split.
RANDOM_SHARE: dict[Split, float] = {"train": 1 / 2, "val": 1 / 6, "test": 1 / 6}
_OF_A_PIECE = 2  # pages of one piece in one layout
_CHECKED = 20  # one page in so many is checked against its ink
_TOO_MANY = 50  # pieces left out in one block: something else is wrong
_NAMES = 10**6  # numbers in the names of random pieces
_PNG = [cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE]  # three times as fast, a fifth larger


@dataclass(frozen=True)
class Block:
    """Pages `first` to `first + pages - 1` of a split, made by one process in one go.

    Attributes
    ----------
    out : Path
        The dataset's folder.
    split : {"train", "val", "test"}
    seed : int
        Of the dataset.
    first : int
        Number of the first page.
    pages : int
        Number of pages.
    engraver : Engraver
    rare : tuple of str
        Classes that random music should favour.
    attempt : int
        Number of times that this block has crashed its process; another attempt draws other pieces.
    """

    out: Path
    split: Split
    seed: int
    first: int
    pages: int
    engraver: Engraver = field(default_factory=Verovio)
    rare: tuple[str, ...] = ()
    attempt: int = 0

    @property
    def file(self) -> Path:
        """File of the block's annotations, written once all its pages are made."""
        return self.out / "parts" / self.split / f"{self.first:06d}.json"

    def rng(self) -> np.random.Generator:
        """Make the random numbers of this block, the same at every call.

        Returns
        -------
        Generator
        """
        return np.random.default_rng([self.seed, SPLITS.index(self.split), self.first, self.attempt])


@dataclass(frozen=True)
class _Music:
    name: str
    load: Callable[[], str]


def make(block: Block, report: Callable[[str], None]) -> list[str]:
    """Make a block's pages and write them with their annotations.

    Parameters
    ----------
    block : Block
    report : callable
        Told the name of each piece before it is engraved.

    Returns
    -------
    list of str
        Pieces left out, and why.
    """
    rng = block.rng()
    records: list[dict[str, Any]] = []
    left_out: list[str] = []
    while len(records) < block.pages:
        music, design = _music(block, rng), block.engraver.design(block.split, rng)
        report(music.name)
        try:
            for page in design.engrave(music.load(), _some_pages(block.pages - len(records), rng)):
                number = block.first + len(records)
                (check_edges if number % _CHECKED else check_page)(page)
                records.append(_write(block, number, page, rng) | {"font": design.font, "piece": music.name})
        except (ValueError, ParseError) as error:  # a score or a page that can't be used; the next may
            left_out.append(f"{music.name} in {design.font}: {error}")
            if len(left_out) > _TOO_MANY:
                raise RuntimeError("\n".join(left_out)) from error
    with replacing(block.file) as partial:
        partial.write_text(json.dumps({"pages": records, "left_out": left_out}))
    return left_out


def _music(block: Block, rng: np.random.Generator) -> _Music:
    invent = block.engraver.random_music
    if invent and rng.random() < RANDOM_SHARE[block.split]:
        name = f"random-{block.split}-{block.seed}-{block.first}-{rng.integers(_NAMES)}"
        return _Music(name, lambda: invent(rng, block.rare))
    piece = corpus.draw(rng, block.split)
    return _Music(piece.id, piece.load)


def _some_pages(wanted: int, rng: np.random.Generator) -> Choose:
    """Choose a few pages of a score, the last (mostly half empty) only where there is no other."""

    def choose(count: int) -> Sequence[int]:
        full = max(1, count - 1)
        return sorted(int(n) for n in rng.permutation(full)[: min(_OF_A_PIECE, wanted)])

    return choose


def _write(block: Block, number: int, page: EngravedPage, rng: np.random.Generator) -> dict[str, Any]:
    """Write a page's three PNGs; return what the dataset's JSON says about it."""
    name = f"{block.split}-{block.seed}-{number:05d}"
    image = page.draw()
    if rng.random() < block.engraver.distractors:
        image = add_distractors(image, np.array([symbol.box for symbol in page.symbols]), rng)
    count = len(page.symbols)
    colours = [n * 0x9E3779 & 0xFFFFFF for n in range(1, count + 1)]  # an odd factor: all different
    classes = page.paint([NUMBERS[symbol.name] for symbol in page.symbols]).astype(np.uint8)
    instances = page.paint(colours).view(np.uint8).reshape(*image.shape, 4)
    for file, pixels in (
        (f"images/{name}.png", image),
        (f"segmentation/{name}_seg.png", classes),
        (f"instance/{name}_inst.png", cv2.cvtColor(instances, cv2.COLOR_BGRA2BGR)),
    ):
        cv2.imwrite(str(block.out / file), pixels, _PNG)
    index = page.paint(range(1, count + 1))
    areas = np.bincount(index[index > 0], minlength=count + 1)[1:]
    return {
        "number": number,
        "filename": f"{name}.png",
        "width": page.width,
        "height": page.height,
        "staff_space": round(page.space, 3),
        "symbols": [
            {
                "name": symbol.name,
                "box": [round(edge, 2) for edge in symbol.box],
                "area": int(area),
                "comments": f"instance:#{colour:06x};staff:{symbol.staff};",
            }
            for symbol, area, colour in zip(page.symbols, areas, colours, strict=True)
        ],
    }
