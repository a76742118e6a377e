"""Build the notation graph of a page: its symbols, what they make up, and which belongs to which.

The links are those that MUSCIMA++ 2.0 annotates (J. Hajič jr., P. Pecina, "The MUSCIMA++ Dataset for
Handwritten Optical Music Recognition", ICDAR 2017), as its training pages have them. An edge leads from a
note or rest to its primitives (stem, beams, flags, dots, accidentals, ledger lines), to what stands at it
(articulations, slurs, hairpins, tuplets) and to the staff, line or space it is on; and from a symbol made
of others, such as a key signature, to its parts and its staff.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from omr.notation.layout.barlines import BarlineColumn, Stroke, find_barline_columns
from omr.notation.layout.coverage import crossed_staves
from omr.notation.layout.placement import PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.layout.systems import System
from omr.notation.limits import LayoutLimits, Limits
from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.pipeline import link
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.page import Box, Page, Staff, Symbol

Edge = tuple[int, int]
"""From and to, by index of the graph's symbols."""


@dataclass(frozen=True)
class StaffNodes:
    """The nodes of one staff.

    Attributes
    ----------
    staff : int
        The node of the staff itself.
    lines, spaces : tuple of int
        From top to bottom; the spaces include those above the top line and below the bottom line.
    """

    staff: int
    lines: tuple[int, ...]
    spaces: tuple[int, ...]

    def at(self, position: int) -> tuple[int, ...]:
        """Find the line or space at a position.

        Parameters
        ----------
        position : int
            Half staff spaces below the top line.

        Returns
        -------
        tuple of int
            One node, or none where ledger lines are needed.
        """
        nodes, number = (self.spaces, (position + 1) // 2) if position % 2 else (self.lines, position // 2)
        return (nodes[number],) if 0 <= number < len(nodes) else ()


@dataclass(frozen=True)
class NotationGraph:
    """The symbols of a page and the links between them.

    Attributes
    ----------
    symbols : tuple of Symbol
        The page's symbols, in core names, in their order; then its confirmed low-confidence symbols; then
        staves and what symbols make up, in the names of MUSCIMA++.
    edges : frozenset of (int, int)
        From and to, by index of `symbols`.
    staves : tuple of StaffNodes
        From top to bottom, without false staves.
    """

    symbols: tuple[Symbol, ...]
    edges: frozenset[Edge] = frozenset()
    staves: tuple[StaffNodes, ...] = ()


def notation_graph(page: Page) -> NotationGraph:
    """Build the notation graph of one page.

    Parameters
    ----------
    page : Page
        In core names, with its staves.

    Returns
    -------
    NotationGraph
        Without edges where the page has no staff.
    """
    piece = link([page])
    graph = graph_of(piece.pages[0], piece.drafts)
    if page.view is None:
        return graph
    boxes = page.view.boxes_to_original(np.array([s.box for s in graph.symbols], np.float64).reshape(-1, 4))
    moved = (replace(s, box=Box(*box)) for s, box in zip(graph.symbols, boxes.tolist(), strict=True))
    return replace(graph, symbols=tuple(moved))


def graph_of(
    linked: LinkedPage, drafts: Sequence[MeasureDraft], *, limits: Limits = Limits()
) -> NotationGraph:
    """Build the notation graph of a linked page.

    Parameters
    ----------
    linked : LinkedPage
        With its accidentals.
    drafts : sequence of MeasureDraft
        The measures of the page, with their signatures and tuplets.
    limits : Limits, optional

    Returns
    -------
    NotationGraph
    """
    graph = _Builder(linked, limits)
    graph.link_chords()
    graph.link_tuplets(drafts)
    graph.link_spans()
    graph.link_graces()
    graph.link_signatures(drafts)
    graph.link_systems()
    return NotationGraph(tuple(graph.symbols), frozenset(graph.edges), tuple(graph.staves))


class _Builder:
    """The nodes and edges of a page while they are made, in the order of the file."""

    def __init__(self, linked: LinkedPage, limits: Limits) -> None:
        page = linked.layout.page
        found = (*page.symbols, *page.low_confidence)
        confirmed = sorted(s.index for s in linked.layout.symbols if s.index >= len(page.symbols))
        self.linked, self.layout, self.limits = linked, linked.layout, limits
        self.symbols = [*page.symbols, *(found[index] for index in confirmed)]
        self.nodes = {index: len(page.symbols) + n for n, index in enumerate(confirmed)}
        self.edges: set[Edge] = set()
        self.staves: list[StaffNodes] = []
        self.staves += [self._add_staff(staff) for staff in page.staves]

    def node(self, symbol: PlacedSymbol) -> int:
        """Return the node of a symbol of the page: its index, except for confirmed low-confidence symbols."""
        return self.nodes.get(symbol.index, symbol.index)

    def heads(self, chords: Iterable[Chord]) -> list[int]:
        """List the nodes of the noteheads or rests of chords."""
        return [self.node(symbol) for chord in chords for symbol in chord.symbols]

    def link(self, sources: Iterable[int], targets: Iterable[int]) -> None:
        """Add an edge from each source to each target."""
        targets = list(targets)
        self.edges |= {(source, target) for source in sources for target in targets}

    def add(self, name: str, box: Box) -> int:
        """Add a symbol; its node."""
        self.symbols.append(Symbol(name, box))
        return len(self.symbols) - 1

    def compose(self, name: str, parts: Iterable[int], staves: Iterable[int] = ()) -> int:
        """Add a symbol made of others, on staves of the page; its node."""
        parts = list(parts)
        whole = self.add(name, _around(self.symbols[part].box for part in parts))
        self.link([whole], [*parts, *(self.staves[staff].staff for staff in staves)])
        return whole

    # --- staves -----------------------------------------------------------------------------------

    def _add_staff(self, staff: Staff) -> StaffNodes:
        """Add a staff with its lines and spaces; the outer spaces are as high as the others."""
        rows = [staff.ys[0] - staff.space, *staff.ys, staff.ys[-1] + staff.space]
        half = self.limits.graph.line_thickness / 2 * staff.space
        lines = [self.add("staffLine", _band(staff, row - half, row + half)) for row in staff.ys]
        spaces = [self.add("staffSpace", _band(staff, a, b)) for a, b in pairwise(rows)]
        whole = self.compose("staff", lines)
        self.link([whole], spaces)
        return StaffNodes(whole, tuple(lines), tuple(spaces))

    # --- notes and rests --------------------------------------------------------------------------

    def link_chords(self) -> None:
        """Link every head and rest to its primitives, marks and staff."""
        ledgers = SymbolsByX(self.layout.named("ledgerLine"))
        self.edges |= {(self.node(head), self.node(a)) for head, a in self.linked.accidentals.items()}
        for chord in self.linked.chords:
            stem = [chord.stem] if chord.stem else []
            parts = (*stem, *chord.flags, *chord.beam_fragments, *chord.marks)
            self.link(self.heads([chord]), map(self.node, parts))
            self.edges |= {(self.node(head), self.node(dot)) for dot, head in chord.dotted.items()}
            self.link(map(self.node, stem), map(self.node, chord.strokes))
            for symbol in chord.symbols:
                self.link([self.node(symbol)], [self.staves[symbol.staff].staff])
            for head in chord.heads:
                lines = [self.node(line) for line in self._ledger_lines(head, ledgers)]
                on = self.staves[head.staff].at(round(head.position))
                self.link([self.node(head)], lines or on)

    def _ledger_lines(self, head: PlacedSymbol, ledgers: SymbolsByX) -> Iterator[PlacedSymbol]:
        """Find the ledger lines from a head's staff to the head, its own included."""
        limits = self.limits.graph
        reach = limits.ledger_reach * self.layout.space
        for line in ledgers.between(head.x - reach, head.x + reach):
            shared = min(line.box.x1, head.box.x1) - max(line.box.x0, head.box.x0)
            if shared < limits.ledger_overlap * head.box.width:
                continue
            position = self.layout.on_staff(line, head.staff).position
            above = head.position - limits.ledger_off < position < -0.5
            below = 8.5 < position < head.position + limits.ledger_off
            if above or below:
                yield line

    def link_graces(self) -> None:
        """Link the next note of full size on its staff to each grace note."""
        reach = self.limits.graph.grace_reach * self.layout.space
        by_staff: dict[int, list[Chord]] = {}
        for chord in sorted(self.linked.chords, key=lambda chord: chord.x):
            if chord.heads:
                by_staff.setdefault(chord.staff, []).append(chord)
        for chords in by_staff.values():
            for n, grace in enumerate(chords):
                main = next((chord for chord in chords[n + 1 :] if not chord.small), None)
                if grace.small and main and main.x - grace.x < reach:
                    self.link(self.heads([main]), self.heads([grace]))

    # --- tuplets, curves and hairpins -------------------------------------------------------------

    def link_tuplets(self, drafts: Sequence[MeasureDraft]) -> None:
        """Compose each printed tuplet of number and bracket, and link its notes to it."""
        for group in (group for draft in drafts for group in draft.tuplets if group.sign):
            assert group.sign
            parts = [*group.sign.digits, *filter(None, [group.sign.bracket])]
            whole = self.compose("tuple", map(self.node, parts))
            self.link(self.heads(group.members), [whole])

    def link_spans(self) -> None:
        """Link notes to ties, slurs and hairpins."""
        for tie in self.linked.ties:
            ends = (head for head in (tie.left, tie.right) if head)
            self.link(map(self.node, ends), [self.node(tie.curve)])
        for slur in self.linked.slurs:
            self.link(self.heads(slur.chords), [self.node(slur.curve)])
        for hairpin in self.linked.hairpins:
            self.link(self.heads(hairpin.chords), [self.node(hairpin.symbol)])

    # --- clefs, signatures and dynamics -----------------------------------------------------------

    def link_signatures(self, drafts: Sequence[MeasureDraft]) -> None:
        """Link clefs to their staves; compose key signatures, time signatures and words of dynamics."""
        for clef in self.layout.named("clefG", "clefF", "clefC", "clefPercussion"):
            self.link([self.node(clef)], [self.staves[clef.staff].staff])
        for draft in drafts:
            for staff, signatures in zip(draft.staves, draft.signatures, strict=True):
                if signatures.key_accidentals:
                    self.compose("keySignature", map(self.node, signatures.key_accidentals), [staff])
        gap = self.limits.graph.time_signature_gap * self.layout.space
        for column in _columns(self.layout.named("timeSig"), gap):
            self.compose("timeSignature", map(self.node, column), [column[0].staff])
        for word in self.linked.dynamics:
            self.compose("dynamicsText", map(self.node, word.letters))

    # --- systems ----------------------------------------------------------------------------------

    def link_systems(self) -> None:
        """Compose the barlines of every system, and what groups its staves."""
        limits = self.limits.layout
        for system in self.linked.systems:
            columns = find_barline_columns(self.layout, system, limits=limits)
            opening: list[Stroke] = []
            if len(system.staves) > 1 and columns and _opens(columns[0], system, self.layout.space, limits):
                opening = [*columns.pop(0).strokes]
            self._link_groupings(system, opening)
            for column in columns:
                lines = [self.node(stroke.symbol) for stroke in column.strokes]
                self.compose("measureSeparator", lines, sorted(column.staves))
                if dots := self._repeat_dots(system, column):
                    self.compose("repeat", [*lines, *map(self.node, dots)])

    def _link_groupings(self, system: System, opening: Sequence[Stroke]) -> None:
        """Compose what a brace, a bracket or the opening barline groups; small groups are part of larger."""
        coverage = self.limits.layout.crossing_coverage
        groups = [
            (staves, [upright])
            for upright in self.layout.named("brace", "bracket")
            if (staves := crossed_staves(self.layout, upright, coverage, system.staves))
        ]
        if opening:
            lines = [stroke.symbol for stroke in opening]
            crossed = sorted({staff for stroke in opening for staff in stroke.staves})
            same = next((parts for staves, parts in groups if staves == crossed), None)
            if same:
                same += lines
            else:
                groups.append((crossed, lines))
        made: list[tuple[set[int], int]] = []
        for staves, parts in sorted(groups, key=lambda group: len(group[0])):
            inner = [grouping for within, grouping in made if within < set(staves)]
            grouping = self.compose("staffGrouping", map(self.node, parts), staves)
            self.link([grouping], inner)
            made.append((set(staves), grouping))

    def _repeat_dots(self, system: System, column: BarlineColumn) -> list[PlacedSymbol]:
        """List the repeat dots at either side of a barline."""
        reach = self.limits.layout.repeat_dot_reach * self.layout.space
        x0, x1 = column.x0 - reach, column.x1 + reach
        dots = self.layout.by_name.get("repeatDot", ())
        return [dot for dot in dots if dot.staff in system.staves and x0 < dot.x < x1]


def _opens(column: BarlineColumn, system: System, space: float, limits: LayoutLimits) -> bool:
    """Tell whether a barline stands where a system begins, where it separates no measures."""
    return column.strokes[0].symbol.x < system.x0 + limits.end_tolerance * space


def _columns(signs: Sequence[PlacedSymbol], gap: float) -> list[list[PlacedSymbol]]:
    """Group signs of one staff above each other."""
    columns: list[list[PlacedSymbol]] = []
    for sign in signs:
        for column in columns:
            if column[0].staff == sign.staff and sign.box.x0 < max(p.box.x1 for p in column) + gap:
                column.append(sign)
                break
        else:
            columns.append([sign])
    return columns


def _band(staff: Staff, top: NDArray[np.float64], bottom: NDArray[np.float64]) -> Box:
    """Return the box around a band along a staff."""
    return Box(float(staff.xs[0]), float(top.min()), float(staff.xs[-1]), float(bottom.max()))


def _around(boxes: Iterable[Box]) -> Box:
    """Return the box around boxes."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return Box(min(x0), min(y0), max(x1), max(y1))
