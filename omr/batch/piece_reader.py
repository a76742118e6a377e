"""Read one piece and store its results: pages as soon as they are read, the music when the last one is.

The record of the piece is written before its first result ("begun") and after its last ("done"): whatever
ends the program in between, the next run knows which results are the job's own. Pages of a piece that was
begun are kept, and not read twice.
"""

from __future__ import annotations

import hashlib
import io
import json
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from omr import formats
from omr.batch.inputs import Piece
from omr.batch.records import Record, page_name, read_record, write_record
from omr.batch.settings import Settings, content_key
from omr.batch.store import Store, file_system
from omr.batch.time_limit import time_limit
from omr.errors import InputError
from omr.formats import Content
from omr.images import PageImage, count_pages, load_pages, split_pages

if TYPE_CHECKING:
    from omr.inference import Reader
    from omr.page import Page, ReadingQuality
    from omr.score import Score

Told: TypeAlias = Callable[[tuple[int, int]], object]
"""Is told of every step of a piece: how many pages the next step is about, how many the last one has read."""

PAGE_DIGITS = 4
"""Digits of a page's number in file names, so that they sort."""


@dataclass(frozen=True)
class Work:
    """What a worker needs to read pieces.

    Attributes
    ----------
    reader : Reader
        With its weights loaded.
    store : Store
    settings : Settings
    digest : str
        Of the settings.
    """

    reader: Reader
    store: Store
    settings: Settings
    digest: str


def read_piece(piece: Piece, work: Work, told: Told = lambda step: None) -> Record:
    """Read a piece and store its results and its record.

    Parameters
    ----------
    piece : Piece
    work : Work
    told : callable, optional
        Is called before each page and before the music.

    Returns
    -------
    Record
        Never "begun". A piece that can't be read is "failed", with the reason.
    """
    started = time.monotonic()
    old = read_record(work.store, piece)
    record = Record(piece.title, "failed", piece.name)
    if old is not None and old.claimed:
        record = replace(record, name=old.name, claimed=True)
    try:
        key = _key(piece, work)
        record = replace(record, key=key)
        if old and work.settings.resume and _is_done(old, key, work):
            return replace(old, resumed=True)
        name = _settled_name(piece, old, work)
        record = replace(record, name=name, claimed=True)
        if old is None or old.key != key:
            _forget_pages(piece, work)
        write_record(work.store, piece, replace(record, state="begun"))
        record = _results(piece, record, work, told)
    except _AlreadyThereError as there:
        record = replace(record, state="skipped", message=str(there))
    except InputError as error:
        record = replace(record, message=" ".join(str(error).split()))
    except MemoryError:
        record = replace(record, message=f"{piece.title}: needs more memory than there is; scale it down")
    except Exception as error:  # one piece must not end a job of thousands
        what = " ".join(f"{type(error).__name__}: {error}".split())
        record = replace(record, message=f"{piece.title}: can't be read ({what}); please report it")
    record = replace(record, seconds=round(time.monotonic() - started, 2))
    write_record(work.store, piece, record)
    return record


class _AlreadyThereError(Exception):
    """Results of a piece are there already and stay as they are."""


def _key(piece: Piece, work: Work) -> str:
    """Hash the files of a piece and the settings."""
    contents = []
    for source in piece.sources:
        if "://" in source:
            contents.append(hashlib.sha256(_content(source)).hexdigest())
            continue
        path, pages = split_pages(source)
        count_pages(source)  # says what is wrong with the file, if anything is
        with path.open("rb") as file:
            contents.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()} {pages}")
    return content_key(work.digest, contents, work.settings.pages)


def _is_done(old: Record, key: str, work: Work) -> bool:
    """Tell whether a piece was read with the same content and settings and its results are still there."""
    return old.state == "done" and old.key == key and all(map(work.store.exists, old.files))


def _settled_name(piece: Piece, old: Record | None, work: Work) -> str:
    """Choose what the results are called."""
    if old is not None and work.settings.resume and old.claimed:
        return old.name  # whatever has that name is this job's own
    if not _there(piece.name, work) or work.settings.on_exists == "overwrite":
        return piece.name
    there = work.store.shown(_there(piece.name, work))
    if work.settings.on_exists == "skip":
        raise _AlreadyThereError(f"{there}: is there already")
    if work.settings.on_exists is None:
        raise InputError(f"{there}: is there already; --on-exists skip, overwrite or number says what to do")
    number = 2
    while _there(f"{piece.name}~{number}", work):
        number += 1
    return f"{piece.name}~{number}"


def _there(name: str, work: Work) -> str:
    """Name a result of that name that is there already; "" where there is none."""
    ends = [*work.settings.music_ends().values()]
    for end in work.settings.page_ends().values():
        ends += [end, f".1{end}", f"{_numbered(1)}{end}", f"{_numbered(1)}.1{end}"]
    return next((f"{name}{end}" for end in ends if work.store.exists(f"{name}{end}")), "")


def _numbered(index: int) -> str:
    return f".p{index:0{PAGE_DIGITS}}"


# --- results ----------------------------------------------------------------------------------------


