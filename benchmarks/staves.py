"""How well staves are found, by itself: prints the table of staves of RESULTS.md.

    python benchmarks/staves.py [--split test] [--pages 60]

Engraved pages are of the composers of a split, drawn as `benchmarks/notation.py` draws them; the scanned
variant is the same pages through `omr.datasets.degrade.scan`, the lines bent as the picture is. MUSCIMA++
2.0, in the folder that OMR_DATA names, has a mask for every staff line; its pages are painted from the masks
of all symbols.

A staff is found where its five lines lie within half a staff space of the true ones, in the mean over the
width that both cover, and cover half of the true width. Errors are those of the lines of staves found, at 50
places of that width, in staff spaces.
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

from omr.datasets.degrade import Warp, scan
from omr.datasets.muscima import Muscima
from omr.engraving import corpus
from omr.engraving.engraver import EngravedPage, engrave
from omr.engraving.glyphs import MusicFont
from omr.engraving.layout import Layout
from omr.page import Staff
from omr.staves import find_staves

_POINTS = 50
_WITHIN = 0.5
"""Staff spaces that the lines of a staff found are off at most, in the mean."""


@dataclass
class Tally:
    """Staves there, found and right; how far off lines and ends of the right ones are, in staff spaces."""

    true: int = 0
    found: int = 0
    right: int = 0
    errors: list[NDArray[np.float64]] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)

    def add(self, truth: Sequence[Staff], found: Sequence[Staff]) -> None:
        self.true += len(truth)
        self.found += len(found)
        left = set(range(len(found)))
        for staff in truth:
            off = {n: _off(staff, found[n]) for n in left}
            best = min(off, key=lambda n: float(off[n].mean()), default=None)
            if best is not None and off[best].mean() < _WITHIN:
                left.remove(best)
                self.right += 1
                self.errors.append(off[best].ravel())
                pairs = ((staff.xs[end], found[best].xs[end]) for end in (0, -1))
                self.ends += [abs(a - b) / staff.space for a, b in pairs]

    def row(self, title: str, pages: int) -> str:
        errors = np.concatenate(self.errors) if self.errors else np.zeros(1)
        return (
            f"| {title} | {pages} | {self.true} | {self.right / max(self.found, 1):.4f} "
            f"| {self.right / max(self.true, 1):.4f} | {errors.mean():.3f} | {np.percentile(errors, 95):.3f} "
            f"| {errors.max():.2f} | {np.median(self.ends or [0]):.2f} |"
        )


def _off(truth: Staff, found: Staff) -> NDArray[np.float64]:
    """How far each line is off (lines, points), in staff spaces; infinite where the two are not one staff."""
    x0, x1 = max(truth.xs[0], found.xs[0]), min(truth.xs[-1], found.xs[-1])
    if x1 - x0 < 0.5 * (truth.xs[-1] - truth.xs[0]) or len(truth.ys) != len(found.ys):
        return np.full((1, 1), np.inf)
    xs = np.linspace(x0, x1, _POINTS)
    return np.array([np.abs(found.lines_at(x) - truth.lines_at(x)) for x in xs]).T / truth.space


def main(
    pages: Annotated[int, typer.Option(help="How many engraved pages.")] = 60,
    split: Annotated[
        str, typer.Option(help="train, val or test, of engraved music and of MUSCIMA++.")
    ] = "test",
    seed: int = 1,
) -> None:
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
    """The first page of each of some pieces drawn at random."""
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
    """A page as a scanner gives it; `scan` bends it by the first warp that its generator draws."""
    warp = Warp.random(np.random.default_rng(seed), image.shape, space)
    aged, _ = scan(image, np.zeros((0, 4), np.float32), np.random.default_rng(seed), space)
    return aged, [_bent(staff, warp) for staff in staves]


def _bent(staff: Staff, warp: Warp) -> Staff:
    """A staff as a warp leaves it."""
    xs = np.linspace(staff.xs[0], staff.xs[-1], 4 * _POINTS)
    lines = [warp.move_points(np.stack([xs, np.interp(xs, staff.xs, line)], 1)) for line in staff.ys]
    left, right = max(line[0, 0] for line in lines), min(line[-1, 0] for line in lines)
    common = np.linspace(left, right, 4 * _POINTS)
    return Staff(common, np.array([np.interp(common, line[:, 0], line[:, 1]) for line in lines]))


if __name__ == "__main__":
    typer.run(main)
