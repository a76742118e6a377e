"""Loudness, hairpins, octave lines, pedals and signs: where in which measure they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from omr.notation.layout.part_collation import PartCollation
from omr.notation.layout.placement import PlacedSymbol
from omr.notation.layout.systems import System
from omr.notation.linking.hairpins import HAIRPINS
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.rhythm import QUARTER
from omr.notation.semantics.slurs import number_spans
from omr.score import End, Mark

DYNAMICS = [
    "p",
    "pp",
    "ppp",
    "pppp",
    "ppppp",
    "pppppp",
    "f",
    "ff",
    "fff",
    "ffff",
    "fffff",
    "ffffff",
    "mp",
    "mf",
    "sf",
    "sfp",
    "sfpp",
    "fp",
    "rf",
    "rfz",
    "sfz",
    "sffz",
    "fz",
    "n",
    "pf",
    "sfzp",
]
"""The loudness marks that MusicXML has elements for."""

_HAIRPINS = dict(zip(HAIRPINS, ("crescendo", "diminuendo"), strict=True))

Where = tuple[int, Fraction]
"""A measure, by its index, and the time in it."""

Placed = dict[tuple[int, int], list[Mark]]
"""Marks by measure and part."""


class _Line:
    """One system and the measures on it: turns symbols into times."""

    def __init__(
        self, reading: LinkedPage, system: System, drafts: Sequence[tuple[int, MeasureDraft]]
    ) -> None:
        self.reading, self.system, self.drafts = reading, system, drafts

    def when(self, x: float, last: bool = False) -> Where:
        """The measure at `x`, and the time of the note there: the next one, or the `last` before."""
        space = self.reading.layout.space
        index, draft = next(((i, d) for i, d in self.drafts if x < d.bar.x1), self.drafts[-1])
        assert draft.timing is not None
        times = sorted((s.x * space, t) for (_, s), t in zip(draft.sounds, draft.timing.onsets, strict=True))
        if not times:
            return index, Fraction(0)
        if last:
            before = [t for at, t in times if at <= x + space]
            return index, Fraction(before[-1] if before else times[0][1], QUARTER)
        return index, Fraction(min(times, key=lambda pair: abs(pair[0] - x))[1], QUARTER)

    def side_of(self, place: PlacedSymbol, staff: int) -> str:
        """Whether a mark stands above its staff or below."""
        return "above" if place.y < self.reading.layout.edges(staff, place.x)[0] else "below"


def find_directions(
    readings: Sequence[LinkedPage], drafts: Sequence[MeasureDraft], collation: PartCollation
) -> Placed:
    """All marks that stand by a staff, by measure and part."""
    placed: Placed = defaultdict(list)
    for line in _lines(readings, drafts):
        for word in line.reading.dynamics:
            if word.text in DYNAMICS and word.staff in line.system.staves:
                _put(placed, line, collation, word.letters[0], word.staff, "dynamics", word.text)
        for sign in line.reading.signs:
            if sign.staff in line.system.staves:
                _put(placed, line, collation, sign.symbol, sign.staff, sign.symbol.name, "")
        spans = [*_spans(line), *_pedals(line)]
        numbers = number_spans([(start, end) for *_, start, end in spans])  # type: ignore[misc]
        for span, number in zip(spans, numbers, strict=True):
            _put_span(placed, line, collation, span, min(number, 16))
    return placed


def _lines(readings: Sequence[LinkedPage], drafts: Sequence[MeasureDraft]) -> Iterator[_Line]:
    for reading in readings:
        for system in reading.systems:
            here = [
                (i, d) for i, d in enumerate(drafts) if d.reading is reading and d.staves == system.staves
            ]
            if here:
                yield _Line(reading, system, here)


def _put(
    placed: Placed,
    line: _Line,
    collation: PartCollation,
    place: PlacedSymbol,
    staff: int,
    kind: str,
    text: str,
) -> None:
    measure, onset = line.when(place.x)
    draft = dict(line.drafts)[measure]
    part, number = collation.part_of(draft.line_of(staff))
    placed[measure, part].append(Mark(kind, number, onset, text, placement=line.side_of(place, staff)))


Span = tuple[PlacedSymbol, int, str, Where, Where]
"""Symbol, staff, kind, start and end."""


def _spans(line: _Line) -> Iterator[Span]:
    """Hairpins and octave lines."""
    reading, staves = line.reading, line.system.staves
    found = [(pin.symbol, pin.staff, _HAIRPINS[pin.symbol.name]) for pin in reading.hairpins]
    found += [(octave.symbol, octave.staff, "octave") for octave in reading.octaves]
    for place, staff, kind in found:
        if staff in staves:
            start, end = line.when(place.box.x0), line.when(place.box.x1, last=True)
            if start < end or (kind == "octave" and start == end):
                yield place, staff, kind, start, end


def _pedals(line: _Line) -> Iterator[Span]:
    for pedal in line.reading.pedals:
        if pedal.staff in line.system.staves:
            start, end = line.when(pedal.down.x), line.when(pedal.up.x)
            if start < end:
                yield pedal.down, pedal.staff, "pedal", start, end


def _put_span(placed: Placed, line: _Line, collation: PartCollation, span: Span, number: int) -> None:
    place, staff, kind, start, end = span
    side, text = line.side_of(place, staff), ""
    if kind == "octave":
        side = "above" if place.position < 4 else "below"
        text = "up" if side == "above" else "down"
    ends: tuple[tuple[End, Where], ...] = (("start", start), ("stop", end))
    for which, (measure, onset) in ends:
        part, staff_number = collation.part_of(dict(line.drafts)[measure].line_of(staff))
        placed[measure, part].append(Mark(kind, staff_number, onset, text, which, side, number))
