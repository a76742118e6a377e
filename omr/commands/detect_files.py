"""`omr detect ... -o FILE`: read the inputs here, as one piece, into the files that are named."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from omr.commands.messages import INTERRUPTED, complain, say, terminated_as_interrupted
from omr.commands.placing import Placing
from omr.commands.reading import NOTHING_READ, read_music, read_nothing, show_reading
from omr.errors import InputError
from omr.formats import IN_FOLDERS

if TYPE_CHECKING:
    from omr.batch import Settings
    from omr.inference import Reader
    from omr.page import Page


def detect_files(
    inputs: Sequence[str], output: Sequence[str], settings: Settings, *, join: bool, explain: bool
) -> int:
    """Read inputs into files.

    Parameters
    ----------
    inputs : sequence of str
        Files with pages.
    output : sequence of str
        Files for all inputs together; empty for a COCO file and an overlay of each input.
    settings : Settings
    join : bool
        Whether several inputs are one piece of music.
    explain : bool
        Whether to print the decisions.

    Returns
    -------
    int
        Exit status.

    Raises
    ------
    InputError
        When the output or the settings can't be used.
    """
    from omr import formats
    from omr.batch import find_pieces
    from omr.batch.inputs import is_many
    from omr.batch.processes import make_reader

    many = [text for text in inputs if is_many(text)]
    if many and not (join and output):
        raise InputError(
            f"{many[0]}: stands for several inputs; give -o FOLDER/ for the results of each, or --join"
        )
    [piece] = find_pieces(inputs, join=True)
    placing = Placing(piece.sources, settings.on_exists)
    for path in output:
        formats.check(path)
        placing.check(path)
    music = [path for path in output if _is_music(path)]
    if len(piece.sources) > 1 and music and not join:
        raise InputError(
            f"{music[0]}: would hold the music of {len(piece.sources)} inputs; give --join if they are one "
            "piece, or -o FOLDER/ for a file each"
        )
    run = _Run(make_reader(settings), settings, placing, explain)
    with terminated_as_interrupted(), _warnings_in_one_line():
        if output:
            run.read(piece.sources, output)
        else:
            for source in piece.sources:
                stem = Path(source).stem
                run.read([source], [f"{stem}{end}" for end in IN_FOLDERS])
                if run.interrupted:
                    break
    return run.finish()


@dataclass
class _Run:
    """What a run reads with, and what it has read."""

    reader: Reader
    settings: Settings
    placing: Placing
    explain: bool
    pages: list[Page] = field(default_factory=list)
    failed: bool = False
    interrupted: bool = False

    def read(self, sources: Sequence[str], paths: Sequence[str]) -> None:
        """Read the pages of a piece, write its files, and say what could not be read."""
        from omr.formats import save_pages

        pictures = [path for path in paths if Path(path).suffix.lower() == ".png"]
        count = sum(map(self._count, sources))
        pages: list[Page] = []
        try:
            for of_image in self._pages(sources):
                for page in of_image:
                    pages.append(page if _need_images(paths) else page.packed())
                    number = f"-{len(pages)}" if count > 1 or of_image[1:] else ""
                    self._save(
                        [page], [str(Path(path).with_stem(Path(path).stem + number)) for path in pictures]
                    )
        except KeyboardInterrupt:
            complain(f"stopped after {len(pages)} of {count} pages; their results are written to new files")
            self.interrupted = True
            self.placing = self.placing.numbering()
        if not pages:
            return
        reading, pages = read_music(pages)
        self.pages += pages
        try:
            rest = [path for path in paths if path not in pictures]
            for file in save_pages(pages, rest, music=reading.score, place=self.placing.place):
                _show_written(file)
        except InputError as error:
            self._complain(error)
        handwriting = self.settings.weights != "printed"
        show_reading(reading, pages, explain=self.explain, handwriting=handwriting, bare_announced=True)

    def finish(self) -> int:
        """Print what was found, and give the exit status."""
        if self.pages:
            _show_symbols(self.pages)
            if self.settings.words is None and self.reader.recogniser is None:
                say("words (titles, lyrics, directions) were not read: run `pip install 'omr-music[text]'`")
        if self.interrupted:
            return INTERRUPTED
        if self.failed:
            return 2
        return NOTHING_READ if read_nothing(self.pages) else 0

    def _pages(self, sources: Sequence[str]) -> Iterator[list[Page]]:
        """Read image after image, each of one page or of two facing ones.

        An image that can't be read does not stop the others.
        """
        from omr.batch.time_limit import time_limit
        from omr.images import load_pages

        for source in sources:
            images = load_pages(source, self.settings.dpi, pages=self.settings.pages, broken=self._complain)
            while True:
                try:
                    with time_limit(self.settings.page_seconds, source):
                        image = next(images, None)
                    if image is None:
                        break
                    with time_limit(self.settings.page_seconds, f"{source}, page {image.number}"):
                        pages = self.reader.pages(image)
                except InputError as error:
                    self._complain(error)
                    continue
                for page in pages:
                    found = f"{len(page.symbols)} symbols, {len(page.staves)} staves"
                    half = ", one of two facing pages" if pages[1:] else ""
                    say(f"{page.source}, page {page.number}{half}: {found}")
                yield pages

    def _count(self, source: str) -> int:
        """Count the pages of a file; what is wrong with it is said when it is read."""
        from omr.images import count_pages

        try:
            return count_pages(source, self.settings.pages)
        except InputError:
            return 0

    def _save(self, pages: Sequence[Page], paths: Sequence[str]) -> None:
        from omr.formats import save_pages

        try:
            for file in save_pages(pages, paths, place=self.placing.place):
                _show_written(file)
        except InputError as error:
            self._complain(error)

    def _complain(self, error: InputError) -> None:
        complain(error)
        self.failed = True


def _is_music(path: str) -> bool:
    from omr import formats

    return not formats.is_folder(path) and isinstance(formats.format_of(path), formats.ScoreFormat)


def _need_images(paths: Sequence[str]) -> bool:
    """Tell whether outputs show the pages themselves, apart from pictures, which are drawn at once."""
    return any(Path(path).suffix.lower() not in _WITHOUT_IMAGES for path in paths)


_WITHOUT_IMAGES = {".json", ".csv", ".xml", ".musicxml", ".mxl", ".mid", ".midi", ".mei", ".png", ".txt"}
"""Suffixes of formats that do not show the pages."""


def _show_written(file: Path) -> None:
    hint = " (MuNG, a graph of symbols; for MusicXML end the name in .musicxml)"
    say(f"wrote {file}" + (hint if file.suffix.lower() == ".xml" else ""))


@contextmanager
def _warnings_in_one_line() -> Iterator[None]:
    """Print warnings about pages as messages."""
    from omr.inference import PageWarning

    with warnings.catch_warnings():
        warnings.simplefilter("always", PageWarning)
        warnings.showwarning = lambda message, *_, **__: complain(message)
        yield


def _show_symbols(pages: Sequence[Page]) -> None:
    """Print a table of the classes, the most frequent first."""
    from rich.console import Console
    from rich.table import Table

    scores: dict[str, list[float]] = defaultdict(list)
    for page in pages:
        for symbol in page.symbols:
            scores[symbol.name].append(symbol.score)
    table = Table("symbol")
    table.add_column("found", justify="right")
    table.add_column("mean score", justify="right")
    for name, found in sorted(scores.items(), key=lambda item: (-len(item[1]), item[0])):
        table.add_row(name, str(len(found)), f"{sum(found) / len(found):.2f}")
    console = Console()
    with console.capture() as text:
        console.print(table)
    say(text.get().rstrip("\n"))
