"""The engravers by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omr.engraving.verovio import Verovio
from omr.errors import InputError
from omr.extras import needing

if TYPE_CHECKING:
    from pathlib import Path

    from omr.engraving.interface import Engraver


def engraver(name: str, folder: Path | None = None) -> Engraver:
    """Choose an engraver by name.

    Parameters
    ----------
    name : {"verovio", "lilypond"}
    folder : Path, optional
        Where LilyPond's further fonts are.

    Returns
    -------
    Engraver

    Raises
    ------
    InputError
        When it isn't known or not installed, or when verovio is given a folder.
    """
    if name == "verovio":
        if folder:
            raise InputError("--fonts is for LilyPond; verovio's fonts are those that `make fonts` fetches")
        return Verovio()
    if name == "lilypond":
        with needing("lilypond"):
            from omr.engraving.lilypond.fonts import find_fonts
            from omr.engraving.lilypond.lilypond import LilyPond
        return LilyPond(find_fonts(folder))
    raise InputError(f"no engraver is called {name!r}; there are verovio and lilypond")
