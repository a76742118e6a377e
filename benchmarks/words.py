"""Measure the words that are read on engraved songs, and print the tables of words in RESULTS.md.

    python benchmarks/words.py [--split test] [--songs 12] [--scanned]

Random songs with words of every kind (`omr.engraving.songs`) are engraved with verovio. The first page of
each, clean or degraded as a scan, is read by the shipped weights `printed` and the installed recogniser, and
compared with what verovio drew. Thresholds are chosen on `--split val`, figures are those of `--split test`.
"""

from __future__ import annotations

import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Annotated

import numpy as np
import typer

from omr.datasets.degrade import scan
from omr.engraving.engraved_page import EngravedPage
from omr.engraving.glyphs import MusicFont
from omr.engraving.layout import Layout
from omr.engraving.songs import random_song
from omr.engraving.true_words import TrueSyllable, true_syllables, true_texts
from omr.engraving.verovio import engrave
from omr.images import PageImage
from omr.inference import Reader
from omr.notation import pipeline
from omr.page import Box, Text
from omr.score import Score

_FONTS = ("Leipzig", "Bravura", "Leland")
_SPACES = (14.0, 22.0)
"""Smallest and largest staff space of a page, in pixels."""


@dataclass
class Tally:
    """What is right among what is true and what was found."""

    true: int = 0
    found: int = 0
    right: int = 0

    @property
    def f1(self) -> float:
        return 2 * self.right / max(self.true + self.found, 1)


@dataclass
class Figures:
    """The figures of all pages."""

    kinds: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    syllables: Tally = field(default_factory=Tally)
    edits: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    chords: Tally = field(default_factory=Tally)
    seconds: list[float] = field(default_factory=list)


def songs(split: str, count: int) -> Iterator[tuple[EngravedPage, np.random.Generator]]:
    """Engrave the first page of some songs."""
    for number in range(count):
        rng = np.random.default_rng([number, ("val", "test").index(split)])
        space = float(rng.uniform(*_SPACES))
        width = int(space * rng.uniform(85, 110))
        settings = {"header": "encoded", "footer": "encoded", "lyricSize": round(float(rng.uniform(4, 5)), 2)}
        layout = Layout(width, int(1.35 * width), space, settings)
        font = MusicFont(_FONTS[number % len(_FONTS)])
        yield next(engrave(random_song(rng, split), font, layout)), rng


def found_syllables(score: Score) -> list[TrueSyllable]:
    """List the syllables of a score with their notes."""
    found, staff = [], 0
    for part in score.parts:
        for number in range(1, part.staves + 1):
            staff += 1
            for place, measure in enumerate(part.measures):
                events = sorted(
                    (e for e in measure.events(number) if e.notes and not e.grace), key=lambda e: e.onset
                )
                for note, event in enumerate(events):
                    found += [TrueSyllable(place, staff, note, ly.verse, ly.text) for ly in event.lyrics]
    return found


def plain(text: str) -> str:
    """Keep letters and figures alone, composed as Unicode does; a sign for a flat is a b."""
    text = unicodedata.normalize("NFC", text).replace("♭", "b").replace("♯", "#")
    return "".join(c for c in text if c.isalnum() or c in "#/")


