"""Measure the music that is read from symbols, and print the notation tables of RESULTS.md.

    python benchmarks/notation.py [--split test] [--pages 60] [--weights printed [--scanned]] [--ned] [--solo]

Pieces by the composers of a split are engraved with verovio. The true symbols and staves of each page, or
with `--weights` the symbols and staves that a detector finds on its picture, are read by `omr.notation`, and
the notes are compared with those that verovio drew. The pages of a piece are read together, since a later
page does not repeat the metre. With `--solo` only the first part of each piece is engraved: no composer of
the test split wrote for one voice alone.

With `--ned` the MusicXML is also compared with verovio's MEI of the same measures by OMR-NED
(`omr.evaluation.music.ned`, the extra `music`). Both sides are converted by music21, which is not free of
losses. To tell how much it loses, that MEI, written as MusicXML by music21 and read back, is compared too.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated
from xml.etree import ElementTree

import numpy as np
import typer

from omr.datasets.degrade import scan
from omr.engraving import corpus
from omr.engraving.engraved_page import EngravedPage
from omr.engraving.glyphs import MusicFont
from omr.engraving.layout import Layout
from omr.engraving.random_music import random_mei
from omr.engraving.truth import true_measures
from omr.engraving.verovio import engrave
from omr.evaluation.music.comparison import (
    Agreement,
    MeasureNotes,
    Sounding,
    compare,
    notes_by_measure,
    total,
)
from omr.evaluation.music.ned import omr_ned, read_back, version
from omr.export.musicxml import to_musicxml
from omr.images import PageImage
from omr.inference import Reader
from omr.notation import pipeline
from omr.page import Page, Staff, Symbol
from omr.registry import load
from omr.score import Pitch, Score
from omr.staves import find_staves
from omr.vocabulary.translation import to_core_page

_PAGES_OF_A_PIECE = 2
"""Pages of each piece that are engraved, from the first."""


@dataclass(frozen=True)
class Sample:
    """Some pages of a piece with their symbols, the notes that are on them, and the same music as MEI."""

    name: str
    pages: list[Page]
    truth: list[MeasureNotes]
    mei: str = ""

    @property
    def kind(self) -> str:
        """The kind of music, by its number of staves."""
        staves = len({note.staff for notes in self.truth for note in notes})
        return {1: "one staff", 2: "two staves"}.get(staves, "more staves")


def main(
    split: Annotated[str, typer.Option(help="train, val, test or random")] = "val",
    pages: Annotated[int, typer.Option(help="How many, about.")] = 60,
    seed: int = 1,
    measured: Annotated[bool, typer.Option(help="Find the staves on the picture.")] = False,
    weights: Annotated[str | None, typer.Option(help="Find the symbols on the picture as well.")] = None,
    scanned: Annotated[bool, typer.Option(help="With --weights: age the picture first.")] = False,
    ned: Annotated[bool, typer.Option(help="OMR-NED as well, by musicdiff; slow.")] = False,
    worst: Annotated[int, typer.Option(help="Show so many of the worst pieces.")] = 0,
    solo: Annotated[bool, typer.Option(help="Only the first part of each piece.")] = False,
) -> None:
    results: dict[str, list[Agreement]] = defaultdict(list)
    by_name: list[tuple[str, Agreement]] = []
    distances: dict[str, list[Distances]] = defaultdict(list)
    seconds, read = 0.0, 0
    look = detected(weights, scanned) if weights else staves_found if measured else as_drawn
    for sample in samples(split, pages, seed, look, solo):
        start = time.process_time()
        score = pipeline.read(sample.pages)
        seconds += time.process_time() - start
        read += len(sample.pages)
        agreement = compare(notes_by_measure(score), sample.truth)
        results[sample.kind].append(agreement)
        by_name.append((sample.name, agreement))
        if ned:
            distances[sample.kind].append(measure_distances(score, sample.mei))
    print(
        f"| {split}: music | pages' pieces | notes | F1 pitch | F1 pitch, onset, duration | measures right |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    for kind in sorted(results):
        show(kind, results[kind])
    show("all", [agreement for _, agreement in by_name])
    print(f"\n{read} pages, {seconds / max(read, 1):.2f} s a page")
    if ned:
        show_distances(distances)
    for name, agreement in sorted(by_name, key=lambda item: item[1].rhythm.right - item[1].rhythm.true)[
        :worst
    ]:
        print(name, agreement)


def show(kind: str, agreements: list[Agreement]) -> None:
    sum_ = total(agreements)
    print(
        f"| {kind} | {len(agreements)} | {sum_.rhythm.true} | {sum_.pitch.f1:.4f} | {sum_.rhythm.f1:.4f} "
        f"| {sum_.measures.right / max(sum_.measures.true, 1):.4f} |"
    )


@dataclass(frozen=True)
class Distances:
    """OMR-NED of the score that was read and of the truth converted and read back; None where it failed."""

    read: float | None
    converted: float | None
    seconds: float


def measure_distances(score: Score, mei: str) -> Distances:
    """Compare a score with its truth by OMR-NED."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        truth, found, converted = (
            Path(folder) / name for name in ("truth.mei", "found.musicxml", "x.musicxml")
        )
        truth.write_text(mei, encoding="utf-8")
        found.write_text(to_musicxml(score), encoding="utf-8")
        again = omr_ned(converted, truth) if read_back(truth, converted) else None
        return Distances(omr_ned(found, truth), again, time.perf_counter() - start)


