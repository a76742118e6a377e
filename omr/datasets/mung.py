"""MuNG: the notation of a page as a graph of symbols with masks.

J. Hajič jr., P. Pecina, "The MUSCIMA++ Dataset for Handwritten Optical Music
Recognition", ICDAR 2017. A node is a symbol with its box and the mask of its
ink; an edge leads from a symbol to one that it is made of or that it needs to
be read, as from a notehead to its stem, beams, slurs and staff.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from omr.datasets.xmlfile import read_xml, text_of
from omr.errors import InputError
from omr.page import Box
from omr.runs import runs

_ROOTS = {
    "Nodes": ("Node", "ClassName", ""),
    "CropObjectList": ("CropObject", "MLClassName", "MUSCIMA-pp_1.0"),
}
"""By root element, of version 2.0 and 1.0: the elements of a symbol and of its class, the dataset's name."""


@dataclass(frozen=True)
class Node:
    """Hold a symbol with its ink and its relationships.

    Attributes
    ----------
    id : int
        Unique on its page.
    name : str
        The class, as the file has it.
    left, top, width, height : int
        The box, in pixels of the page.
    runs : str
        The mask as the file has it: ``value:count`` pairs over the box, row by
        row. Empty where the whole box is meant.
    outlinks : tuple of int
        Ids of the symbols that it is made of or read with.
    """

    id: int
    name: str
    left: int
    top: int
    width: int
    height: int
    runs: str = field(default="", repr=False)
    outlinks: tuple[int, ...] = ()

    @property
    def box(self) -> Box:
        """In pixels of the page."""
        return Box(self.left, self.top, self.left + self.width, self.top + self.height)

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Where its ink is: array (height, width) over the box.

        Raises
        ------
        InputError
            When the runs don't fill the box.
        """
        if not self.runs:
            return np.ones((self.height, self.width), bool)
        try:
            values, counts = np.array(self.runs.replace(":", " ").split(), np.int64).reshape(-1, 2).T
            return np.repeat(values > 0, counts).reshape(self.height, self.width)
        except ValueError as error:
            raise InputError(
                f"symbol {self.id} ({self.name}) has a mask that does not fill its box"
            ) from error

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns of the page that the mask covers."""
        return slice(self.top, self.top + self.height), slice(self.left, self.left + self.width)


def encode_mask(mask: NDArray[np.bool_]) -> str:
    """Write a mask as MuNG does; the inverse of `Node.mask`.

    Parameters
    ----------
    mask : array (height, width) of bool

    Returns
    -------
    str
        ``value:count`` pairs, row by row.

    Examples
    --------
    >>> encode_mask(np.array([[True, False], [False, True]]))
    '1:1 0:2 1:1'
    """
    flat = mask.ravel()
    starts, ends = runs(flat)
    edges = np.unique(np.concatenate([[0], starts, ends, [flat.size]]))
    counts = np.diff(edges)
    return " ".join(f"{int(flat[start])}:{count}" for start, count in zip(edges[:-1], counts, strict=True))


@dataclass(frozen=True)
class Notation:
    """Hold all symbols of a page and their relationships.

    Attributes
    ----------
    document : str
        The page's name.
    dataset : str
        The name and version of the dataset it says it is from.
    nodes : tuple of Node
        In the order of the file.
    """

    document: str
    dataset: str
    nodes: tuple[Node, ...]

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __getitem__(self, number: int) -> Node:
        """Give the node with that id."""
        return self._by_id[number]

    @cached_property
    def _by_id(self) -> dict[int, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _parents(self) -> dict[int, list[Node]]:
        parents: dict[int, list[Node]] = {}
        for node in self.nodes:
            for number in node.outlinks:
                parents.setdefault(number, []).append(node)
        return parents

    @property
    def edges(self) -> list[tuple[int, int]]:
        """All relationships: the ids from which and to which they lead."""
        return [(node.id, to) for node in self.nodes for to in node.outlinks]

    def children(self, node: Node) -> list[Node]:
        """List the nodes that a node leads to.

        Parameters
        ----------
        node : Node
            Of this page.

        Returns
        -------
        list of Node
        """
        return [self[number] for number in node.outlinks]

    def parents(self, node: Node) -> list[Node]:
        """List the nodes that lead to a node.

        Parameters
        ----------
        node : Node
            Of this page.

        Returns
        -------
        list of Node
        """
        return self._parents.get(node.id, [])


def is_mung(path: Path) -> bool:
    """Tell whether a file starts like MuNG, without reading all of it.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
    """
    try:
        with path.open("rb") as file:
            head = file.read(1000)
    except OSError:
        return False
    return b"<Nodes" in head or b"<CropObjectList" in head


def read_mung(path: Path) -> Notation:
    """Read a page of MuNG, of version 2.0 or 1.0.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Notation
        With names as the file has them.

    Raises
    ------
    InputError
        When the file is missing or broken, an id is given twice, or an edge
        leads nowhere.
    """
    root = read_xml(path)
    if root.tag not in _ROOTS:
        raise InputError(f"{path}: is not MuNG, it starts with <{root.tag}>; give files of MUSCIMA++")
    element, named, version = _ROOTS[root.tag]
    try:
        nodes = tuple(_node(node, named) for node in root.iter(element))
    except (KeyError, ValueError) as error:
        raise InputError(f"{path}: has a symbol without a good {error}; get it again") from error
    if any(min(node.left, node.top) < 0 or min(node.width, node.height) < 1 for node in nodes):
        raise InputError(f"{path}: has a symbol with a box beyond the page or without size; get it again")
    notation = Notation(root.get("document") or path.stem, root.get("dataset") or version, nodes)
    ids = {node.id for node in nodes}
    if len(ids) < len(nodes):
        raise InputError(f"{path}: has several symbols with the same Id; get it again")
    if lost := {to for _, to in notation.edges} - ids:
        raise InputError(f"{path}: has edges to symbols that are not there ({min(lost)}); get it again")
    return notation


def _node(element: etree._Element, named: str) -> Node:
    """Read a symbol; `named` is the element of its class."""
    left, top, width, height = (int(text_of(element, key)) for key in ("Left", "Top", "Width", "Height"))
    return Node(
        id=int(text_of(element, "Id")),
        name=text_of(element, named),
        left=left,
        top=top,
        width=width,
        height=height,
        runs=(element.findtext("Mask") or "").strip(),
        outlinks=tuple(map(int, (element.findtext("Outlinks") or "").split())),
    )


def write_mung(notation: Notation, path: Path) -> None:
    """Write a page as MuNG 2.0.

    Parameters
    ----------
    notation : Notation
    path : Path
        In a folder that exists.
    """
    root = etree.Element("Nodes", dataset=notation.dataset, document=notation.document)
    for node in notation:
        inlinks = [parent.id for parent in notation.parents(node)]
        entry = etree.SubElement(root, "Node")
        for key, value in (
            ("Id", node.id),
            ("ClassName", node.name),
            ("Top", node.top),
            ("Left", node.left),
            ("Width", node.width),
            ("Height", node.height),
            ("Mask", node.runs or encode_mask(node.mask)),
            ("Inlinks", _spaced(inlinks)),
            ("Outlinks", _spaced(node.outlinks)),
        ):
            if value != "":
                etree.SubElement(entry, key).text = str(value)
    etree.indent(root, "    ")
    path.write_bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _spaced(numbers: Iterable[int]) -> str:
    """Write numbers with spaces between them."""
    return " ".join(map(str, numbers))
