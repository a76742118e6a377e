"""A MusicXML file of a score, plain and compressed."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree as ET

from omr.export.musicxml.elements import sub
from omr.export.musicxml.parts import PartWriter
from omr.export.musicxml.words import write_creators, write_credits, write_part_names, write_titles
from omr.formats import ScoreFormat
from omr.score import (
    Clef,
    ClefChange,
    Event,
    Measure,
    Part,
    Score,
    Voice,
)

_DOCTYPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">\n'
)
_CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<container><rootfiles>'
    '<rootfile full-path="score.musicxml" media-type="application/vnd.recordare.musicxml+xml"/>'
    "</rootfiles></container>\n"
)
MXL_COMMENT = b"Written by omr"
"""Comment of the ZIP archive of compressed files."""


def to_musicxml(score: Score, *, ids: bool = False) -> str:
    """Write a score as the text of a MusicXML file.

    Parameters
    ----------
    score : Score
        A score without parts becomes one empty measure.
    ids : bool
        Whether measures, notes and rests have ids that programs can find them by: ``measure-I`` counts from
        0, ``note-P-S`` and ``rest-P-S`` name the page on which the music is printed, from 0 and without
        pages that have none, and `Note.symbol` or `Event.symbol`.

    Returns
    -------
    str
        With the XML declaration; encode it as UTF-8.
    """
    empty = (_empty_measure(),)
    parts = [replace(part, measures=part.measures or empty) for part in score.parts]
    parts = parts or [Part("Part 1", 1, empty)]
    root = ET.Element("score-partwise", version="4.0")
    write_titles(root, score.credits)
    identification = sub(root, "identification")
    write_creators(identification, score.credits)
    encoding = sub(identification, "encoding")
    sub(encoding, "software", "omr")
    for element in ("accidental", "beam", "stem"):
        sub(encoding, "supports", element=element, type="yes")
    for attribute in ("page", "system"):
        sub(encoding, "supports", attribute=f"new-{attribute}", element="print", type="yes", value="yes")
    write_credits(root, score.credits)
    listed = sub(root, "part-list")
    used: set[str] = set()
    for number, part in enumerate(parts, start=1):
        write_part_names(sub(listed, "score-part", id=f"P{number}"), part, f"P{number}")
    for number, part in enumerate(parts, start=1):
        writer = PartWriter(part, first=number == 1, ids=used if ids else None)
        writer.write(sub(root, "part", id=f"P{number}"))
    ET.indent(root, " ")
    return _DOCTYPE + ET.tostring(root, encoding="unicode") + "\n"


def to_mxl(score: Score) -> bytes:
    """Write a score as the content of a compressed MusicXML file.

    Parameters
    ----------
    score : Score

    Returns
    -------
    bytes
        A ZIP archive without a date: the same score gives the same bytes.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("META-INF/container.xml", _CONTAINER), ("score.musicxml", to_musicxml(score))):
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
        archive.comment = MXL_COMMENT
    return content.getvalue()


def _empty_measure() -> Measure:
    rest = Event(1, Fraction(0), Fraction(4), "whole", whole_measure=True)
    return Measure(1, Fraction(4), (Voice((rest,)),), (ClefChange(1, Fraction(0), Clef("G", 2)),))


FORMAT = ScoreFormat(
    "musicxml", ".musicxml", "MusicXML 4.0: one score from all pages", to_musicxml, b"<software>omr<"
)
COMPRESSED = ScoreFormat("mxl", ".mxl", "the same, compressed", to_mxl, MXL_COMMENT)
