"""The notation graph of a page: its symbols, what they make up together, and who needs whom to be read.

The relations are those that MUSCIMA++ 2.0 annotates (J. Hajič jr., P. Pecina, "The MUSCIMA++ Dataset for
Handwritten Optical Music Recognition", ICDAR 2017), as its training pages have them. An edge leads from a
note or rest to its primitives (stem, beams, flags, dots, accidentals, ledger lines), to what stands at it
(articulations, slurs, hairpins, tuplets) and to the staff, line or space it is on; and from a symbol made
of others, such as a key signature, to its parts and its staff.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from omr.notation.cleanup import clean
from omr.notation.layout.barlines import BarlineColumn, Stroke, find_barline_columns
from omr.notation.layout.coverage import crossed_staves
from omr.notation.layout.placement import PageLayout, PlacedSymbol, place
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.layout.systems import System
from omr.notation.limits import LayoutLimits
from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.pipeline import link
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.page import Box, Page, Staff, Symbol

Edge = tuple[int, int]


@dataclass(frozen=True)
class StaffNodes:
    """The nodes of one staff: itself, its lines, and its spaces with the two beyond the outer lines."""

    staff: int
    lines: tuple[int, ...]
    spaces: tuple[int, ...]

    def at(self, position: int) -> Iterator[int]:
        """The line or space at a position, 0 for the top line; none where ledger lines are needed."""
        nodes, number = (self.spaces, (position + 1) // 2) if position % 2 else (self.lines, position // 2)
        if 0 <= number < len(nodes):
            yield nodes[number]


@dataclass
class NotationGraph:
    """Symbols and how they belong together.

    Attributes
    ----------
    symbols : list of Symbol
        Those of the page first, in core names; then what they make up, in the names of MUSCIMA++.
    edges : set of (int, int)
        From and to, by index of `symbols`.
    staves : list of StaffNodes
    """

    symbols: list[Symbol]
    edges: set[Edge] = field(default_factory=set)
    staves: list[StaffNodes] = field(default_factory=list)

    def add(self, name: str, box: Box) -> int:
        """A new symbol; gives its index."""
        self.symbols.append(Symbol(name, box))
        return len(self.symbols) - 1

    def compose(self, name: str, parts: Iterable[int], staves: Iterable[int] = ()) -> int:
        """A symbol made of others, on staves of the page; gives its index."""
        parts = list(parts)
        whole = self.add(name, _around(self.symbols[part].box for part in parts))
        self.link([whole], [*parts, *(self.staves[staff].staff for staff in staves)])
        return whole

    def link(self, sources: Iterable[int], targets: Iterable[int]) -> None:
        """An edge from each source to each target."""
        targets = list(targets)
        self.edges |= {(source, target) for source in sources for target in targets}


def notation_graph(page: Page) -> NotationGraph:
    """Relate the symbols of a page.

    Parameters
    ----------
    page : Page
        In core names, with its staves.
    """
    page = _with_confirmed(page)
    graph = NotationGraph(list(page.symbols))
    for staff in page.staves:
        graph.staves.append(_add_staff(graph, staff))
    if not page.staves:
        return graph
    piece = link([page])
    (reading,), drafts = piece.pages, piece.drafts
    _link_chords(graph, reading)
    _link_tuplets(graph, drafts)
    _link_spans(graph, reading)
    _link_graces(graph, reading)
    _link_signs(graph, reading, drafts)
    _link_systems(graph, reading)
    return graph


def _with_confirmed(page: Page) -> Page:
    """Count the confirmed low-confidence symbols of a page among its symbols; leave false staves out."""
    layout = clean(place(page))
    every = (*page.symbols, *page.low_confidence)
    confirmed = sorted(s.index for s in layout.symbols if s.index >= len(page.symbols))
    symbols = (*page.symbols, *(every[i] for i in confirmed))
    return replace(layout.page, symbols=symbols, low_confidence=())


# --- staves -----------------------------------------------------------------------------------------


def _add_staff(graph: NotationGraph, staff: Staff) -> StaffNodes:
    """A staff with its lines and spaces; the spaces beyond the outer lines are as high as the others."""
    rows = [staff.ys[0] - staff.space, *staff.ys, staff.ys[-1] + staff.space]
    half = 0.06 * staff.space
    lines = [graph.add("staffLine", _band(staff, row - half, row + half)) for row in staff.ys]
    spaces = [graph.add("staffSpace", _band(staff, a, b)) for a, b in pairwise(rows)]
    whole = graph.compose("staff", lines)
    graph.link([whole], spaces)
    return StaffNodes(whole, tuple(lines), tuple(spaces))


def _band(staff: Staff, top: NDArray[np.float64], bottom: NDArray[np.float64]) -> Box:
    return Box(float(staff.xs[0]), float(top.min()), float(staff.xs[-1]), float(bottom.max()))


# --- notes and rests --------------------------------------------------------------------------------


def _link_chords(graph: NotationGraph, reading: LinkedPage) -> None:
    ledgers = SymbolsByX(reading.layout.named("ledgerLine"))
    graph.edges |= {(head.index, sign.index) for head, sign in reading.accidentals.items()}
    for chord in reading.chords:
        owners = _indices(chord)
        graph.link(owners, (part.index for part in _shared(chord)))
        graph.edges |= {(head.index, dot.index) for dot, head in chord.dotted.items()}
        if chord.stem:
            graph.link([chord.stem.index], (stroke.index for stroke in chord.strokes))
        for part in filter(None, (*chord.heads, chord.rest)):
            graph.link([part.index], [graph.staves[part.staff].staff])
        for head in chord.heads:
            lines = [line.index for line in _ledger_lines(head, ledgers, reading.layout)]
            graph.link([head.index], lines or graph.staves[head.staff].at(round(head.position)))


def _indices(chord: Chord) -> list[int]:
    """The noteheads of a chord, or its rest."""
    return [part.index for part in (*chord.heads, chord.rest) if part]


def _shared(chord: Chord) -> Iterator[PlacedSymbol]:
    """What every head of a chord needs."""
    yield from filter(None, [chord.stem])
    yield from chain(chord.flags, chord.beam_fragments, chord.marks)


def _ledger_lines(head: PlacedSymbol, ledgers: SymbolsByX, layout: PageLayout) -> Iterator[PlacedSymbol]:
    """The ledger lines from a head's staff to the head, its own included."""
    reach = 2 * layout.space
    for line in ledgers.between(head.x - reach, head.x + reach):
        shared = min(line.box.x1, head.box.x1) - max(line.box.x0, head.box.x0)
        if shared < 0.4 * head.box.width:
            continue
        position = layout.on_staff(line, head.staff).position
        if (position - head.position > -0.6 and position < -0.5) or 8.5 < position < head.position + 0.6:
            yield line


