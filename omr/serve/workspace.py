"""The one folder that a server sees: its scans, what was read of them, and the queue of those to read."""

from __future__ import annotations

import hashlib
import logging
import queue
import re
import threading
import warnings
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omr.errors import InputError
from omr.files import replacing
from omr.images import SUFFIXES, PageImage, load_pages
from omr.page import Page
from omr.serve.pieces import Piece, keep_read, mended_file, read_file

LOG = logging.getLogger(__name__)

UPLOAD_LIMIT = 200 * 2**20
"""Bytes of an upload at most: a scanned volume of a hundred pages."""

PIECES_IN_MEMORY = 8
"""Pieces whose pages are kept in memory; others are loaded again when they are opened."""

WAITING, READING, READY, FAILED = "waiting", "reading", "ready", "failed"
"""States of a scan."""

_UNFIT = re.compile(r"[^\w .()-]+")


@dataclass
class Scan:
    """A scan of the folder.

    Attributes
    ----------
    path : Path
    state : str
        `WAITING`, `READING`, `READY` or `FAILED`.
    done, pages : int
        Pages read, and pages in all (0 while nobody knows).
    fault : str
        Why it could not be read, in one line.
    """

    path: Path
    state: str = WAITING
    done: int = 0
    pages: int = 0
    fault: str = ""


class Workspace:
    """The scans of one folder; a thread reads one after the other.

    Parameters
    ----------
    folder : Path
        Is made where it is missing.
    find_symbols : callable
        Takes a `PageImage` and returns its `Page`. Called from the thread.
    """

    def __init__(self, folder: Path, find_symbols: Callable[[PageImage], Page]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder.resolve()
        self._find_symbols = find_symbols
        self._scans: dict[str, Scan] = {}
        self._pieces: OrderedDict[str, Piece] = OrderedDict()
        self._lock = threading.RLock()
        self._queue: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read_on, daemon=True, name="omr-reading").start()

    # --- scans ----------------------------------------------------------------------------------------

    def scans(self) -> dict[str, Scan]:
        """List the scans of the folder; new ones are put into the queue.

        Returns
        -------
        dict of str to Scan
            By a name for URLs, in the order of the file names.
        """
        with self._lock:
            there = {scan_key(path): path for path in self._files()}
            for key in self._scans.keys() - there.keys():
                del self._scans[key]
            for key, path in there.items():
                if key not in self._scans:
                    ready = read_file(path).exists()
                    self._scans[key] = Scan(path, READY if ready else WAITING)
                    if not ready:
                        self._queue.put(key)
            return {key: self._scans[key] for key in there}

    def listed(self) -> list[dict[str, Any]]:
        """Describe the scans for the browser.

        Returns
        -------
        list of dict
            For JSON.
        """
        return [
            {
                "key": key,
                "name": scan.path.name,
                "state": scan.state,
                "done": scan.done,
                "pages": scan.pages,
                "fault": scan.fault,
                "mended": mended_file(scan.path).exists(),
            }
            for key, scan in self.scans().items()
        ]

    def _files(self) -> Iterator[Path]:
        for path in sorted(self.folder.iterdir()):
            is_scan = path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
            if is_scan and path.is_file() and not path.is_symlink():
                yield path

    def piece(self, key: str) -> Piece:
        """Open a piece.

        Parameters
        ----------
        key : str
            As `scans` has it.

        Returns
        -------
        Piece

        Raises
        ------
        InputError
            When there is no such scan, or it isn't read yet.
        """
        with self._lock:
            scan = self.scans().get(key)
            if scan is None or scan.state != READY:
                raise InputError("there is no such piece, or it isn't read yet; go back to the list")
            if key not in self._pieces:
                self._pieces[key] = Piece(scan.path)
                while len(self._pieces) > PIECES_IN_MEMORY:
                    self._pieces.popitem(last=False)
            self._pieces.move_to_end(key)
            return self._pieces[key]

    # --- uploads --------------------------------------------------------------------------------------

    async def take(self, name: str, content: AsyncIterator[bytes]) -> str:
        """Write an upload into the folder, under a name that no file has.

        Parameters
        ----------
        name : str
            As the browser gives it: folders in it are left out, and signs that file systems don't like.
        content : asynchronous iterator of bytes

        Returns
        -------
        str
            The scan's name for URLs.

        Raises
        ------
        InputError
            When the name has no suffix of a scan, or the content is larger than `UPLOAD_LIMIT`.
        """
        path = self._free(safe_name(name))
        with replacing(path) as part, part.open("wb") as file:
            size = 0
            async for chunk in content:
                size += len(chunk)
                if size > UPLOAD_LIMIT:
                    raise InputError(f"{path.name}: is larger than {UPLOAD_LIMIT // 2**20} MB; split it")
                file.write(chunk)
            if not size:
                raise InputError(f"{path.name}: is empty; choose another file")
        self.scans()
        return scan_key(path)

    def _free(self, name: str) -> Path:
        path, number = self.folder / name, 1
        while path.exists() or read_file(path).exists() or mended_file(path).exists():
            number += 1
            path = (self.folder / name).with_stem(f"{Path(name).stem}-{number}")
        return path

    # --- the queue ------------------------------------------------------------------------------------

    def _read_on(self) -> None:
        """Read the scans of the queue, one after the other, until the program ends."""
        while True:
            key = self._queue.get()
            with self._lock:
                scan = self._scans.get(key)
            if scan is None or not scan.path.exists():
                continue
            try:
                self._read(scan)
            except Exception as error:  # one bad file must not stop the queue
                if not isinstance(error, InputError):
                    LOG.exception("%s", scan.path.name)
                scan.fault, scan.state = " ".join(str(error).split()) or type(error).__name__, FAILED

    def _read(self, scan: Scan) -> None:
        scan.state = READING
        images = list(load_pages(scan.path))
        scan.pages = len(images)
        pages = []
        for image in images:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a page without staves is seen in the browser
                pages.append(self._find_symbols(image))
            scan.done += 1
        keep_read(scan.path, pages)
        scan.state = READY


def scan_key(path: Path) -> str:
    """Name a scan in URLs: no part of a path comes from the browser.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    return hashlib.sha256(path.name.encode()).hexdigest()[:16]


def safe_name(name: str) -> str:
    """Make a file name from what a browser calls a file.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        Without folders and without signs that file systems don't like.

    Raises
    ------
    InputError
        When it has no suffix of a scan.

    Examples
    --------
    >>> safe_name("../../etc/my<scan>.PDF")
    'my_scan_.PDF'
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    path = Path(_UNFIT.sub("_", last).strip(" .") or "scan")
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path.name}: is no scan; give {', '.join(SUFFIXES)}")
    return f"{path.stem[:100].lstrip('.') or 'scan'}{path.suffix}"
