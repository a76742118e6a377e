"""Measure how well whole pieces are read from real scans, by piece and by cause.

    python benchmarks/scans.py [--set joplin] [--pieces breeze,elite] [--limit N] [--cache DIR] [--csv FILE]
    python benchmarks/scans.py --variant rotated-90 --pieces swipesy
    python benchmarks/scans.py --cache DIR --worst 20 --pictures DIR

The pieces are the PDF files of `real-scores`, in the folder that OMR_DATA names, each with its truth beside
it as MusicXML. Columns of the table: F1 of pitches and of pitches with durations in score order (longest
common subsequence, `omr.evaluation.music.sequence`), and of the latter as a bag; staves of each part; share
of the measures whose key (by staff) and metre are right; number of measures; seconds of processor time a
page from symbols to the score; pages a second from the PDF to the score. Detections of a `--cache` are not
made again, so such a piece has no pages a second. The second table says, of 100 notes found or true, how many
are wrong for which cause (`omr.evaluation.music.causes`); its examples are measures, counted from 1 through
the truth with its pickup.

`--variant` changes the rendered pages before symbols are found and adds the difference to the scan itself.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import time
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Annotated
from xml.etree import ElementTree

import numpy as np
import typer
from numpy.typing import NDArray

from omr.datasets.photo import photo, turned
from omr.evaluation.music.causes import CAUSES, Cause, Difference, align_measures, find_differences
from omr.evaluation.music.comparison import (
    MeasureNotes,
    Signs,
    Sounding,
    Tally,
    compare_signs,
    notes_by_measure,
    signs_by_measure,
)
from omr.evaluation.music.files import MusicFile, read_music
from omr.evaluation.music.sequence import SequenceAgreement, compare_sequences
from omr.export.overlay import draw
from omr.export.stored import load_detections
from omr.files import replacing
from omr.formats import export_pages
from omr.images import PageImage, load_pages
from omr.inference import Reader
from omr.notation import pipeline
from omr.page import Box, Page
from omr.registry import load
from omr.score import Pitch, Score
from omr.vocabulary.translation import core_page
from omr.weights import shipped

Grey = NDArray[np.uint8]

WHITE = 255
"""Grey of white paper."""

EXAMPLES = 4
"""Measures named for each cause."""

MARGIN = 5
"""Staff spaces around the staves of a measure in its picture."""


CSV_COLUMNS = (
    *("set", "piece", "pitch", "pitch_duration", "pitch_duration_bag", "keys_right", "metres_right"),
    *("parts_right", "measures", "true_measures", "pages", "notation_seconds_a_page"),
)
"""Columns of `--csv` before the causes."""


VARIANTS: dict[str, Callable[[Grey, np.random.Generator], Grey]] = {
    "scan": lambda grey, rng: grey,
    "photo": photo,
    "rotated-10": lambda grey, rng: turned(grey, 10),
    "rotated-90": lambda grey, rng: turned(grey, 90),
    "rotated-180": lambda grey, rng: turned(grey, 180),
    "inverted": lambda grey, rng: WHITE - grey,
}
"""What is done with a rendered page before symbols are found on it; chance depends on the names of set and
piece and on the page's number."""


@dataclass(frozen=True)
class Truth:
    """What is printed in a piece.

    Attributes
    ----------
    music : MusicFile
    staves : tuple of int
        Number of staves of each part.
    """

    music: MusicFile
    staves: tuple[int, ...]