def _link_graces(graph: NotationGraph, reading: LinkedPage) -> None:
    """Every grace note belongs to the next note of full size on its staff."""
    by_staff: dict[int, list[Chord]] = {}
    for chord in reading.chords:
        if chord.heads:
            by_staff.setdefault(chord.staff, []).append(chord)
    for chords in by_staff.values():
        chords.sort(key=lambda chord: chord.x)
        for n, grace in enumerate(chords):
            main = next((c for c in chords[n + 1 :] if not c.small), None)
            if grace.small and main and main.x - grace.x < 14 * reading.layout.space:
                graph.link(_indices(main), _indices(grace))


def _link_tuplets(graph: NotationGraph, drafts: Sequence[MeasureDraft]) -> None:
    for draft in drafts:
        for group in draft.tuplets:
            if group.sign is None:
                continue
            parts = [*group.sign.digits, *filter(None, [group.sign.bracket])]
            whole = graph.compose("tuple", (part.index for part in parts))
            graph.link((i for chord in group.members for i in _indices(chord)), [whole])


# --- curves and hairpins ----------------------------------------------------------------------------


def _link_spans(graph: NotationGraph, reading: LinkedPage) -> None:
    """Link notes to ties, slurs and hairpins."""
    for tie in reading.ties:
        graph.link((head.index for head in (tie.left, tie.right) if head), [tie.curve.index])
    for slur in reading.slurs:
        graph.link((i for chord in slur.chords for i in _indices(chord)), [slur.curve.index])
    for hairpin in reading.hairpins:
        graph.link((i for chord in hairpin.chords for i in _indices(chord)), [hairpin.symbol.index])


