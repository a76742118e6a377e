"""Measure how well staves are found, without symbols.

    python benchmarks/staves.py [--split test] [--pages 60]

Engraved pages are by the composers of a split, as in `benchmarks/notation.py`. The scanned variant is the
same pages through `omr.datasets.degrade.scan`, with true lines that are warped like the image. MUSCIMA++ 2.0,
in the folder that OMR_DATA names, has a mask for every staff line; its pages are painted from the masks of
all symbols.

A staff is found where its five lines lie within half a staff space of the true ones, on average over the
width that both cover, and cover half of the true width. Errors are distances of lines in staff spaces, at 50
places of that width.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from notation import true_staves
from numpy.typing import NDArray

from omr.datasets.degrade import scan
from omr.datasets.muscima import Muscima
from omr.datasets.warp import Warp
from omr.engraving import corpus
from omr.engraving.engraved_page import EngravedPage
from omr.engraving.glyphs import MusicFont
from omr.engraving.layout import Layout
from omr.engraving.verovio import engrave
from omr.page import Staff
from omr.staves import find_staves

POINTS = 50
"""Places along a staff at which lines are compared."""

TOLERANCE = 0.5
"""Largest mean distance, in staff spaces, between the lines of a staff found and the true ones."""

LEAST_COVER = 0.5
"""Least share (0 to 1) of the true width that a staff found covers."""

WARPED_POINTS = 4 * POINTS
"""Places along a staff at which a warp is applied to its lines."""

FAR_PERCENTILE = 95
"""Percentile of the errors in the table."""


@dataclass
class Tally:
    """Counts of true, found and right staves, and errors of the right ones in staff spaces.

    Attributes
    ----------
    true, found, right : int
    errors : list of array (n,)
        Distances of lines.
    ends : list of float
        Distances of left and right ends.
    """

    true: int = 0
    found: int = 0
    right: int = 0
    errors: list[NDArray[np.float64]] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)

    def add(self, truth: Sequence[Staff], found: Sequence[Staff]) -> None:
        """Match the staves of a page, each true one with the nearest found one."""
        self.true += len(truth)
        self.found += len(found)
        left = set(range(len(found)))
        for staff in truth:
            off = {n: _off(staff, found[n]) for n in left}
            best = min(off, key=lambda n: float(off[n].mean()), default=None)
            if best is not None and off[best].mean() < TOLERANCE:
                left.remove(best)
                self.right += 1
                self.errors.append(off[best].ravel())
                pairs = ((staff.xs[end], found[best].xs[end]) for end in (0, -1))
                self.ends += [abs(a - b) / staff.space for a, b in pairs]

    def row(self, title: str, pages: int) -> str:
        """Return a line of the table in Markdown."""
        errors = np.concatenate(self.errors) if self.errors else np.zeros(1)
        return (
            f"| {title} | {pages} | {self.true} | {self.right / max(self.found, 1):.4f} "
            f"| {self.right / max(self.true, 1):.4f} | {errors.mean():.3f} "
            f"| {np.percentile(errors, FAR_PERCENTILE):.3f} "
            f"| {errors.max():.2f} | {np.median(self.ends or [0]):.2f} |"
        )


def _off(truth: Staff, found: Staff) -> NDArray[np.float64]:
    """Return distances (lines, points) in staff spaces; infinite where two staves share too little width."""
    x0, x1 = max(truth.xs[0], found.xs[0]), min(truth.xs[-1], found.xs[-1])
    if x1 - x0 < LEAST_COVER * (truth.xs[-1] - truth.xs[0]) or len(truth.ys) != len(found.ys):
        return np.full((1, 1), np.inf)
    xs = np.linspace(x0, x1, POINTS)
    return np.array([np.abs(found.lines_at(x) - truth.lines_at(x)) for x in xs]).T / truth.space


def main(
    pages: Annotated[int, typer.Option(help="Number of engraved pages.")] = 60,
    split: Annotated[
        str, typer.Option(help="Split of engraved music and of MUSCIMA++: train, val or test.")
    ] = "test",
    seed: int = 1,
) -> None:
    """Print the table."""
    print("| pages | count | staves | precision | recall | error, mean | 95 % | worst | ends, median |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    clean, scanned = Tally(), Tally()
    made = list(engraved(split, pages, seed))
    for number, page in enumerate(made):
        image, staves = page.draw(), true_staves(page)
        clean.add(staves, find_staves(image))
        aged, bent = as_scanned(image, staves, page.space, number)
        scanned.add(bent, find_staves(aged))
    print(clean.row("engraved, clean", len(made)))
    print(scanned.row("engraved, scanned", len(made)))
    written = Tally()
    dataset = Muscima(Path(os.environ["OMR_DATA"]) / "muscima-pp", split)
    for i in range(len(dataset)):
        written.add(dataset.staves(i), find_staves(dataset.image(i)))
    print(written.row(f"MUSCIMA++ {split}", len(dataset)))


def engraved(split: str, pages: int, seed: int) -> Iterator[EngravedPage]:
    """Yield the first page of each of `pages` pieces drawn at random."""
    rng = np.random.default_rng(seed)
    font = MusicFont("Leland" if split == "test" else "Leipzig")
    made = 0
    while made < pages:
        piece = corpus.draw(rng, split)  # type: ignore[arg-type]
        try:
            page = next(iter(engrave(piece.load(), font, Layout.random(rng), lambda count: range(1))))
        except ValueError as error:
            print(f"left out {piece.id}: {error}")
            continue
        yield page
        made += 1


def as_scanned(
    image: NDArray[np.uint8], staves: Sequence[Staff], space: float, seed: int
) -> tuple[NDArray[np.uint8], list[Staff]]:
    """Degrade a page and warp its staves in the same way: `scan` draws its warp first."""
    warp = Warp.random(np.random.default_rng(seed), image.shape, space)
    aged, _ = scan(image, np.zeros((0, 4), np.float32), np.random.default_rng(seed), space)
    return aged, [_bent(staff, warp) for staff in staves]


def _bent(staff: Staff, warp: Warp) -> Staff:
    """Apply a warp to a staff."""
    xs = np.linspace(staff.xs[0], staff.xs[-1], WARPED_POINTS)
    lines = [warp.move_points(np.stack([xs, np.interp(xs, staff.xs, line)], 1)) for line in staff.ys]
    left, right = max(line[0, 0] for line in lines), min(line[-1, 0] for line in lines)
    common = np.linspace(left, right, WARPED_POINTS)
    return Staff(common, np.array([np.interp(common, line[:, 0], line[:, 1]) for line in lines]))


if __name__ == "__main__":
    typer.run(main)
