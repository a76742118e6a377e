"""The notation graph: every edge of small pages made here, and edges that hold for any page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from omr.datasets.mung import read_mung
from omr.export.mung import to_mung
from omr.notation.graph import NotationGraph, notation_graph
from omr.page import Box, Page, Staff, Symbol
from omr.vocabulary import CORE


def staff(top: float) -> Staff:
    return Staff(np.array([20.0, 580.0]), np.array([[top + 10 * k] * 2 for k in range(5)]))


def page(*symbols: Symbol, tops: tuple[float, ...] = (100.0,)) -> Page:
    return Page(600, 400, symbols, tuple(map(staff, tops)), "made.png")


def note(x: float, y: float, top: float | None = None, lean: float = 0.5) -> list[Symbol]:
    """A notehead at the middle `y` with its stem to the right of it."""
    stem = Box(x + 11 - lean, y - 30 if top is None else top, x + 11 + lean, y - 2)
    return [Symbol("noteheadBlack", Box(x, y - 5, x + 12, y + 5)), Symbol("stem", stem)]


def from_symbol(graph: NotationGraph, source: int) -> list[int]:
    """Where the edges of a symbol lead, those to staves left out."""
    return sorted(b for a, b in graph.edges if a == source and not graph.symbols[b].name.startswith("staff"))


def named(graph: NotationGraph, source: str) -> list[list[str]]:
    """What each symbol of a class leads to, by class."""
    numbers = [n for n, symbol in enumerate(graph.symbols) if symbol.name == source]
    return [sorted(graph.symbols[b].name for a, b in graph.edges if a == n) for n in numbers]


def test_notes_lead_to_the_staff_and_the_line_or_space_they_are_on() -> None:
    graph = notation_graph(page(*note(100, 120), *note(200, 125), *note(300, 145)))
    (nodes,) = graph.staves
    for head, place in ((0, nodes.lines[2]), (2, nodes.spaces[3]), (4, nodes.spaces[5])):
        assert {(head, nodes.staff), (head, place)} <= graph.edges
        assert sum(a == head for a, _ in graph.edges) == 3  # and its stem
    assert named(graph, "staff") == [["staffLine"] * 5 + ["staffSpace"] * 6]


def test_a_note_beyond_the_staff_leads_to_each_of_its_ledger_lines() -> None:
    ledgers = [Symbol("ledgerLine", Box(96, y - 0.5, 116, y + 0.5)) for y in (150, 160, 170)]
    graph = notation_graph(page(*note(100, 160), *ledgers))
    assert from_symbol(graph, 0) == [1, 2, 3]  # stem and two lines; the third lies beyond the note
    assert (0, graph.staves[0].staff) in graph.edges
    assert not any((0, n) in graph.edges for n in (*graph.staves[0].lines, *graph.staves[0].spaces))


def test_stems_that_lean_and_flags_stroke_by_stroke_belong_to_their_note() -> None:
    flags = (Symbol("flag8thUp", Box(116, 90, 124, 105)), Symbol("flag16thUp", Box(115, 98, 123, 112)))
    graph = notation_graph(page(*note(100, 130, top=90, lean=5), *flags))
    assert from_symbol(graph, 0) == [1, 2, 3]


def test_two_beams_close_together_are_two() -> None:
    beams = (Symbol("beam", Box(110, 88, 212, 92)), Symbol("beam", Box(110, 91, 212, 95)))
    graph = notation_graph(page(*note(100, 130, top=89), *note(200, 130, top=89), *beams))
    assert from_symbol(graph, 0) == [1, 4, 5]
    assert from_symbol(graph, 2) == [3, 4, 5]


def test_a_slur_binds_all_notes_under_it_and_a_dot_belongs_to_one_head_of_a_chord() -> None:
    slur = Symbol("slur", Box(104, 140, 308, 152))
    upper = Symbol("noteheadBlack", Box(200, 105, 212, 115))
    dot = Symbol("augmentationDot", Box(216, 113, 220, 117))
    graph = notation_graph(page(*note(100, 130), *note(200, 130), *note(300, 130), slur, upper, dot))
    assert all((head, 6) in graph.edges for head in (0, 2, 4, 7))
    assert [a for a, b in graph.edges if b == 8] == [7]


def test_signs_are_made_of_their_parts() -> None:
    symbols = [
        Symbol("clefG", Box(30, 85, 55, 155)),
        Symbol("accidentalSharp", Box(65, 86, 75, 114)),  # F and C
        Symbol("accidentalSharp", Box(78, 101, 88, 129)),
        Symbol("timeSig3", Box(95, 100, 110, 120)),
        Symbol("timeSig4", Box(95, 120, 110, 140)),
        *note(150, 125),
        Symbol("accidentalNatural", Box(138, 111, 147, 139)),
        Symbol("dynamicM", Box(140, 170, 152, 180)),
        Symbol("dynamicF", Box(153, 168, 163, 182)),
        Symbol("barline", Box(400, 100, 402, 140)),
    ]
    graph = notation_graph(page(*symbols))
    assert named(graph, "keySignature") == [["accidentalSharp", "accidentalSharp", "staff"]]
    assert named(graph, "timeSignature") == [["staff", "timeSig3", "timeSig4"]]
    assert named(graph, "dynamicsText") == [["dynamicF", "dynamicM"]]
    assert named(graph, "measureSeparator") == [["barline", "staff"]]
    assert named(graph, "clefG") == [["staff"]]
    assert from_symbol(graph, 5) == [6, 7]


def test_a_brace_and_the_line_before_a_system_group_its_staves() -> None:
    uprights = [
        Symbol("brace", Box(5, 100, 15, 240)),
        Symbol("barline", Box(19, 100, 21, 240)),
        Symbol("barline", Box(300, 100, 302, 240)),
        Symbol("barline", Box(575, 100, 577, 240)),
        Symbol("barlineHeavy", Box(580, 100, 585, 240)),
        *(Symbol("repeatDot", Box(567, y - 2, 571, y + 2)) for y in (115, 125, 215, 225)),
    ]
    graph = notation_graph(page(*uprights, tops=(100.0, 200.0)))
    assert named(graph, "staffGrouping") == [["barline", "brace", "staff", "staff"]]
    assert named(graph, "measureSeparator") == [
        ["barline", "staff", "staff"],
        ["barline", "barlineHeavy", "staff", "staff"],
    ]
    assert named(graph, "repeat") == [["barline", "barlineHeavy", *["repeatDot"] * 4]]


def test_a_grace_note_belongs_to_the_note_after_it() -> None:
    grace = [Symbol("noteheadBlackSmall", Box(80, 122, 87, 128)), Symbol("stem", Box(86, 105, 87, 124))]
    graph = notation_graph(page(*note(40, 125), *grace, *note(100, 125)))
    assert (4, 2) in graph.edges and (0, 2) not in graph.edges


def test_the_file_has_the_same_edges(tmp_path: Path) -> None:
    made = page(*note(100, 130), Symbol("slur", Box(104, 140, 208, 152)), *note(200, 130))
    path = tmp_path / "made.xml"
    path.write_text(to_mung(made), encoding="utf-8")
    assert set(read_mung(path).edges) == notation_graph(made).edges


def test_without_staves_nothing_is_related() -> None:
    graph = notation_graph(page(*note(100, 130), tops=()))
    assert len(graph.symbols) == 2 and not graph.edges


boxes = st.tuples(*[st.integers(0, 580)] * 2, *[st.integers(1, 120)] * 2).map(
    lambda b: Box(b[0], b[1], b[0] + b[2], b[1] + b[3])
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.builds(Symbol, st.sampled_from(CORE), boxes), max_size=25))
def test_edges_lead_somewhere_whatever_stands_on_the_page(symbols: list[Symbol]) -> None:
    given_page = page(*symbols, tops=(100.0, 200.0))
    graph = notation_graph(given_page)
    assert tuple(graph.symbols[: len(symbols)]) == given_page.symbols
    assert all(0 <= n < len(graph.symbols) for edge in graph.edges for n in edge)
    assert all(a != b for a, b in graph.edges)


def test_graph_has_no_nodes_for_false_staves() -> None:
    short = Staff(np.array([300.0, 350.0]), staff(160).ys)
    read = page(*note(200, 240), tops=(100, 220))
    graph = notation_graph(replace(read, staves=(read.staves[0], short, read.staves[1])))
    assert len(graph.staves) == 2
    assert (0, graph.staves[1].staff) in graph.edges


def test_graph_has_confirmed_low_confidence_symbols_after_those_of_the_page() -> None:
    beam = Symbol("beam", Box(110, 88, 212, 92), 0.2)
    doubtful = Symbol("clefG", Box(400, 90, 420, 150), 0.2)
    read = page(*note(100, 130, top=89), *note(200, 130, top=89))
    graph = notation_graph(replace(read, low_confidence=(doubtful, beam)))
    assert graph.symbols[:5] == (*read.symbols, beam) and doubtful not in graph.symbols
    assert {(0, 4), (2, 4)} <= graph.edges
