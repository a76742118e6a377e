"""Running LilyPond: MusicXML in, one SVG a page out. Each run is a process of its own, with a time limit."""

from __future__ import annotations

import re
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from omr.errors import InputError
from omr.extras import needing

if TYPE_CHECKING:
    from collections.abc import Sequence

_CONVERTING = 30.0  # seconds
_ENGRAVING = 75.0  # seconds for an excerpt that takes two to ten; both together less than a worker has
_WHOLE = re.compile(
    r"(\*\d+)\.0\b"
)  # musicxml2ly writes some durations as 32*31.0, which LilyPond can't read


class LilyPondError(ValueError):
    """LilyPond or musicxml2ly crashed on a score or took too long."""


def compile_pages(musicxml: str, preamble: str, search: Path) -> list[str]:
    """Engrave a score.

    Parameters
    ----------
    musicxml : str
    preamble : str
        LilyPond code that goes before the score.
    search : Path
        Folder of the music font.

    Returns
    -------
    list of str
        An SVG a page, from the first on.

    Raises
    ------
    LilyPondError
    """
    with tempfile.TemporaryDirectory() as folder:
        score = Path(folder, "score.ly")
        source = score.with_suffix(".musicxml")
        source.write_text(musicxml, encoding="utf-8")
        said = _run([_program("musicxml2ly"), "--output", score, source], _CONVERTING)
        if "Negative skip" in said:
            raise LilyPondError("musicxml2ly loses its place in time: this score's durations don't add up")
        music = _WHOLE.sub(r"\1", score.read_text(encoding="utf-8"))
        score.write_text(f"{preamble}\n{music}", encoding="utf-8")
        pages = Path(folder, "page")
        options: list[str | Path] = [
            "-dbackend=svg",
            "--loglevel=ERROR",
            "--include",
            search,
            "--output",
            pages,
        ]
        _run([_program("lilypond"), *options, score], _ENGRAVING)
        files = sorted(Path(folder).glob("page*.svg"), key=_page_number)
        if not files:
            raise LilyPondError("LilyPond wrote no page")
        return [file.read_text(encoding="utf-8") for file in files]


def _run(command: Sequence[str | Path], limit: float) -> str:
    """Run a program and return what it complained of; a status other than 0 is an error."""
    name = Path(command[0]).name
    try:
        run = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        raise LilyPondError(f"{name} took longer than {limit:.0f} s") from None
    if run.returncode:
        said = [line.strip() for line in run.stderr.splitlines() if line.strip()]
        error = next((line for line in said if " error: " in line), said[-1] if said else "nothing")
        raise LilyPondError(f"{name} ended with status {run.returncode} and said: {error[:200]}")
    return run.stderr


def _page_number(file: Path) -> int:
    number = re.search(r"-(\d+)$", file.stem)
    return int(number.group(1)) if number else 1


@lru_cache(maxsize=1)
def data_folder() -> Path:
    """LilyPond's ``share/lilypond/VERSION``.

    Raises
    ------
    InputError
        When the package isn't installed.
    """
    folders = sorted((_program("lilypond").parents[1] / "share" / "lilypond").glob("2.*"))
    if not folders:
        raise InputError(
            "this installation of LilyPond lacks its fonts; run `pip install --force-reinstall lilypond`"
        )
    return folders[-1]


def _program(name: str) -> Path:
    with needing("lilypond"):
        import lilypond
    return Path(lilypond.executable(name))