# --- signs ------------------------------------------------------------------------------------------


def _link_signs(graph: NotationGraph, reading: LinkedPage, drafts: Sequence[MeasureDraft]) -> None:
    layout = reading.layout
    for clef in layout.named("clefG", "clefF", "clefC", "clefPercussion"):
        graph.link([clef.index], [graph.staves[clef.staff].staff])
    for draft in drafts:
        for staff, signs in zip(draft.staves, draft.signatures, strict=True):
            if signs.key_accidentals:
                graph.compose("keySignature", (p.index for p in signs.key_accidentals), [staff])
    for column in _columns(layout.named("timeSig"), layout.space):
        graph.compose("timeSignature", (p.index for p in column), [column[0].staff])
    for word in reading.dynamics:
        graph.compose("dynamicsText", (letter.index for letter in word.letters))


def _columns(signs: Sequence[PlacedSymbol], space: float) -> list[list[PlacedSymbol]]:
    """Signs of one staff above each other."""
    columns: list[list[PlacedSymbol]] = []
    for sign in signs:
        for column in columns:
            if column[0].staff == sign.staff and sign.box.x0 < max(p.box.x1 for p in column) + 0.6 * space:
                column.append(sign)
                break
        else:
            columns.append([sign])
    return columns


# --- systems ----------------------------------------------------------------------------------------


def _link_systems(graph: NotationGraph, reading: LinkedPage, limits: LayoutLimits = LayoutLimits()) -> None:
    """Compose the barlines of every system, and what groups its staves."""
    layout = reading.layout
    for system in reading.systems:
        columns = find_barline_columns(layout, system, limits=limits)
        opening: list[Stroke] = []
        if len(system.staves) > 1 and columns and _opens(columns[0], system, layout.space, limits):
            opening = [*columns.pop(0).strokes]
        _link_groupings(graph, layout, system, opening, limits)
        for column in columns:
            lines = [stroke.symbol for stroke in column.strokes]
            graph.compose("measureSeparator", (line.index for line in lines), sorted(column.staves))
            if dots := _repeat_dots(layout, system, column, limits):
                graph.compose("repeat", (part.index for part in (*lines, *dots)))


def _opens(column: BarlineColumn, system: System, space: float, limits: LayoutLimits) -> bool:
    """Tell whether a barline stands where a system begins, where it separates no measures."""
    return column.strokes[0].symbol.x < system.x0 + limits.end_tolerance * space


def _link_groupings(
    graph: NotationGraph, layout: PageLayout, system: System, opening: Sequence[Stroke], limits: LayoutLimits
) -> None:
    """Compose what a brace, a bracket or the opening barline groups; small groups are part of larger ones."""
    groups = [
        (staves, [upright])
        for upright in layout.named("brace", "bracket")
        if (staves := crossed_staves(layout, upright, limits.crossing_coverage, system.staves))
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
        grouping = graph.compose("staffGrouping", (part.index for part in parts), staves)
        graph.link([grouping], inner)
        made.append((set(staves), grouping))


def _repeat_dots(
    layout: PageLayout, system: System, column: BarlineColumn, limits: LayoutLimits
) -> list[PlacedSymbol]:
    """List the repeat dots at either side of a barline."""
    reach = limits.repeat_dot_reach * layout.space
    dots = layout.by_name.get("repeatDot", ())
    return [
        dot for dot in dots if dot.staff in system.staves and column.x0 - reach < dot.x < column.x1 + reach
    ]


def _around(boxes: Iterable[Box]) -> Box:
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return Box(min(x0), min(y0), max(x1), max(y1))
