"""Annotation files of any size, one page at a time: where in the JSON each page's annotations are.

The complete DeepScoresV2 has 151 million annotations in files of several
hundred MB each. Such a file is read through once, one entry at a time, and an
index of it is kept in the cache: for each image its entry and the stretches of
bytes that hold its annotations. From then on a page is a look-up and a few
reads, and opening the dataset takes milliseconds.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from omr.datasets import cache
from omr.errors import InputError

_CHUNK = 1 << 20
_VERSION = 1  # of the index; a file indexed by another is indexed again


class JsonStream:
    """A JSON file read in order, one value at a time, with the place of each.

    Containers are walked with `members`; for every member either `value` or
    `members` must be called before the next.

    Raises
    ------
    ValueError
        Wherever the file is not JSON or ends too early.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._text = ""  # as latin-1, so that a character is a byte
        self._here = 0
        self._before = 0  # bytes of the file that came before `_text`
        self._decode = json.JSONDecoder().raw_decode

    @property
    def position(self) -> int:
        """Offset in the file of what comes next, in bytes."""
        return self._before + self._here

    def members(self) -> Iterator[str]:
        """Enter an object or a list; yields the key of each member, '' in a list."""
        opened = self._next()
        if opened not in ("{", "["):
            raise ValueError(f"no list or object at byte {self.position}")
        closing_mark = "}" if opened == "{" else "]"
        self._here += 1
        if self._next() == closing_mark:
            self._here += 1
            return
        while True:
            key = ""
            if opened == "{":
                key = str(self.value())
                self._expect(":")
            if not self._next():
                raise ValueError(f"ends at byte {self.position}")
            yield key
            if self._expect(",", closing_mark) == closing_mark:
                return

    def value(self) -> Any:
        """The next value, whole."""
        self._next()
        while True:
            try:
                value, end = self._decode(self._text, self._here)
            except json.JSONDecodeError:
                if not self._read():
                    raise
                continue
            if end + 3 > len(self._text) and self._read():
                continue  # a number may go on: "1" may be the start of "1e-9"
            self._here = end
            return value

    def _next(self) -> str:
        """The next character that is not space, left where it is; '' at the end of the file."""
        while True:
            while self._here < len(self._text) and self._text[self._here] in " \t\r\n":
                self._here += 1
            if self._here < len(self._text) or not self._read():
                return self._text[self._here : self._here + 1]

    def _expect(self, *marks: str) -> str:
        found = self._next()
        if found not in marks or not found:
            raise ValueError(f"expected {' or '.join(marks)} at byte {self.position}")
        self._here += 1
        return found

    def _read(self) -> bool:
        """Read on, forgetting what was passed; as much again as a long value already takes."""
        more = self._file.read(max(_CHUNK, len(self._text) - self._here)).decode("latin-1")
        if more:
            self._before += self._here
            self._text, self._here = self._text[self._here :] + more, 0
        return bool(more)


class Links(NamedTuple):
    """How a format says which annotations belong to which image.

    Attributes
    ----------
    of_image : str
        The key under which an image lists the keys of its annotations, which
        are an object then; empty where it doesn't.
    of_annotation : str
        Else, the key under which an annotation names the `id` of its image;
        they are a list then.
    """

    of_image: str = ""
    of_annotation: str = ""


class JsonIndex:
    """The images of an annotation file, and the annotations of each when asked for.

    Parameters
    ----------
    file : Path
    links : Links

    Attributes
    ----------
    header : dict
        The other members of the file's top: categories and the like.

    Raises
    ------
    InputError
        When the file can't be read or is not JSON of that structure.
    """

    def __init__(self, file: Path, links: Links) -> None:
        self.file, self._links = file, links
        try:
            self._place = cache.made(
                cache.place(file, f".v{_VERSION}.index"), lambda target: _build(file, links, target)
            )
            with self._open() as index:
                (header,), (self._length,) = (
                    index.execute("SELECT json FROM header").fetchone(),
                    index.execute("SELECT count(*) FROM images").fetchone(),
                )
        except OSError as error:
            raise InputError(f"{file}: can't be read ({error.strerror})") from error
        except InputError:
            raise
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{file}: is broken or of another format ({error}); get it again") from error
        except sqlite3.Error as error:
            raise InputError(f"{self._place}: is a broken index ({error}); delete it") from error
        self.header: dict[str, Any] = json.loads(header)

    def __len__(self) -> int:
        return self._length

    def image(self, i: int) -> dict[str, Any]:
        """The entry of image `i`, without its list of annotations."""
        return dict(json.loads(self._row(i)[0]))

    def annotations(self, i: int) -> list[dict[str, Any]]:
        """The annotations of image `i`, in the order of the file."""
        spans = np.frombuffer(self._row(i)[1], np.int64).reshape(-1, 2)
        found: list[dict[str, Any]] = []
        with self.file.open("rb") as content:
            for start, stop in spans.tolist():
                content.seek(start)
                text = content.read(stop - start).decode("utf-8")
                if self._links.of_image:  # the first key was left out
                    found += json.loads('{"":' + text + "}").values()
                else:
                    found += json.loads("[" + text + "]")
        return found

    def _open(self) -> closing[sqlite3.Connection]:
        return closing(sqlite3.connect(f"file:{self._place}?mode=ro", uri=True))

    def _row(self, i: int) -> tuple[str, bytes]:
        if not 0 <= i < len(self):
            raise IndexError(i)
        with self._open() as index:
            row: tuple[str, bytes] = index.execute(
                "SELECT entry, spans FROM images WHERE number = ?", (i,)
            ).fetchone()
        return row