@dataclass(frozen=True)
class Result:
    """How a piece was read.

    Attributes
    ----------
    name : str
        Set and piece.
    agreement : SequenceAgreement
    signs : dict of str to Tally
        By "key", "clef" and "time".
    staves : tuple of int
        Staves of each part, as read.
    true_staves : tuple of int
    measures : tuple of (int, int)
        Number of measures, found and true.
    differences : list of Difference
    pages : int
    notation_seconds : float
        Processor time from symbols to the score.
    detection_seconds : float or None
        Time from the PDF to symbols; None where detections were stored.
    """

    name: str
    agreement: SequenceAgreement
    signs: dict[str, Tally]
    staves: tuple[int, ...]
    true_staves: tuple[int, ...]
    measures: tuple[int, int]
    differences: list[Difference]
    pages: int
    notation_seconds: float
    detection_seconds: float | None

    @property
    def set(self) -> str:
        return self.name.partition("/")[0]

    @property
    def figures(self) -> tuple[float, ...]:
        """F1 of pitch, of pitch and duration, as a bag; share of keys and metres right."""
        scores = (self.agreement.pitch.f1, self.agreement.duration.f1, self.agreement.bag.f1)
        return (*scores, self.signs["key"].recall, self.signs["time"].recall)

    @property
    def notes(self) -> int:
        """Notes found and true notes together."""
        return self.agreement.pitch.found + self.agreement.pitch.true


def main(
    set_: Annotated[str | None, typer.Option("--set", help="Only this folder of real-scores.")] = None,
    pieces: Annotated[str | None, typer.Option(help="Parts of names, with commas between.")] = None,
    limit: Annotated[int | None, typer.Option(help="So many pieces of each set.")] = None,
    weights: Annotated[str, typer.Option(help="Name of shipped weights, or a file.")] = "printed",
    cache: Annotated[Path | None, typer.Option(help="Folder to keep detections and truth in.")] = None,
    variant: Annotated[str, typer.Option(help=", ".join(VARIANTS))] = "scan",
    worst: Annotated[int, typer.Option(help="List so many of the worst measures.")] = 0,
    pictures: Annotated[Path | None, typer.Option(help="Folder for pictures of these measures.")] = None,
    csv_: Annotated[Path | None, typer.Option("--csv", help="Write the table by piece here.")] = None,
) -> None:
    if variant not in VARIANTS:
        raise typer.BadParameter(f"{variant}: no such variant; choose one of {', '.join(VARIANTS)}")
    detections = Detections(weights, cache)
    results: list[Result] = []
    show_header(variant)
    files = list(chosen(set_, pieces, limit))
    for file in files:
        result = measure(file, detections, variant, cache)
        scan = measure(file, detections, "scan", cache) if variant != "scan" else None
        results.append(result)
        print(row(result, scan), flush=True)
    sets = sorted({result.set for result in results})
    for name in sets:
        print(mean_row(name, [result for result in results if result.set == name]))
    show_causes(results, sets)
    if csv_:
        write_csv(csv_, results)
    if worst:
        show_worst(results, {name_of(file): file for file in files}, detections, variant, worst, pictures)


def chosen(set_: str | None, pieces: str | None, limit: int | None) -> Iterator[Path]:
    """Go through the PDF files of the pieces asked for."""
    taken: Counter[str] = Counter()
    for file in sorted((Path(os.environ["OMR_DATA"]) / "real-scores").glob("*/*.pdf")):
        name = name_of(file)
        wanted = pieces is None or any(piece in name for piece in pieces.split(","))
        if wanted and set_ in (None, file.parent.name) and (limit is None or taken[file.parent.name] < limit):
            taken[file.parent.name] += 1
            yield file


