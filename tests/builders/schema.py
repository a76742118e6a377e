"""Validate MusicXML against the 4.0 schema that the package musicxml ships, without a network."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import xmlschema


@cache
def _schema() -> Any:
    """The schema, its two imports from the network replaced by the copies that xmlschema ships."""
    package = find_spec("musicxml")
    assert package and package.origin
    found = next(Path(package.origin).parent.rglob("musicxml_4_0.xsd"))
    text = found.read_text(encoding="utf-8")
    copies = Path(xmlschema.__file__).parent / "schemas"
    for name in ("xml", "xlink"):
        copy = copies / name.upper() / f"{name}.xsd"
        text = text.replace(f"http://www.musicxml.org/xsd/{name}.xsd", copy.as_uri())
    return xmlschema.XMLSchema(text, allow="local")


def faults(xml: str) -> list[str]:
    """What the schema doesn't allow in a MusicXML text."""
    text = xml.split("\n", 2)[2]  # without the DOCTYPE, which names a file on the network
    return [f"{error.path}: {error.reason}" for error in _schema().iter_errors(text)]
