"""A page taken apart: systems, measures, the chords and rests in them and all that hangs on those."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from omr.notation.cleanup import clean
from omr.notation.layout.measures import MeasureRegion, find_measures
from omr.notation.layout.placement import PageLayout, place
from omr.notation.layout.systems import System, find_systems
from omr.notation.linking import assignment, staff_assignment
from omr.notation.linking.assignment import Tie
from omr.notation.linking.beams import beam_groups
from omr.notation.linking.chords import Chord
from omr.notation.linking.stem_extension import longer_stems
from omr.notation.linking.tuplets import TupletSign, find_tuplet_signs
from omr.notation.linking.volta_signs import VoltaSign, find_volta_signs
from omr.notation.semantics.multi_measure_rests import MultiMeasureRest, find_multi_measure_rests
from omr.notation.semantics.pitch import OctaveLine
from omr.page import Page


@dataclass
class LinkedPage:
    """What is on a page, before it is music.

    Attributes
    ----------
    layout : PageLayout
    systems : list of System
    bars : list of list of MeasureRegion
        By system.
    chords : list of Chord
    groups : list of list of Chord
        Those under common beams.
    ties : list of Tie
    tuplets : list of TupletSign
    octaves : list of OctaveLine
    voltas : list of VoltaSign
    multi_measure_rests : list of MultiMeasureRest
    """

    layout: PageLayout
    systems: list[System]
    bars: list[list[MeasureRegion]]
    chords: list[Chord]
    groups: list[list[Chord]] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    tuplets: list[TupletSign] = field(default_factory=list)
    octaves: list[OctaveLine] = field(default_factory=list)
    voltas: list[VoltaSign] = field(default_factory=list)
    multi_measure_rests: list[MultiMeasureRest] = field(default_factory=list)

    def chords_in(self, bar: MeasureRegion, staff: int) -> list[Chord]:
        """The chords and rests of one staff of a measure, from left to right."""
        return [c for c in self._by_staff.get(staff, ()) if bar.x0 <= c.x < bar.x1]

    def __post_init__(self) -> None:
        self._by_staff: dict[int, list[Chord]] = {}
        for chord in sorted(self.chords, key=lambda c: c.x):
            self._by_staff.setdefault(chord.staff, []).append(chord)


def read_page(page: Page) -> LinkedPage:
    """Take a page apart.

    Parameters
    ----------
    page : Page
        In core names, with its staves.
    """
    layout = clean(place(page))
    voltas = find_volta_signs(layout)
    digits = {digit for volta in voltas for digit in volta.digits}
    layout = layout.with_symbols(symbol for symbol in layout.symbols if symbol not in digits)
    systems = find_systems(layout)
    on_stems, stemless = assignment.heads_on_stems(layout)
    for head, stem in longer_stems(layout, on_stems, stemless).items():
        on_stems[stem].append(head)
        stemless.remove(head)
    heads = layout.named("notehead")
    home = staff_assignment.heads_on_staves(layout, heads, list(on_stems.values()))
    kept = {stem: [home[head] for head in members if head in home] for stem, members in on_stems.items()}
    on_stems = {stem: members for stem, members in kept.items() if members}
    chords = assignment.make_chords(layout, on_stems, [home[head] for head in stemless if head in home])
    assignment.hang_dots(layout, chords)
    home |= staff_assignment.numbers_at_clefs(layout)
    lost = {head for head in heads if head not in home}
    contents = staff_assignment.contents_by_staff([home.get(p, p) for p in layout.symbols if p not in lost])
    return LinkedPage(
        layout=layout,
        systems=systems,
        bars=[find_measures(layout, system, contents) for system in systems],
        chords=chords,
        groups=beam_groups(chords),
        ties=list(assignment.find_ties(layout, chords)),
        tuplets=find_tuplet_signs(layout),
        octaves=list(_octave_lines(layout)),
        voltas=voltas,
        multi_measure_rests=find_multi_measure_rests(layout, layout.page),
    )


def _octave_lines(layout: PageLayout) -> Iterable[OctaveLine]:
    """Octave lines; above the staff they make notes sound higher, below it lower."""
    for line in layout.by_name.get("ottavaBracket", ()):
        higher = line.position < 4
        yield OctaveLine(
            line.staff,
            line.box.x0 - 0.6 * layout.space,
            line.box.x1 + 0.6 * layout.space,
            1 if higher else -1,
        )
