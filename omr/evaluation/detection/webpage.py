"""Render tables and pictures as one self-contained web page."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from omr.evaluation.detection.tables import Table

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE = "report.html.jinja"
"""The template, in the folder of this module."""


@dataclass(frozen=True)
class Picture:
    """A picture of a report.

    Attributes
    ----------
    title : str
    file : Path
        A PNG file.
    is_page : bool
        Whether it shows a page of music, which takes all the width there is.
    """

    title: str
    file: Path
    is_page: bool = False


def render(
    title: str,
    facts: Mapping[str, str],
    tables: Sequence[Table],
    pictures: Sequence[Picture] = (),
    notes: Sequence[str] = (),
) -> str:
    """Render a report as HTML that needs no other file and no network.

    Parameters
    ----------
    title : str
        Title and first heading.
    facts : mapping of str to str
        What was measured, such as dataset and weights; shown at the top.
    tables : sequence of Table
    pictures : sequence of Picture
        Embedded; each has a link to its file, which should lie beside the web page.
    notes : sequence of str
        Sentences shown before the tables.

    Returns
    -------
    str
        All text is escaped.
    """
    return _template().render(title=title, facts=facts, tables=tables, pictures=pictures, notes=notes)


@cache
def _template() -> Template:
    """Load the template."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.filters |= {"anchor": _anchor, "embedded": _embedded}
    return environment.from_string(files(__package__).joinpath(TEMPLATE).read_text(encoding="utf-8"))


def _anchor(title: str) -> str:
    """Turn a title into the identifier of its section."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _embedded(file: Path) -> str:
    """Return a PNG file as a data URL."""
    return f"data:image/png;base64,{base64.b64encode(file.read_bytes()).decode('ascii')}"
