"""Engraved pages as a DeepScoresV2 dataset on disk.

The layout and JSON are those of DeepScoresV2 (Tuggener et al., ICPR 2020):
images, segmentation and instance PNGs and one JSON of annotations a split.
Classes beyond its 136 follow from category number 209 on.

A page is a function of the seed, its split, its number and the count of symbols
in earlier generations of blocks, so a run gives the same pages with any number
of processes and after any interruption.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.progress import Progress

from omr.engraving import workers
from omr.engraving.blocks import Block, make
from omr.engraving.corpus import Split
from omr.engraving.interface import Engraver
from omr.engraving.names import NUMBERS
from omr.engraving.verovio import Verovio
from omr.errors import InputError
from omr.files import replacing

_PAGES = 4  # in a block
_GENERATION = 8  # blocks between two counts of the classes
_QUOTA = 300  # symbols of each class wanted in a training set
_FAVOURED = 16  # classes that random music favours at a time
_ATTEMPTS = 6  # at a block before giving up


def build(
    out: Path, pages: int, split: Split, seed: int, processes: int = 0, engraver: Engraver | None = None
) -> Path:
    """Engrave a dataset, or go on with one that was interrupted.

    Parameters
    ----------
    out : Path
        Folder; made if it isn't there.
    pages : int
    split : {"train", "val", "test"}
        Decides the pieces, the fonts and the share of random music.
    seed : int
    processes : int
        0 for one a processor.
    engraver : Engraver
        Verovio by default.

    Returns
    -------
    Path
        The JSON file, ``OUT/deepscores_<split>.json``. What was left out and why is in
        ``OUT/left_out_<split>.txt``.

    Raises
    ------
    omr.errors.InputError
        When `out` can't be written.
    """
    try:
        for folder in ("images", "segmentation", "instance", f"parts/{split}"):
            (out / folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out}: can't be written ({error.strerror}); choose another folder") from None
    engraver = engraver or Verovio()
    blocks = [Block(out, split, seed, n, min(_PAGES, pages - n), engraver) for n in range(0, pages, _PAGES)]
    count: Counter[str] = Counter()
    with workers.Team(make, processes or os.cpu_count() or 1) as team, Progress(transient=True) as progress:
        pages_made = progress.add_task(f"engraving {split}", total=pages)
        for start in range(0, len(blocks), _GENERATION):
            rare = _rarest(count)
            generation = [replace(block, rare=rare) for block in blocks[start : start + _GENERATION]]
            _make(generation, team, lambda block: progress.advance(pages_made, block.pages))
            for page in _records(generation):
                count.update(symbol["name"] for symbol in page["symbols"])
    return _join(out, split, blocks)


def _rarest(count: Counter[str]) -> tuple[str, ...]:
    """List the classes furthest below the quota; none before pages are counted."""
    short = [name for name in NUMBERS if count[name] < _QUOTA]
    return tuple(sorted(short, key=lambda name: count[name])[:_FAVOURED]) if count else ()


def _make(generation: list[Block], team: workers.Team, done: Callable[[Block], None]) -> None:
    """Make the blocks that aren't made yet; one that kills its process is tried again with other pieces."""
    missing = [block for block in generation if not _made(block)]
    for block in generation:
        if block not in missing:
            done(block)
    while missing:
        again = []
        for end in team.run(missing):
            if isinstance(end, workers.Died):
                _log(end.job, [f"{end.last}: the process died"])
                again.append(replace(end.job, attempt=end.job.attempt + 1))
            else:
                _log(end.job, end.result)
                done(end.job)
        missing = again
        if any(block.attempt >= _ATTEMPTS for block in missing):
            raise RuntimeError(f"engraving keeps dying; see {missing[0].out}/left_out_{missing[0].split}.txt")


def _made(block: Block) -> bool:
    """Whether a block is on disk with as many pages as are wanted now."""
    return block.file.exists() and len(json.loads(block.file.read_text())["pages"]) >= block.pages


def _log(block: Block, lines: list[str]) -> None:
    with (block.out / f"left_out_{block.split}.txt").open("a") as log:
        log.writelines(line + "\n" for line in lines)


def _records(blocks: list[Block]) -> list[dict[str, Any]]:
    return [page for block in blocks for page in json.loads(block.file.read_text())["pages"][: block.pages]]


def _join(out: Path, split: Split, blocks: list[Block]) -> Path:
    """Write the split's JSON from what the blocks left."""
    images: list[dict[str, Any]] = []
    annotations: dict[str, dict[str, Any]] = {}
    for page in _records(blocks):
        ids = []
        image = page["number"] + 1
        for symbol in page["symbols"]:
            key = str(len(annotations) + 1)
            ids.append(key)
            annotations[key] = _annotation(symbol, image)
        facts = {key: page[key] for key in ("filename", "width", "height", "staff_space", "font", "piece")}
        images.append({"id": image, **facts, "ann_ids": ids})
    categories = {
        str(number): {"name": name, "annotation_set": "deepscores", "color": number}
        for name, number in NUMBERS.items()
    }
    content = {
        "info": {
            "description": f"Pages engraved with {blocks[0].engraver.program}, in the format of DeepScoresV2",
            "version": "2.0",
            "url": "https://tuggeluk.github.io/deepscores/",
        },
        "annotation_sets": ["deepscores"],
        "categories": categories,
        "images": images,
        "annotations": annotations,
    }
    file = out / f"deepscores_{split}.json"
    with replacing(file) as partial:
        partial.write_text(json.dumps(content))
    return file


def _annotation(symbol: dict[str, Any], image: int) -> dict[str, Any]:
    x0, y0, x1, y1 = symbol["box"]
    return {
        "a_bbox": [x0, y0, x1, y1],
        "o_bbox": [x1, y1, x1, y0, x0, y0, x0, y1],
        "cat_id": [str(NUMBERS[symbol["name"]])],
        "area": symbol["area"],
        "img_id": str(image),
        "comments": symbol["comments"],
    }
