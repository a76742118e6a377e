"""Measure the links of the notation graph: print the tables of links in RESULTS.md.

    python benchmarks/relations.py [--split test] [--pages 20] [--weights handwritten]

The pages are those of MUSCIMA++ 2.0, in the folder that OMR_DATA names. The graph is built from the true
symbols of the core vocabulary and the true staves, or with `--weights` from what a detector finds on the
page. What symbols make up (staff lines and spaces, key signatures, barlines as separators, tuplets, words of
dynamics) the graph makes itself. No annotated link is given to it, except where the name of a core class
tells one: a digit of a time signature is not a digit of a tuplet. An edge is right where both its ends are:
symbols of one class, matched by an IoU of at least 0.5; lines and spaces of a staff by the IoU of the staves
and by their number within the staff. Thresholds are chosen on the validation and training pages, never on
the test pages.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from omr.datasets.mung import Node, Notation
from omr.datasets.muscima import Muscima
from omr.evaluation.detection.matching import judge
from omr.images import PageImage
from omr.inference import Reader
from omr.notation.graph import NotationGraph, StaffNodes, notation_graph
from omr.page import Page, Symbol
from omr.registry import load
from omr.vocabulary import BY_NAME
from omr.vocabulary.muscima import core_name

Kind = tuple[str, str]
"""The classes at the two ends of an edge."""

_GROUPS = (
    *("notehead", "rest", "clef", "keySignature", "timeSignature", "accidental", "flag", "timeSig", "artic"),
    *("fermata", "ornament", "tremolo", "dynamicLetter", "tuplet", "strings", "fingering", "barline"),
)
"""Beginnings of class names: the classes of each make one row of the table."""


@dataclass
class Truth:
    """A page as annotated.

    Attributes
    ----------
    given : Page
        The symbols that the core vocabulary has, in core names, and the staves.
    nodes : list of Symbol
        All symbols: those of `given` first, then the others in the names of MUSCIMA++.
    edges : set of (int, int)
        By index of `nodes`.
    staves : list of StaffNodes
    """

    given: Page
    nodes: list[Symbol]
    edges: set[tuple[int, int]]
    staves: list[StaffNodes]


@dataclass
class Tally:
    """Number of edges of each kind.

    Attributes
    ----------
    true, found, right : Counter of (str, str)
        Annotated; predicted; both, by the classes of the two ends.
    """

    true: Counter[Kind] = field(default_factory=Counter)
    found: Counter[Kind] = field(default_factory=Counter)
    right: Counter[Kind] = field(default_factory=Counter)

    def __iadd__(self, other: Tally) -> Tally:
        self.true += other.true
        self.found += other.found
        self.right += other.right
        return self

    def row(self, title: str, wanted: Callable[[Kind], bool] = lambda kind: True) -> str:
        """Format a row of the table: the sum over the kinds of edges that `wanted` accepts."""
        true, found, right = (
            sum(count for kind, count in counts.items() if wanted(kind))
            for counts in (self.true, self.found, self.right)
        )
        precision, recall = right / max(found, 1), right / max(true, 1)
        f1 = 2 * right / max(true + found, 1)
        return f"| {title} | {true} | {found} | {precision:.3f} | {recall:.3f} | {f1:.3f} |"


def main(
    split: Annotated[str, typer.Option(help="train, val or test: no writer is in two of them.")] = "test",
    pages: int = 20,
    weights: Annotated[str | None, typer.Option(help="Detect the symbols on the page.")] = None,
) -> None:
    dataset = Muscima(Path(os.environ["OMR_DATA"]) / "muscima-pp", split)
    reader = Reader(detector=load(weights)) if weights else None
    tally = Tally()
    for i in range(min(pages, len(dataset))):
        truth = read_truth(dataset[i], dataset.notation(i), dataset.staff_space(i) or 1.0)
        if reader:
            found = reader.page(PageImage(dataset.image(i), truth.given.source))
            tally += compare(truth, notation_graph(found), given=False)
        else:
            tally += compare(truth, notation_graph(truth.given), given=True)
    print("\n".join(table(tally)))


def read_truth(page: Page, notation: Notation, space: float) -> Truth:
    """Split a page of MUSCIMA++ into the symbols that the graph is given and the links it is compared with.

    Parameters
    ----------
    page : Page
        With the staves.
    notation : Notation
        The annotated graph of the page.
    space : float
        Staff space in pixels.

    Returns
    -------
    Truth
    """
    core = {node.id: core_name(node, notation, space) for node in notation}
    nodes = sorted(notation, key=lambda node: core[node.id] is None)
    index = {node.id: n for n, node in enumerate(nodes)}
    symbols = [Symbol(core[node.id] or node.name, node.box) for node in nodes]
    staves = (_staff(node, notation, index) for node in notation if node.name == "staff")
    return Truth(
        page.with_symbols(symbols[: sum(name is not None for name in core.values())]),
        symbols,
        {(index[a], index[b]) for a, b in notation.edges},
        sorted(staves, key=lambda staff: symbols[staff.staff].box.y0),
    )


def _staff(staff: Node, notation: Notation, index: dict[int, int]) -> StaffNodes:
    """Return a staff with its lines and spaces from top to bottom."""
    parts = sorted(notation.children(staff), key=lambda node: node.box.centre[1])
    lines, spaces = (
        tuple(index[part.id] for part in parts if part.name == name) for name in ("staffLine", "staffSpace")
    )
    return StaffNodes(index[staff.id], lines, spaces)


def compare(truth: Truth, graph: NotationGraph, given: bool) -> Tally:
    """Count the edges of a page.

    Parameters
    ----------
    truth : Truth
    graph : NotationGraph
    given : bool
        Whether the graph was built from the symbols of the truth, so that these need no matching.

    Returns
    -------
    Tally
    """
    meant = _meant(truth, graph, given)
    found = Counter((graph.symbols[a].name, graph.symbols[b].name) for a, b in graph.edges)
    true = Counter((truth.nodes[a].name, truth.nodes[b].name) for a, b in truth.edges)
    both = {(meant[a], meant[b]) for a, b in graph.edges if a in meant and b in meant} & truth.edges
    return Tally(true, found, Counter((truth.nodes[a].name, truth.nodes[b].name) for a, b in both))


def _meant(truth: Truth, graph: NotationGraph, given: bool) -> dict[int, int]:
    """Match the symbols of a graph with the true symbols, by index."""
    count = len(truth.given.symbols) if given else 0
    size = (truth.given.width, truth.given.height)
    pairs = judge(Page(*size, tuple(truth.nodes[count:])), Page(*size, tuple(graph.symbols[count:]))).right
    meant = {n: n for n in range(count)} | {found + count: true + count for true, found in pairs}
    staves = {staff.staff: staff for staff in truth.staves}
    for staff in graph.staves:
        if same := staves.get(meant.get(staff.staff, -1)):
            meant |= dict(zip(staff.lines, same.lines, strict=False))
            meant |= dict(zip(staff.spaces, same.spaces, strict=False))
    return meant


# --- tables -----------------------------------------------------------------------------------------


def table(tally: Tally) -> Iterator[str]:
    """Format the table: kinds of edges that occur ten times or more, then sums over several kinds.

    Parameters
    ----------
    tally : Tally

    Yields
    ------
    str
        Rows in Markdown.
    """
    rows = Counter(_row(kind) for kind in (tally.true + tally.found).elements())
    modelled = {_row(kind) for kind in tally.found}
    yield "| from → to | annotated | predicted | precision | recall | F1 |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for title, count in rows.most_common():
        if count >= 10:
            yield tally.row(title, lambda kind, title=title: _row(kind) == title)  # type: ignore[misc]
    yield tally.row("kinds predicted at all", lambda kind: _row(kind) in modelled)
    yield tally.row("the same without staves", lambda kind: _row(kind) in modelled and not _of_staff(kind))
    yield tally.row("all without staves", lambda kind: not _of_staff(kind))
    yield tally.row("**all edges annotated**")


def _of_staff(kind: Kind) -> bool:
    return bool({"staff", "staffLine", "staffSpace"} & set(kind))


def _row(kind: Kind) -> str:
    return " → ".join(map(_group, kind))


def _group(name: str) -> str:
    if name not in BY_NAME and name.startswith("character"):
        return "letter"
    return next((group for group in _GROUPS if name.startswith(group)), name)


if __name__ == "__main__":
    typer.run(main)