def show_distances(distances: dict[str, list[Distances]]) -> None:
    """Print the means over the pieces that could be compared, and their number."""
    print(
        f"\n| music | OMR-NED (musicdiff {version()}) | compared | truth converted and read back | compared |"
    )
    print("| --- | ---: | ---: | ---: | ---: |")
    everything = [distance for kind in distances.values() for distance in kind]
    for kind, some in [*sorted(distances.items()), ("all", everything)]:
        cells = []
        for values in ([d.read for d in some], [d.converted for d in some]):
            known = [value for value in values if value is not None]
            cells.append(
                f"{np.mean(known):.4f} | {len(known)} of {len(some)}" if known else f"| 0 of {len(some)}"
            )
        print(f"| {kind} | {' | '.join(cells)} |")
    print(f"\n{sum(d.seconds for d in everything) / max(len(everything), 1):.1f} s a piece")


def samples(split: str, pages: int, seed: int, look: Look, solo: bool = False) -> Iterator[Sample]:
    """Draw pieces at random until there are enough pages."""
    rng = np.random.default_rng(seed)
    made = 0
    while made < pages:
        if split == "random":
            name, text = f"random-{made}", random_mei(rng)
        else:
            piece = corpus.draw(rng, split)  # type: ignore[arg-type]
            name, text = piece.id, piece.load()
            if solo and (text := first_part(text)) == "":
                continue
        font = "Leland" if split == "test" else "Leipzig"
        try:
            sample = engraved(name, text, MusicFont(font), Layout.random(rng), look)
        except ValueError as error:
            print(f"left out {name}: {error}")
            continue
        made += len(sample.pages)
        yield sample


def engraved(name: str, text: str, font: MusicFont, layout: Layout, look: Look | None = None) -> Sample:
    """Engrave the first pages of a piece with their symbols and their music."""
    made = list(engrave(text, font, layout, lambda count: range(min(count, _PAGES_OF_A_PIECE))))
    music = true_measures(made[0].mei)
    notes = [
        Counter(
            Sounding(n.staff, n.onset, n.duration, Pitch(n.step, n.octave, n.alter)) for n in music[measure]
        )
        for page in made
        for measure in page.measures
        if measure in music
    ]
    shown = {measure for page in made for measure in page.measures}
    return Sample(name, [(look or as_drawn)(page, name) for page in made], notes, only(made[0].mei, shown))


def first_part(text: str) -> str:
    """Reduce MusicXML to its first part; "" for other formats and for a part of several staves."""
    if "<score-partwise" not in text:
        return ""
    root = ElementTree.fromstring(text)
    for name, parent in (("score-part", root.find("part-list")), ("part", root)):
        assert parent is not None
        for part in parent.findall(name)[1:]:
            parent.remove(part)
    for group in root.findall("part-list/part-group"):
        root.find("part-list").remove(group)  # type: ignore[union-attr]
    return "" if root.find(".//staves") is not None else ElementTree.tostring(root, encoding="unicode")


_MEI = "http://www.music-encoding.org/ns/mei"
_ID = "{http://www.w3.org/XML/1998/namespace}id"


def only(mei: str, measures: set[str]) -> str:
    """Remove the measures without one of the given ids from an MEI document."""
    ElementTree.register_namespace("", _MEI)
    root = ElementTree.fromstring(mei)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{{{_MEI}}}measure" and child.get(_ID) not in measures:
                parent.remove(child)
    return ElementTree.tostring(root, encoding="unicode")


Look = Callable[[EngravedPage, str], Page]
"""Takes an engraved page and the name of its piece; gives the symbols and staves to read the music from."""


def as_drawn(page: EngravedPage, name: str) -> Page:
    """Return an engraved page as a faultless detector would read it."""
    symbols = tuple(Symbol(s.name, s.box) for s in page.symbols)
    core = to_core_page(Page(page.width, page.height, symbols, source=name), "deepscores")
    return replace(core, staves=true_staves(page))


def staves_found(page: EngravedPage, name: str) -> Page:
    """Return the true symbols with the staves found in the picture."""
    return replace(as_drawn(page, name), staves=tuple(find_staves(page.draw())))


def detected(weights: str, scanned: bool) -> Look:
    """Detect the symbols and staves in the picture alone."""
    reader = Reader(detector=load(weights))

    def look(page: EngravedPage, name: str) -> Page:
        image = page.draw()
        if scanned:
            boxes = np.zeros((0, 4), np.float32)
            image, _ = scan(image, boxes, np.random.default_rng(len(page.symbols)), page.space)
        return reader.page(PageImage(image, name))

    return look


def true_staves(page: EngravedPage) -> tuple[Staff, ...]:
    """Return the staff lines as they were drawn."""
    lines: dict[int, list[tuple[float, float, float]]] = defaultdict(list)
    for symbol in page.symbols:
        if symbol.name == "staffLine":
            lines[symbol.staff].append((symbol.box.centre[1], symbol.box.x0, symbol.box.x1))
    staves = []
    for those in lines.values():
        if len(those) == 5:
            ys = sorted(y for y, _, _ in those)
            xs = np.array([those[0][1], those[0][2]])
            staves.append(Staff(xs, np.array([[y, y] for y in ys])))
    return tuple(sorted(staves, key=lambda staff: staff.box.y0))


if __name__ == "__main__":
    typer.run(main)