def distance(a: str, b: str) -> int:
    """Count the edits of letters between two texts (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def overlap(a: Box, b: Box) -> float:
    """Share of the smaller box that two boxes have in common."""
    width, height = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    return max(0.0, width) * max(0.0, height) / max(min(a.width * a.height, b.width * b.height), 1.0)


def rows(texts: Iterable[Text]) -> list[tuple[Box, str]]:
    """Join the texts of each line."""
    found: list[list[Text]] = []
    for text in sorted(texts, key=lambda t: t.box.x0):
        for row in found:
            last = row[-1].box  # the lines of a scan rise and fall
            if min(last.y1, text.box.y1) - max(last.y0, text.box.y0) > 0.5 * min(
                last.height, text.box.height
            ):
                row.append(text)
                break
        else:
            found.append([text])
    return [(reduce(Box.joined, (t.box for t in row)), "".join(plain(t.text) for t in row)) for row in found]


def measure(true: Sequence[Text], found: Sequence[Text], figures: Figures) -> None:
    """Compare the texts of a page."""
    free = list(found)
    for text in true:
        figures.kinds[text.kind].true += 1
        best = max(free, key=lambda f: overlap(f.box, text.box), default=None)
        if best is None or overlap(best.box, text.box) < 0.5:
            continue
        if text.kind != "lyrics" or len(plain(best.text)) <= len(plain(text.text)):
            free.remove(best)
        figures.kinds[text.kind].right += best.kind == text.kind
        if text.kind == "chord name":
            figures.chords.right += best.kind == text.kind and plain(best.text) == plain(text.text)
    for text in found:
        figures.kinds[text.kind].found += 1
    for group, chosen in (("lyrics", True), ("other words", False)):
        lines = _lines((t for t in found if (t.kind == "lyrics") == chosen), chosen)
        for box, said in _lines((t for t in true if (t.kind == "lyrics") == chosen), chosen):
            match = max(lines, key=lambda line: overlap(line[0], box), default=None)
            read = match[1] if match and overlap(match[0], box) > 0.3 else ""
            figures.edits[group] += min(distance(said, read), len(said))
            figures.letters[group] += len(said)


def _lines(texts: Iterable[Text], whole: bool) -> list[tuple[Box, str]]:
    """Join the syllables of whole rows; other texts are compared one by one."""
    return rows(texts) if whole else [(text.box, plain(text.text)) for text in texts]


def main(
    split: Annotated[str, typer.Option(help="val or test.")] = "test",
    songs_: Annotated[int, typer.Option("--songs", help="Number of songs.")] = 12,
    scanned: Annotated[bool, typer.Option(help="Degrade the pages as scans.")] = False,
    verbose: Annotated[bool, typer.Option(help="Print what is wrong.")] = False,
) -> None:
    """Print the table."""
    reader, figures = Reader(device="cpu", words=True), Figures()
    for number, (engraved, rng) in enumerate(songs(split, songs_)):
        grey, true = engraved.draw(), list(true_texts(engraved))
        if scanned:
            grey, boxes = scan(grey, np.array([t.box for t in true], float), rng, engraved.space)
            true = [replace(t, box=Box(*box)) for t, box in zip(true, boxes.tolist(), strict=True)]
        started = time.process_time()
        page = reader.page(PageImage(grey, f"song-{number}", 1))
        figures.seconds.append(time.process_time() - started)
        measure(true, page.texts or (), figures)
        read = found_syllables(pipeline.read([page]))
        wanted = true_syllables(engraved)
        shared = Counter((*s[:4], plain(s.text)) for s in wanted) & Counter(
            (*s[:4], plain(s.text)) for s in read
        )
        tally = figures.syllables
        tally.true, tally.found, tally.right = (
            tally.true + len(wanted), tally.found + len(read), tally.right + shared.total()
        )  # fmt: skip
        if verbose:
            print(number, "missing", sorted(set(wanted) - set(read))[:12])
            print(number, "extra", sorted(set(read) - set(wanted))[:12])
            print("  texts", [(t.kind, t.text) for t in page.texts or () if t.kind != "lyrics"])
            print("  true ", [(t.kind, t.text) for t in true if t.kind != "lyrics"])
    report(figures)


def report(figures: Figures) -> None:
    """Print the figures."""
    for group, letters in figures.letters.items():
        print(f"character error, {group}: {figures.edits[group] / max(letters, 1):.4f} of {letters}")
    print(f"syllables on the right note, F1: {figures.syllables.f1:.3f} of {figures.syllables.true}")
    chords = figures.kinds["chord name"]
    print(f"chord names exact: {figures.chords.right / max(chords.true, 1):.3f} of {chords.true}")
    total = Tally()
    for kind, tally in sorted(figures.kinds.items()):
        print(f"  {kind}: F1 {tally.f1:.3f} (true {tally.true}, found {tally.found}, right {tally.right})")
        total.true, total.found, total.right = (
            total.true + tally.true, total.found + tally.found, total.right + tally.right
        )  # fmt: skip
    print(f"words by kind, F1: {total.f1:.3f}")
    print(f"processor seconds a page, symbols and words: {np.median(figures.seconds):.2f}")


if __name__ == "__main__":
    typer.run(main)
