"""The viewer: a template, a style sheet and modules of JavaScript, put together with what they show.

The modules import each other by name (``viewer/scan.js``). An import map leads the names to the text of the
modules in a report, and to files of a server in `omr.serve`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE = "viewer.html.jinja"
"""The template, in the folder of this module."""

STYLE = "viewer.css"
"""The style sheet, in the folder of this module."""

MODULES = (
    "store.js",
    "colours.js",
    "scan.js",
    "engraving.js",
    "player.js",
    "panels.js",
    "keyboard.js",
    "viewer.js",
)
"""The modules, in the folder of this module; ``viewer.js`` starts the viewer."""


EDITING = ("editor.js", "scans.js")
"""The modules of a server's pages, which start them."""


def report(content: Mapping[str, Any]) -> str:
    """Write the viewer and what it shows as one HTML page.

    Parameters
    ----------
    content : mapping
        As from `omr.export.html.content.piece_content`.

    Returns
    -------
    str
        Its content security policy forbids to load anything from elsewhere.
    """
    urls = {f"viewer/{name}": _data_url(read(name)) for name in MODULES}
    return page(
        title=content["title"],
        style=read(STYLE),
        imports={"imports": urls},
        content=content,
        start="viewer.js",
    )


def page(
    *,
    title: str,
    style: str,
    imports: Mapping[str, Any],
    content: Mapping[str, Any] | None,
    start: str,
    editing: bool = False,
    nonce: str = "",
    template: str = TEMPLATE,
) -> str:
    """Fill a template.

    Parameters
    ----------
    title : str
    style : str
        The style sheet.
    imports : mapping
        The import map of the modules.
    content : mapping or None
        What the viewer shows; None where it asks a server.
    start : str
        File name of the module that starts the viewer.
    editing : bool
        Whether the page has the tools for editing.
    nonce : str
        Of the scripts in the page, where a server sends the content security policy; "" for a page that
        states its own.
    template : str
        File name of the template.

    Returns
    -------
    str
    """
    return _template(template).render(
        title=title,
        style=style,
        imports=_script(imports),
        content=None if content is None else _script(content),
        start=start,
        editing=editing,
        nonce=nonce,
    )


def read(name: str) -> str:
    """Read a file of the viewer.

    Parameters
    ----------
    name : str
        Of a module, the style sheet or a template.

    Returns
    -------
    str
    """
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _data_url(text: str) -> str:
    return f"data:text/javascript;base64,{base64.b64encode(text.encode()).decode('ascii')}"


def _script(value: Mapping[str, Any]) -> str:
    """Write JSON that can stand in a script element: no tag can begin or end in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def _template(name: str) -> Template:
    """Load a template."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    return environment.from_string(read(name))
