"""Make the elements of a MusicXML file."""

from __future__ import annotations

from xml.etree import ElementTree as ET


def sub(parent: ET.Element, tag: str, text: object = None, **attributes: str) -> ET.Element:
    """Append a child to an element.

    Parameters
    ----------
    parent : Element
    tag : str
    text : object, optional
        The content of the child.
    **attributes : str

    Returns
    -------
    Element
        The child.
    """
    element = ET.SubElement(parent, tag, attributes)
    if text is not None:
        element.text = str(text)
    return element