def name_of(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


def measure(file: Path, detections: Detections, variant: str, cache: Path | None) -> Result:
    """Read a piece and compare it with its truth."""
    pages, detection_seconds = detections.of(file, variant)
    start = time.process_time()
    score = pipeline.read(pages)
    seconds = time.process_time() - start
    return compare(name_of(file), score, true_music(file, cache), len(pages), seconds, detection_seconds)


def compare(
    name: str, score: Score, truth: Truth, pages: int, seconds: float, detection_seconds: float | None
) -> Result:
    """Compare a score with its truth."""
    found, true = notes_by_measure(score), truth.music.notes
    pairs = align_measures(found, true)
    return Result(
        name,
        compare_sequences(found, true),
        compare_signs(signs_by_measure(score), truth.music.signs, pairs),
        tuple(part.staves for part in score.parts),
        truth.staves,
        (len(found), len(true)),
        find_differences(found, true, pairs),
        pages,
        seconds,
        detection_seconds,
    )


# --- detections and truth, stored -------------------------------------------------------------------


class Detections:
    """The symbols on the pages of pieces, found by a detector or in a folder from an earlier run.

    Parameters
    ----------
    weights : str
        Name of shipped weights, or a file.
    folder : Path or None
        Of COCO files as `omr detect` writes them. A file's name has the hash of the weights and the PDF.
    """

    def __init__(self, weights: str, folder: Path | None) -> None:
        self.weights, self.folder = weights, folder
        self._weights_hash = digest(shipped().get(weights, Path(weights)))
        self._reader: Reader | None = None

    def of(self, file: Path, variant: str) -> tuple[list[Page], float | None]:
        """Give the pages of a piece, and the seconds it took to find their symbols; None from the cache."""
        stored = self.stored(file, variant)
        if stored and stored.is_file():
            return [core_page(page) for page in load_detections(stored)], None
        start = time.perf_counter()
        self._reader = self._reader or Reader(detector=load(self.weights))
        pages = [replace(self._reader.page(image), image=None) for image in images(file, variant)]
        seconds = time.perf_counter() - start
        if stored:
            stored.parent.mkdir(parents=True, exist_ok=True)
            with replacing(stored) as part:
                part.write_text(coco(pages), encoding="utf-8")
        return [core_page(page) for page in pages], seconds

    def stored(self, file: Path, variant: str) -> Path | None:
        """Name the file of the cache; None without a cache."""
        key = f"{self._weights_hash}-{digest(file)}"
        return self.folder and self.folder / f"{file.parent.name}-{file.stem}-{variant}-{key}.json"


def coco(pages: Sequence[Page]) -> str:
    """Write pages as `omr detect` does."""
    return str(export_pages(pages, "coco"))


def images(file: Path, variant: str) -> Iterator[PageImage]:
    """Render the pages of a piece and change them."""
    for image in load_pages(file):
        rng = np.random.default_rng([zlib.crc32(name_of(file).encode()), image.number])
        yield replace(image, grey=VARIANTS[variant](image.grey, rng))


def digest(file: Path) -> str:
    """Compute the first letters of a file's SHA-256, enough to tell files apart."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]


def true_music(file: Path, cache: Path | None) -> Truth:
    """Read the truth of a piece, from the cache where it is there."""
    source = file.with_suffix(".musicxml")
    stored = cache and cache / f"{file.parent.name}-{file.stem}-truth-{digest(source)}.json"
    if stored and stored.is_file():
        return truth_from_json(json.loads(stored.read_text(encoding="utf-8")))
    parts = ElementTree.parse(source).getroot().findall("part")
    staves = (max((int(s.text or 1) for s in part.iter("staves")), default=1) for part in parts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # music21 warns of directions, which are not compared
        truth = Truth(read_music(source), tuple(staves))
    if stored:
        stored.parent.mkdir(parents=True, exist_ok=True)
        with replacing(stored) as part:
            part.write_text(json.dumps(truth_to_json(truth)), encoding="utf-8")
    return truth


def truth_to_json(truth: Truth) -> dict[str, object]:
    """Write a truth as plain values: exact times as text, such as "1/3"."""
    return {
        "staves": truth.staves,
        "notes": [
            [
                [note.staff, str(note.onset), str(note.duration), *note.pitch, count]
                for note, count in notes.items()
            ]
            for notes in truth.music.notes
        ],
        "signs": [[[*place, sign] for place, sign in signs.items()] for signs in truth.music.signs],
    }


def truth_from_json(content: dict[str, list]) -> Truth:  # type: ignore[type-arg]
    """Read what `truth_to_json` wrote."""
    notes: list[MeasureNotes] = [
        Counter(
            {
                Sounding(staff, Fraction(onset), Fraction(duration), Pitch(step, octave, alter)): count
                for staff, onset, duration, step, octave, alter, count in measure
            }
        )
        for measure in content["notes"]
    ]
    signs: list[Signs] = [
        {(staff, name): tuple(sign) if isinstance(sign, list) else sign for staff, name, sign in measure}
        for measure in content["signs"]
    ]
    return Truth(MusicFile(notes, signs), tuple(content["staves"]))


# --- tables -----------------------------------------------------------------------------------------


def show_header(variant: str) -> None:
    compared = " difference to the scan |" if variant != "scan" else ""
    print(
        f"| {variant} | pitch | pitch, duration | as a bag | parts | keys right | metres right | measures "
        f"| notation s/page | pages/s |{compared}"
    )
    print("| --- |" + " ---: |" * (9 + bool(compared)))


def row(result: Result, scan: Result | None = None) -> str:
    """Format a piece's row of the table."""
    difference = f" {result.agreement.duration.f1 - scan.agreement.duration.f1:+.3f} |" if scan else ""
    return f"| {' | '.join((result.name, *cells(result)))} |{difference}"


def cells(result: Result) -> list[str]:
    pitch, duration, bag, keys, metres = result.figures
    found, true = result.measures
    staves, true_staves = ("+".join(map(str, s)) for s in (result.staves, result.true_staves))
    seconds = result.detection_seconds
    return [
        *(f"{value:.3f}" for value in (pitch, duration, bag)),
        staves if staves == true_staves else f"{staves or 0}, not {true_staves}",
        *(f"{value:.3f}" for value in (keys, metres)),
        str(true) if found == true else f"{found}, not {true}",
        f"{result.notation_seconds / max(result.pages, 1):.2f}",
        "" if seconds is None else f"{result.pages / (seconds + result.notation_seconds):.2f}",
    ]


def mean_row(name: str, results: Sequence[Result]) -> str:
    """Format the means over the pieces of a set."""
    pitch, duration, bag, keys, metres = np.mean([result.figures for result in results], axis=0)
    pages = sum(result.pages for result in results)
    parts = sum(result.staves == result.true_staves for result in results)
    measures = sum(result.measures[0] == result.measures[1] for result in results)
    seconds = sum(result.notation_seconds for result in results) / max(pages, 1)
    fresh = [r for r in results if r.detection_seconds is not None]
    whole = sum(r.notation_seconds + (r.detection_seconds or 0) for r in fresh)
    speed = f"{sum(r.pages for r in fresh) / whole:.2f}" if fresh else ""
    return (
        f"| mean of {name} | {pitch:.3f} | {duration:.3f} | {bag:.3f} | {parts} of {len(results)} right "
        f"| {keys:.3f} | {metres:.3f} | {measures} of {len(results)} right | {seconds:.2f} | {speed} |"
    )


def show_causes(results: Sequence[Result], sets: Sequence[str]) -> None:
    """Print how many of 100 notes are wrong for each cause, by set, with examples."""
    print(f"\n| of 100 notes | {' | '.join(sets)} | examples: piece and measure |")
    print("| --- |" + " ---: |" * len(sets) + " --- |")
    of_set = [[result for result in results if result.set == name] for name in sets]
    for cause in CAUSES:
        print(table_row([cause, *shares(of_set, {cause}), ", ".join(examples(results, cause))]))
    print(table_row(["all", *shares(of_set, set(CAUSES)), ""]))


def table_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def shares(of_set: Iterable[Sequence[Result]], causes: set[Cause]) -> Iterator[str]:
    """Format the share of the wrong notes of some causes in each set."""
    return (f"{share(results, causes):.2f}" for results in of_set)


def share(results: Sequence[Result], causes: Collection[Cause]) -> float:
    """Count the wrong notes of some causes, of 100 notes found or true."""
    wrong = sum(d.notes for result in results for d in result.differences if d.cause in causes)
    return 100 * wrong / max(sum(result.notes for result in results), 1)


def examples(results: Iterable[Result], cause: Cause) -> list[str]:
    """Name the measures with most notes of a cause, one of each piece."""
    most: list[tuple[int, str, int]] = []
    for result in results:
        counts: Counter[int] = Counter()
        for difference in result.differences:
            if difference.cause == cause:
                counts[difference.true_measure] += difference.notes
        most += [(-count, result.name, number) for number, count in counts.most_common(1)]
    return [f"{name} {number + 1}" for _, name, number in sorted(most)[:EXAMPLES]]


def write_csv(path: Path, results: Sequence[Result]) -> None:
    """Write the table by piece, with the causes in notes of 100."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow((*CSV_COLUMNS, *CAUSES))
        for result in results:
            writer.writerow(
                (
                    *result.name.split("/"),
                    *(f"{value:.3f}" for value in result.figures),
                    int(result.staves == result.true_staves),
                    *result.measures,
                    result.pages,
                    f"{result.notation_seconds / max(result.pages, 1):.2f}",
                    *(f"{share([result], {cause}):.2f}" for cause in CAUSES),
                )
            )


# --- the worst measures -----------------------------------------------------------------------------


def show_worst(
    results: Sequence[Result],
    files: dict[str, Path],
    detections: Detections,
    variant: str,
    count: int,
    folder: Path | None,
) -> None:
    """List the measures with most wrong notes and where they are printed; draw them on request."""
    ranked = [
        (differences, result, number) for result in results for number, differences in grouped(result).items()
    ]
    ranked.sort(key=lambda item: -sum(d.notes for d in item[0]))
    print("\n| piece | measure | true measure | page | x0, y0, x1, y1 in pixels | notes wrong | causes |")
    print("| --- | ---: | ---: | ---: | --- | ---: | --- |")
    places: dict[str, list[tuple[int, Box]]] = {}
    for differences, result, number in ranked[:count]:
        if result.name not in places:
            pages, _ = detections.of(files[result.name], variant)
            places[result.name] = list(measure_places(pages))
        page, box = places[result.name][number]
        x0, y0, x1, y1 = box
        causes = Counter(d.cause for d in differences for _ in range(d.notes))
        listed = ", ".join(f"{cause} {n}" for cause, n in causes.most_common())
        true = differences[0].true_measure + 1
        print(
            f"| {result.name} | {number + 1} | {true} | {page + 1} | {x0:.0f}, {y0:.0f}, {x1:.0f}, {y1:.0f} "
            f"| {causes.total()} | {listed} |"
        )
        if folder:
            name = f"{result.name.replace('/', '-')}-{number + 1:03d}.png"
            save_picture(folder / name, files[result.name], detections, variant, page, box)


def grouped(result: Result) -> dict[int, list[Difference]]:
    """Group the differences of a piece by found measure."""
    groups: dict[int, list[Difference]] = {}
    for difference in result.differences:
        if difference.found_measure < result.measures[0]:
            groups.setdefault(difference.found_measure, []).append(difference)
    return groups


def measure_places(pages: Sequence[Page]) -> Iterator[tuple[int, Box]]:
    """Say where each measure of a piece is printed: page from 0, box around its staves in pixels."""
    piece = pipeline.link(pages)
    for draft in piece.drafts:
        layout = piece.pages[draft.page].layout
        edges = [layout.edges(staff, draft.region.x0) for staff in draft.staves]
        y0, y1 = min(top for top, _ in edges), max(bottom for _, bottom in edges)
        margin, y = MARGIN * layout.space, (y0 + y1) / 2
        x0, x1 = (layout.on_image(x, y) for x in (draft.region.x0, draft.region.x1))
        page = layout.page
        yield (
            draft.page,
            Box(
                max(x0 - margin / 2, 0),
                max(y0 - margin, 0),
                min(x1 + margin / 2, page.width),
                min(y1 + margin, page.height),
            ),
        )


def save_picture(path: Path, file: Path, detections: Detections, variant: str, page: int, box: Box) -> None:
    """Draw a region of a page with its symbols."""
    image = next(image for n, image in enumerate(images(file, variant)) if n == page)
    pages, _ = detections.of(file, variant)
    path.parent.mkdir(parents=True, exist_ok=True)
    with_image = replace(pages[page], image=image.grey, staves=())
    x0, y0, x1, y1 = map(round, box)
    draw(with_image).crop((x0, y0, x1, y1)).save(path)


if __name__ == "__main__":
    typer.run(main)
