"""Tiny datasets of every kind, of the same invented page: a staff with a few symbols and their ink."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from omr.datasets.mung import Node, Notation, runs_of, write_mung

WIDTH, HEIGHT, SPACE = 400, 200, 10
LINES = [60 + SPACE * k for k in range(5)]


def page() -> np.ndarray:
    """The page's image: what the nodes of `notation` have for ink."""
    image = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for node in notation():
        if node.name not in ("staff", "measureSeparator"):
            image[node.window][node.mask] = 0
    return image


def _node(number: int, name: str, box: tuple[int, int, int, int], links: tuple[int, ...] = ()) -> Node:
    left, top, right, bottom = box
    mask = np.ones((bottom - top, right - left), bool)
    if name.startswith("notehead"):
        mask[0, 0] = mask[-1, -1] = False
    return Node(number, name, left, top, right - left, bottom - top, runs_of(mask), links)


def notation(document: str = "CVC-MUSCIMA_W-12_N-04_D-ideal") -> Notation:
    """A triplet's note, its stem and digit, a metre's digit and a grace note with a stroke, on a staff."""
    lines = [_node(10 + k, "staffLine", (20, y, 380, y + 2)) for k, y in enumerate(LINES)]
    nodes = [
        _node(0, "noteheadFull", (100, 86, 114, 97), (1, 2, 9)),
        _node(1, "stem", (112, 50, 114, 90)),
        _node(2, "tuple", (100, 30, 110, 44), (3,)),
        _node(3, "numeral3", (100, 30, 110, 44)),
        _node(4, "timeSignature", (60, 60, 72, 100), (5, 9)),
        _node(5, "numeral3", (60, 60, 72, 80)),
        _node(6, "noteheadFullSmall", (200, 88, 208, 95), (7, 14, 9)),
        _node(7, "stem", (206, 66, 208, 90), (8,)),
        _node(8, "graceNoteAcciaccatura", (200, 70, 216, 78)),
        _node(9, "staff", (20, 60, 380, 102), (10, 11, 12, 13, 15)),
        *lines[:4],
        Node(14, "accidentalFlat", 190, 80, 7, 14, "", ()),
        _node(15, "staffLine", (20, LINES[4], 380, LINES[4] + 2)),
    ]
    return Notation(document, "MUSCIMA-pp_2.0", tuple(nodes))


def muscima(folder: Path, documents: tuple[str, ...] = ("W-12_N-04", "W-08_N-10", "W-01_N-10")) -> Path:
    """MUSCIMA++ as it is unpacked."""
    (folder / "data" / "annotations").mkdir(parents=True)
    for name in documents:
        document = f"CVC-MUSCIMA_{name}_D-ideal"
        write_mung(notation(document), folder / "data" / "annotations" / f"{document}.xml")
    return folder
