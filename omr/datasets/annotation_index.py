"""Index of annotation files of any size: which bytes hold the annotations of each page.

The complete DeepScoresV2 has 151 million annotations in files of several hundred MB each.
Such a file is read through once, one entry at a time, and its index is kept in the cache:
the entry of each image and the spans of bytes that hold its annotations. Afterwards a page
takes a look-up and a few reads, and opening the dataset takes milliseconds.
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
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from omr.datasets import cache
from omr.errors import InputError
from omr.json_stream import JsonStream

_VERSION = 1
"""Version of the index format; a file indexed by another version is indexed again."""


class Links(NamedTuple):
    """How a format links annotations to images.

    Attributes
    ----------
    of_image : str
        The key under which an image lists the keys of its annotations; the annotations are
        then an object. Empty where images list none.
    of_annotation : str
        The key under which an annotation names the `id` of its image; the annotations are
        then a list. Used where `of_image` is empty.
    """

    of_image: str = ""
    of_annotation: str = ""


class AnnotationIndex:
    """Look up the images of an annotation file and their annotations.

    Parameters
    ----------
    file : Path
    links : Links

    Attributes
    ----------
    header : dict
        All members of the file's top object but images and annotations.

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
                (header,) = index.execute("SELECT json FROM header").fetchone()
                (length,) = index.execute("SELECT count(*) FROM images").fetchone()
        except OSError as error:
            raise InputError(f"{file}: can't be read ({error.strerror})") from error
        except InputError:
            raise
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{file}: is broken or of another format ({error}); get it again") from error
        except sqlite3.Error as error:
            raise InputError(f"{self._place}: is a broken index ({error}); delete it") from error
        self.header: dict[str, Any] = json.loads(header)
        self._length = int(length)

    def __len__(self) -> int:
        """Count the images."""
        return self._length

    def image(self, i: int) -> dict[str, Any]:
        """Read the entry of an image.

        Parameters
        ----------
        i : int
            From 0, in the order of the file.

        Returns
        -------
        dict
            Without its list of annotations.

        Raises
        ------
        IndexError
            When there is no image `i`.
        """
        return dict(json.loads(self._row(i)[0]))

    def annotations(self, i: int) -> list[dict[str, Any]]:
        """Read the annotations of an image.

        Parameters
        ----------
        i : int
            From 0, in the order of the file.

        Returns
        -------
        list of dict
            In the order of the file.

        Raises
        ------
        IndexError
            When there is no image `i`.
        """
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
        """Open the index for reading."""
        return closing(sqlite3.connect(f"file:{self._place}?mode=ro", uri=True))

    def _row(self, i: int) -> tuple[str, bytes]:
        """Read the entry of image `i` and the spans of its annotations."""
        if not 0 <= i < len(self):
            raise IndexError(i)
        with self._open() as index:
            row: tuple[str, bytes] = index.execute(
                "SELECT entry, spans FROM images WHERE number = ?", (i,)
            ).fetchone()
        return row


class AnnotationFiles:
    """Look up images across several annotation files.

    Parameters
    ----------
    files : sequence of Path
    links : Links
    """

    def __init__(self, files: Sequence[Path], links: Links) -> None:
        self.indices = [AnnotationIndex(file, links) for file in files]
        self._ends = list(accumulate(len(index) for index in self.indices))

    def __len__(self) -> int:
        """Count the images of all files."""
        return self._ends[-1]

    def place(self, i: int) -> tuple[int, int]:
        """Find the file that holds an image.

        Parameters
        ----------
        i : int
            From 0, counted through all files.

        Returns
        -------
        file, number : int
            Index of the file, and of the image in it.

        Raises
        ------
        IndexError
            When there is no image `i`.
        """
        if not 0 <= i < len(self):
            raise IndexError(i)
        part = bisect_right(self._ends, i)
        return part, i - (self._ends[part - 1] if part else 0)


def _build(file: Path, links: Links, target: Path) -> None:
    """Read through a file once and write its index to `target`."""
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
    """Read the next value, which must be an object."""
    value = stream.value()
    if not isinstance(value, dict):
        raise ValueError(f"expected an object before byte {stream.position}")
    return value


class _Found:
    """The few numbers kept in memory for each image and annotation while a file is read."""

    def __init__(self) -> None:
        self.starts, self.stops = array("q"), array("q")
        self.keys = array("q")  # own keys of annotations, or the numbers that `named` gives to their images
        self.listed, self.counts = array("q"), array("q")  # keys of annotations that images list
        self.images: dict[Any, int] = {}  # number of an image by its id
        self.named: dict[Any, int] = {}  # ids of images that annotations name, in the order of first use

    def add_image(self, number: int, entry: dict[str, Any], links: Links) -> None:
        """Note an image and remove the list of its annotations from its entry."""
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
        """Note where an annotation lies and to which image it belongs."""
        self.starts.append(start)
        self.stops.append(stop)
        if links.of_image:
            self.keys.append(int(name))
        else:
            self.keys.append(self.named.setdefault(annotation[links.of_annotation], len(self.named)))

    def spans(self, links: Links) -> Iterator[NDArray[np.int64]]:
        """Yield for each image the spans (n, 2) of bytes that hold its annotations, in file order."""
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
        """Find the image (n,) of each annotation by the lists of the images; -1 for none."""
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
        """Find the image (n,) of each annotation by the image that it names."""
        if lost := self.named.keys() - self.images.keys():
            raise ValueError(f"image {min(map(str, lost))} of an annotation is not there")
        return np.array([self.images[key] for key in self.named], np.int64)[np.array(self.keys, np.int64)]
