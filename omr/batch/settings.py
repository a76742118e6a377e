"""How the pieces of a job are read and stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from omr import formats
from omr.errors import InputError
from omr.formats import ScoreFormat
from omr.images import PageNumbers
from omr.vocabulary import Names

OnExists: TypeAlias = Literal["skip", "overwrite", "number"]
"""What happens to a piece whose results are there already and are not those of this job."""

PAGE_SECONDS = 300.0
"""Longest time in seconds that a page may take. Pages of 2000 x 2000 pixels take 1 on one core."""

WORKER_BYTES = 4_000_000_000
"""Memory in bytes at which a worker is ended: the largest page that is read takes 2.7 GB."""

ENDS = {"coco": ".coco.json", "overlay": ".overlay.png"}
"""Ends of file names by format, where they are not the format's suffix."""

DEFAULT_FORMATS = ("musicxml", "coco", "overlay")
"""Formats of results where none are named."""

_HIDDEN = ("on_exists", "resume", "page_seconds", "worker_bytes", "device", "pages")
"""Fields that leave the results as they are; page numbers are part of the content."""


@dataclass(frozen=True)
class Settings:
    """What is read and how it is stored: the same for all pieces of a job.

    Attributes
    ----------
    formats : tuple of str
        Names of the formats of the results.
    weights, device, staff_space, min_score, classes, names, dpi, words
        As for `omr.Reader`.
    pages : tuple of (int, int)
        First and last number of the pages to read of each file; empty for all.
    resume : bool
        Whether pieces that are done already, with the same content and settings, are left as they are.
    on_exists : {"skip", "overwrite", "number"} or None
        What happens where files of that name are there that this job did not write; None refuses the piece.
    page_seconds : float
        Longest time that a page may take.
    worker_bytes : int
        Memory at which a worker is ended.
    """

    formats: tuple[str, ...] = DEFAULT_FORMATS
    weights: str = "printed"
    device: str = "auto"
    staff_space: float | None = None
    min_score: float | None = None
    classes: tuple[str, ...] | None = None
    names: Names = "core"
    dpi: int = 300
    words: bool | None = None
    pages: tuple[tuple[int, int], ...] = ()
    resume: bool = False
    on_exists: OnExists | None = None
    page_seconds: float = PAGE_SECONDS
    worker_bytes: int = WORKER_BYTES

    def digest(self) -> str:
        """Hash everything that the results depend on, the weights included.

        Returns
        -------
        str
        """
        from omr import __version__
        from omr.weights import shipped

        values = {name: value for name, value in asdict(self).items() if name not in _HIDDEN}
        values["version"] = __version__
        file = shipped().get(self.weights, Path(self.weights))
        values["weights"] = _hash(file) if file.is_file() else self.weights
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()

    def music_ends(self) -> dict[str, str]:
        """Give the end of a piece's file in each format of music, by name.

        Returns
        -------
        dict of str to str
        """
        return {name: end for name, end in self._ends().items() if isinstance(_format(name), ScoreFormat)}

    def page_ends(self) -> dict[str, str]:
        """Give the end of a page's file in each format of pages, by name.

        Returns
        -------
        dict of str to str
        """
        return {name: end for name, end in self._ends().items() if not isinstance(_format(name), ScoreFormat)}

    def _ends(self) -> dict[str, str]:
        return {name: ENDS.get(name, _format(name).suffix) for name in self.formats}


def parse_formats(text: str) -> tuple[str, ...]:
    """Read the names of formats.

    Parameters
    ----------
    text : str
        Names or suffixes with commas between them, such as "musicxml,json,png".

    Returns
    -------
    tuple of str
        The names of the formats, each once.

    Raises
    ------
    InputError
        When there is no such format.

    Examples
    --------
    >>> parse_formats("musicxml, json")
    ('musicxml', 'coco')
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise InputError(f"{text!r}: names no format; choose from {', '.join(_names())}")
    return tuple(dict.fromkeys(formats.named(name).name for name in names))


def check_on_exists(text: str | None) -> OnExists | None:
    """Check what is to happen to files that are there.

    Parameters
    ----------
    text : str or None

    Returns
    -------
    {"skip", "overwrite", "number"} or None

    Raises
    ------
    InputError
        When it is another word.
    """
    for choice in get_args(OnExists):
        if text == choice:
            return choice  # type: ignore[no-any-return]
    if text is not None:
        raise InputError(f"{text}: no such choice; give {', '.join(get_args(OnExists))}")
    return None


def content_key(settings_digest: str, contents: Sequence[str], pages: PageNumbers) -> str:
    """Hash the content of a piece together with the settings.

    Parameters
    ----------
    settings_digest : str
        From `Settings.digest`.
    contents : sequence of str
        Hash and page numbers of each file.
    pages : sequence of (int, int)
        As `Settings.pages`.

    Returns
    -------
    str
    """
    return hashlib.sha256("\n".join([settings_digest, *contents, str(pages)]).encode()).hexdigest()


def _format(name: str) -> formats.Format:
    return formats.named(name)


def _names() -> list[str]:
    return [format.name for format in formats.known().values()]


def _hash(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