def _results(piece: Piece, record: Record, work: Work, told: Told) -> Record:
    """Read the pages and the music of a piece and store them."""
    broken: list[str] = []
    files: list[str] = []
    count = sum(_count(source, work) for source in piece.sources)
    pages = list(_pages(piece, record, work, told, _Progress(count, files, broken)))
    if not pages:
        raise InputError(broken[0] if len(broken) == 1 else f"{piece.title}: none of its pages can be read")
    told((len(pages), 0))
    score, qualities = _music(pages, work)
    for name, end in work.settings.music_ends().items():
        format = formats.named(name)
        assert isinstance(format, formats.ScoreFormat)
        files.append(_write(f"{record.name}{end}", format.render(score), work))
    if coco := work.settings.page_ends().get("coco"):
        for (stem, page), quality in zip(pages, qualities, strict=True):
            _write_page(replace(page, quality=quality), "coco", stem + coco, work)
    record = replace(
        record,
        state="done",
        pages=len(pages),
        broken=tuple(broken),
        files=tuple(files),
        quality=tuple(quality.score for quality in qualities),
    )
    _forget_pages(piece, work, count)
    return record


@dataclass(frozen=True)
class _Progress:
    """How many pages a piece has, which files were written, which pages can't be read."""

    count: int
    files: list[str]
    broken: list[str]


def _pages(
    piece: Piece, record: Record, work: Work, told: Told, progress: _Progress
) -> Iterator[tuple[str, Page]]:
    """Read the pages of a piece, store what is known of each at once, and give them without their images.

    With each page comes the name of its files, without their ends. An image of two facing pages gives two.
    """
    index = read = 0
    images = _images(piece, work, progress.broken)
    ends = work.settings.page_ends()
    while True:
        told((1, read))
        read = 0
        with time_limit(work.settings.page_seconds, piece.title):
            image = next(images, None)
        if image is None:
            return
        index += 1
        pages = _kept_pages(piece, index, image, work)
        kept = bool(pages)
        if not kept:
            try:
                with time_limit(work.settings.page_seconds, f"{piece.title}, page {image.number}"):
                    pages = _read_pages(image, work)
            except InputError as error:
                if progress.count == 1:
                    raise
                progress.broken.append(str(error))
                continue
        stem = record.name + (_numbered(index) if progress.count > 1 else "")
        stems = [f"{stem}.{k}" for k in (1, 2)] if pages[1:] else [stem]
        for stem, page in zip(stems, pages, strict=True):
            progress.files.extend(f"{stem}{end}" for end in ends.values())
            if not kept:
                for name, end in ends.items():
                    _write_page(page, name, f"{stem}{end}", work)
        pages = [replace(page, image=None) for page in pages]
        if not kept:
            read = 1
            if progress.count > 1:
                _keep_pages(piece, index, pages, work)
        yield from ((stem, page.packed()) for stem, page in zip(stems, pages, strict=True))


def _images(piece: Piece, work: Work, broken: list[str]) -> Iterator[PageImage]:
    """Load the pages of a piece's files; messages about those that can't be read go to `broken`."""
    for source in piece.sources:
        yield from load_pages(
            _opened(source),
            work.settings.dpi,
            pages=work.settings.pages,
            broken=lambda error: broken.append(str(error)),
        )


def _read_pages(image: PageImage, work: Work) -> list[Page]:
    """Read the page of an image, or two facing ones; the record's quality says what is to be said of them."""
    from omr.inference import PageWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PageWarning)
        return work.reader.pages(image)


def _music(pages: list[tuple[str, Page]], work: Work) -> tuple[Score, tuple[ReadingQuality, ...]]:
    from omr.notation import pipeline
    from omr.vocabulary.translation import core_page

    with time_limit(work.settings.page_seconds * len(pages), "the music of its pages"):
        reading = pipeline.read_piece([core_page(page) for _, page in pages])
    return reading.score, reading.qualities


def _write_page(page: Page, name: str, file: str, work: Work) -> None:
    format = formats.named(name)
    assert isinstance(format, formats.PageFormat)
    _write(file, format.render([page], None), work)


def _write(file: str, content: Content, work: Work) -> str:
    work.store.write(file, content if isinstance(content, bytes) else content.encode())
    return file


# --- pages of a piece that is being read ------------------------------------------------------------


def _keep_pages(piece: Piece, index: int, pages: list[Page], work: Work) -> None:
    """Keep the pages of an image until its piece is done."""
    format = formats.named("coco")
    assert isinstance(format, formats.PageFormat)
    _write(page_name(piece, index), format.render(pages, None), work)


def _kept_pages(piece: Piece, index: int, image: PageImage, work: Work) -> list[Page]:
    """Read the pages of an image that an earlier run kept; none where they are not whole."""
    from omr.export.coco import parse_coco

    content = work.store.read(page_name(piece, index))
    if content is None:
        return []
    try:
        pages = [page for page, _ in parse_coco(json.loads(content), page_name(piece, index))]
    except ValueError:
        return []
    whole = all((page.source, page.number) == (image.source, image.number) for page in pages)
    return pages if whole else []


def _forget_pages(piece: Piece, work: Work, count: int = 0) -> None:
    """Delete the kept pages of a piece: `count` of them, or as many as follow each other."""
    index = 1
    while index <= count or work.store.exists(page_name(piece, index)):
        work.store.delete(page_name(piece, index))
        index += 1


# --- sources ----------------------------------------------------------------------------------------


class _Named(io.BytesIO):
    """Bytes of a file that has a name."""

    name = ""


def _opened(source: str) -> Any:
    """Give what pages are loaded from: a path, or the bytes at a URL."""
    if "://" not in source:
        return source
    file = _Named(_content(source))
    file.name = Path(source).name
    return file


def _content(url: str) -> bytes:
    system, path = file_system(url)
    try:
        return bytes(system.cat_file(path))
    except OSError as error:
        raise InputError(f"{url}: can't be read ({error}); check the name") from error


def _count(source: str, work: Work) -> int:
    return count_pages(_opened(source), work.settings.pages)
