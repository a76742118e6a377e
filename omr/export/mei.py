"""Scores as MEI: MusicXML converted by verovio."""

from __future__ import annotations

import re

from omr.export.musicxml import to_musicxml
from omr.export.verovio_toolkit import make_toolkit
from omr.extras import needing
from omr.formats import ScoreFormat
from omr.score import Score

_DATE = re.compile(r' isodate="[^"]*"')


def to_mei(score: Score) -> str:
    """Write a score as the text of an MEI file.

    Parameters
    ----------
    score : Score

    Returns
    -------
    str
        Without a date: the same score gives the same text.

    Raises
    ------
    InputError
        When verovio isn't installed.
    """
    with needing("engrave"):
        toolkit = make_toolkit({"xmlIdSeed": 1, "breaks": "encoded"})
    toolkit.loadData(to_musicxml(score))
    return _DATE.sub("", str(toolkit.getMEI()), count=1)


FORMAT = ScoreFormat("mei", ".mei", "MEI: the music, by verovio", to_mei, b"Transcoded from MusicXML")
