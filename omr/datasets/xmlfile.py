"""XML files of datasets, read without trusting them."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from omr.errors import InputError


def read_xml(path: Path) -> etree._Element:
    """Read an XML file.

    Neither entities nor external files are followed, and a file that declares a document type,
    which no dataset does, is refused.

    Parameters
    ----------
    path : Path

    Returns
    -------
    lxml.etree._Element
        The root.

    Raises
    ------
    InputError
        When the file can't be read, is broken, or is refused.
    """
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True)
    try:
        content = path.read_bytes()
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise InputError(f"{path}: declares a document type, which is refused; get it from its publisher")
        root = etree.fromstring(content, parser)
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror}); check the dataset") from error
    except InputError:
        raise
    except (etree.XMLSyntaxError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path}: is not whole XML ({reason}); get it again") from error
    if root.getroottree().docinfo.internalDTD is not None:  # in an encoding that hid it
        raise InputError(f"{path}: declares a document type, which is refused; get it from its publisher")
    return root


def text_of(element: etree._Element, name: str) -> str:
    """Read the text of a child.

    Parameters
    ----------
    element : lxml.etree._Element
    name : str
        Of the child.

    Returns
    -------
    str
        Without spaces around it.

    Raises
    ------
    KeyError
        When there is no such child or it is empty.
    """
    text = (element.findtext(name) or "").strip()
    if not text:
        raise KeyError(name)
    return text
