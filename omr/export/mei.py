"""Pages as MEI: what MusicXML says, converted by verovio."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from omr.errors import InputError
from omr.export.musicxml import score_of, to_musicxml
from omr.page import Page

_DATE = re.compile(r' isodate="[^"]*"')


def write(pages: Sequence[Page], path: Path) -> None:
    """Write the music on all pages to one file.

    Raises
    ------
    InputError
        When verovio isn't installed.
    """
    try:
        import verovio
    except ModuleNotFoundError as error:
        raise InputError("MEI needs verovio: run `pip install 'omr[engrave]'`") from error
    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions({"xmlIdSeed": 1, "breaks": "encoded"})
    toolkit.loadData(to_musicxml(score_of(pages)))
    undated = _DATE.sub("", toolkit.getMEI(), count=1)  # the same pages, the same bytes
    path.write_text(undated, encoding="utf-8")