class JsonFiles:
    """Several annotation files as one: images are counted through.

    Parameters
    ----------
    files : sequence of Path
    links : Links
    """

    def __init__(self, files: Sequence[Path], links: Links) -> None:
        self.indices = [JsonIndex(file, links) for file in files]
        self._ends = list(accumulate(len(index) for index in self.indices))

    def __len__(self) -> int:
        return self._ends[-1]

    def place(self, i: int) -> tuple[int, int]:
        """Which file image `i` is in, and its number there."""
        if not 0 <= i < len(self):
            raise IndexError(i)
        part = bisect_right(self._ends, i)
        return part, i - (self._ends[part - 1] if part else 0)


def _build(file: Path, links: Links, target: Path) -> None:
    """Read through a file once and write its index."""
    header: dict[str, Any] = {}
    found = _Found()
    with file.open("rb") as content, closing(sqlite3.connect(target)) as index, index:
        index.execute("CREATE TABLE header (json TEXT)")
        index.execute("CREATE TABLE images (number INTEGER PRIMARY KEY, entry TEXT, spans BLOB)")
        stream = JsonStream(content)
        seen = set()
        for key in stream.members():
            seen.add(key)
            if key == "images":
                for number, _ in enumerate(stream.members()):
                    entry = _object(stream)
                    found.add_image(number, entry, links)
                    index.execute("INSERT INTO images VALUES (?, ?, ?)", (number, json.dumps(entry), b""))
            elif key == "annotations":
                for name in stream.members():
                    start = stream.position
                    annotation = _object(stream)
                    found.add_annotation(name, annotation, start, stream.position, links)
            else:
                header[key] = stream.value()
        if missing := {"images", "annotations"} - seen:
            raise ValueError(f"no {min(missing)}")
        index.execute("INSERT INTO header VALUES (?)", (json.dumps(header),))
        for number, spans in enumerate(found.spans(links)):
            index.execute("UPDATE images SET spans = ? WHERE number = ?", (spans.tobytes(), number))


def _object(stream: JsonStream) -> dict[str, Any]:
    value = stream.value()
    if not isinstance(value, dict):
        raise ValueError(f"expected an object before byte {stream.position}")
    return value


class _Found:
    """What is kept in memory of each image and annotation while a file is read: a few numbers."""

    def __init__(self) -> None:
        self.starts, self.stops = array("q"), array("q")
        self.keys = array("q")  # of annotations: their own keys, or the numbers `named` gives their images
        self.listed, self.counts = array("q"), array("q")  # keys of annotations that images list
        self.images: dict[Any, int] = {}  # number of an image by its id
        self.named: dict[Any, int] = {}  # ids of images that annotations name, in the order of first use

    def add_image(self, number: int, entry: dict[str, Any], links: Links) -> None:
        """Note an image, and take the list of its annotations out of its entry."""
        if links.of_image:
            listed = [int(key) for key in entry.pop(links.of_image)]
            self.listed.extend(listed)
            self.counts.append(len(listed))
        else:
            self.counts.append(0)
            self.images[entry["id"]] = number

    def add_annotation(
        self, name: str, annotation: dict[str, Any], start: int, stop: int, links: Links
    ) -> None:
        self.starts.append(start)
        self.stops.append(stop)
        if links.of_image:
            self.keys.append(int(name))
        else:
            self.keys.append(self.named.setdefault(annotation[links.of_annotation], len(self.named)))

    def spans(self, links: Links) -> Iterator[NDArray[np.int64]]:
        """For each image the stretches (n, 2) of bytes that hold its annotations, in the file's order."""
        owner = self._owners_by_list() if links.of_image else self._owners_by_name()
        starts, stops = np.array(self.starts), np.array(self.stops)
        order = np.argsort(owner, kind="stable")
        edges = np.searchsorted(owner[order], np.arange(len(self.counts) + 1))
        for first, last in pairwise(edges):
            mine = order[first:last]
            cuts = np.flatnonzero(np.diff(mine) != 1)
            heads, tails = (
                mine[np.r_[0, cuts + 1][: len(mine)]],
                mine[np.r_[cuts, len(mine) - 1][: len(mine)]],
            )
            yield np.stack([starts[heads], stops[tails]], axis=1)

    def _owners_by_list(self) -> NDArray[np.int64]:
        """The image (n,) of each annotation; -1 for none."""
        keys, listed = np.array(self.keys, np.int64), np.array(self.listed, np.int64)
        order = np.argsort(keys)
        place = np.searchsorted(keys[order], listed)
        lost = listed[place >= len(keys)] if len(keys) else listed
        if not len(lost):
            lost = listed[keys[order][place] != listed]
        if len(lost):
            raise ValueError(f"annotation {lost[0]} of an image is not there")
        owner = np.full(len(keys), -1)
        owner[order[place]] = np.repeat(np.arange(len(self.counts)), self.counts)
        return owner

    def _owners_by_name(self) -> NDArray[np.int64]:
        if lost := self.named.keys() - self.images.keys():
            raise ValueError(f"image {min(map(str, lost))} of an annotation is not there")
        return np.array([self.images[key] for key in self.named], np.int64)[np.array(self.keys, np.int64)]
