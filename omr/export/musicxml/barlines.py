"""Barlines in MusicXML: styles, repeats, volta brackets."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from omr.export.musicxml.elements import sub
from omr.score import Barline


def write_barline(node: ET.Element, barline: Barline, side: str) -> None:
    """Write the line at one side of a measure, if it is not a plain one.

    Parameters
    ----------
    node : Element
        The measure.
    barline : Barline
    side : {"left", "right"}
    """
    if not (barline.repeat or barline.ending or (side == "right" and barline.style != "regular")):
        return
    element = sub(node, "barline", location=side)
    style = barline.style
    if barline.repeat:
        style = "heavy-light" if side == "left" else "light-heavy"
    if style != "regular":
        sub(element, "bar-style", style)
    for end in barline.ending:
        numbers = ", ".join(map(str, barline.ending_numbers))
        sub(element, "ending", number=numbers, type=end)
    if barline.repeat:
        sub(element, "repeat", direction=barline.repeat)
