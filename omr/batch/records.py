"""The record of a piece: what was done with it. It is stored with the results and makes a job resumable."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from omr.batch.inputs import Piece
from omr.batch.store import Store
from omr.images import split_pages

State = Literal["begun", "done", "failed", "skipped"]
"""What became of a piece; "begun" until its last file is written."""

FOLDER = ".omr"
"""Folder below the results that keeps records and the pages of pieces that are being read."""


@dataclass(frozen=True)
class Record:
    """What was done with a piece: a line of the report.

    Attributes
    ----------
    input : str
        As `Piece.title`.
    state : {"begun", "done", "failed", "skipped"}
        "skipped" where results of that name were there already.
    name : str
        What its results are called.
    key : str
        Hash of its content and of the settings; "" where it could not be read.
    pages : int
        Pages that were read.
    broken : tuple of str
        A message for each page that could not be read.
    files : tuple of str
        Results, below the output folder.
    quality : tuple of float or None
        Estimated share (0 to 1) of notes that are right on each page; None for a page without music.
    seconds : float
        Time that reading took.
    message : str
        Why it failed or was skipped.
    resumed : bool
        Whether it had been done before this run.
    claimed : bool
        Whether results of that name may be there that are the job's own.
    """

    input: str
    state: State
    name: str
    key: str = ""
    pages: int = 0
    broken: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    quality: tuple[float | None, ...] = ()
    seconds: float = 0.0
    message: str = ""
    resumed: bool = False
    claimed: bool = False

    def line(self) -> str:
        """Write the record as a line of JSON.

        Returns
        -------
        str
        """
        return json.dumps(asdict(self))


def read_record(store: Store, piece: Piece) -> Record | None:
    """Read the record of a piece.

    Parameters
    ----------
    store : Store
    piece : Piece

    Returns
    -------
    Record or None
        None where there is none, or one that another version of this program wrote.
    """
    content = store.read(record_name(piece))
    if content is None:
        return None
    try:
        values: dict[str, Any] = json.loads(content)
        names = {field.name for field in fields(Record)}
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return Record(**{name: value for name, value in {**values, **lists}.items() if name in names})
    except (ValueError, TypeError, AttributeError):
        return None


def write_record(store: Store, piece: Piece, record: Record) -> None:
    """Store the record of a piece.

    Parameters
    ----------
    store : Store
    piece : Piece
    record : Record
    """
    store.write(record_name(piece), record.line().encode())


def record_name(piece: Piece) -> str:
    """Name the file of a piece's record.

    Parameters
    ----------
    piece : Piece

    Returns
    -------
    str
        In one of 256 folders: a job may have a million pieces.
    """
    number = _number(piece)
    return f"{FOLDER}/records/{number[:2]}/{number}.json"


def page_name(piece: Piece, index: int) -> str:
    """Name the file that keeps a page while its piece is being read.

    Parameters
    ----------
    piece : Piece
    index : int
        Of the page in the piece, from 1.

    Returns
    -------
    str
    """
    return f"{FOLDER}/pages/{_number(piece)}/{index}.json"


def _number(piece: Piece) -> str:
    """Hash the places of a piece's files."""
    places = []
    for source in piece.sources:
        if "://" in source:
            places.append(source)
        else:
            path, pages = split_pages(source)
            places.append(f"{os.path.realpath(path)} {pages}")
    return hashlib.sha256("\n".join(places).encode("utf-8", "surrogateescape")).hexdigest()[:24]
