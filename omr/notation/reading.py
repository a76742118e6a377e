"""A page taken apart: systems, measures, the chords and rests in them and all that hangs on those."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from omr.notation import graph, homes
from omr.notation.beams import beam_groups
from omr.notation.chord import Chord
from omr.notation.doubles import without_doubles
from omr.notation.graph import Tie
from omr.notation.measures import Bar, find_bars
from omr.notation.phantoms import without_phantoms
from omr.notation.pitch import OctaveLine
from omr.notation.sheet import Sheet
from omr.notation.silence import LongRest, find_long_rests
from omr.notation.stems import longer_stems
from omr.notation.systems import System, find_systems
from omr.notation.tuplets import TupletSign, find_tuplet_signs
from omr.notation.uprights import whole_lines, without_streaks
from omr.notation.voltas import VoltaSign, find_volta_signs
from omr.page import Page


@dataclass
class Reading:
    """What is on a page, before it is music.

    Attributes
    ----------
    sheet : Sheet
    systems : list of System
    bars : list of list of Bar
        By system.
    chords : list of Chord
    groups : list of list of Chord
        Those under common beams.
    ties : list of Tie
    tuplets : list of TupletSign
    octaves : list of OctaveLine
    voltas : list of VoltaSign
    long_rests : list of LongRest
    """

    sheet: Sheet
    systems: list[System]
    bars: list[list[Bar]]
    chords: list[Chord]
    groups: list[list[Chord]] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    tuplets: list[TupletSign] = field(default_factory=list)
    octaves: list[OctaveLine] = field(default_factory=list)
    voltas: list[VoltaSign] = field(default_factory=list)
    long_rests: list[LongRest] = field(default_factory=list)

    def chords_in(self, bar: Bar, staff: int) -> list[Chord]:
        """The chords and rests of one staff of a measure, from left to right."""
        return [c for c in self._by_staff.get(staff, ()) if bar.x0 <= c.x < bar.x1]

    def __post_init__(self) -> None:
        self._by_staff: dict[int, list[Chord]] = {}
        for chord in sorted(self.chords, key=lambda c: c.x):
            self._by_staff.setdefault(chord.staff, []).append(chord)


def read_page(page: Page) -> Reading:
    """Take a page apart.

    Parameters
    ----------
    page : Page
        In core names, with its staves.
    """
    page = without_phantoms(page)
    sheet = Sheet(page)
    sheet.keep(without_doubles(whole_lines(sheet.places, sheet.space)))
    sheet.keep(without_streaks(sheet))
    voltas = find_volta_signs(sheet)
    digits = {digit for volta in voltas for digit in volta.digits}
    sheet.keep(place for place in sheet.places if place not in digits)
    systems = find_systems(sheet)
    on_stems, stemless = graph.heads_on_stems(sheet)
    for head, stem in longer_stems(sheet, on_stems, stemless).items():
        on_stems[stem].append(head)
        stemless.remove(head)
    heads = sheet.named("notehead")
    home = homes.heads_on_staves(sheet, heads, list(on_stems.values()))
    kept = {stem: [home[head] for head in members if head in home] for stem, members in on_stems.items()}
    on_stems = {stem: members for stem, members in kept.items() if members}
    chords = graph.make_chords(sheet, on_stems, [home[head] for head in stemless if head in home])
    graph.hang_dots(sheet, chords)
    home |= homes.numbers_at_clefs(sheet)
    lost = {head for head in heads if head not in home}
    contents = homes.contents_by_staff([home.get(p, p) for p in sheet.places if p not in lost])
    return Reading(
        sheet=sheet,
        systems=systems,
        bars=[find_bars(sheet, system, contents) for system in systems],
        chords=chords,
        groups=beam_groups(chords),
        ties=list(graph.find_ties(sheet, chords)),
        tuplets=find_tuplet_signs(sheet),
        octaves=list(_octave_lines(sheet)),
        voltas=voltas,
        long_rests=find_long_rests(sheet, page),
    )


def _octave_lines(sheet: Sheet) -> Iterable[OctaveLine]:
    """Octave lines; above the staff they make notes sound higher, below it lower."""
    for line in sheet.by_name.get("ottavaBracket", ()):
        higher = line.position < 4
        yield OctaveLine(
            line.staff, line.box.x0 - 0.6 * sheet.space, line.box.x1 + 0.6 * sheet.space, 1 if higher else -1
        )
