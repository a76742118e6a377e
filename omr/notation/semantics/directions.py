"""Loudness, hairpins, octave lines, pedals and signs: where in which measure they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from omr.notation.layout.part_collation import PartCollation
from omr.notation.layout.placement import PlacedSymbol
from omr.notation.layout.systems import System
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.linking.marks import number_spans, words_of_dynamics
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.rhythm import QUARTER
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

_KINDS = {
    "dynamicCrescendoHairpin": "crescendo",
    "dynamicDiminuendoHairpin": "diminuendo",
    "ottavaBracket": "octave",
}

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

    def staff_near(self, place: PlacedSymbol) -> tuple[int, str]:
        """The staff of the page that a mark belongs to, and whether it stands above or below it."""
        staff = staff_of(place, self.reading)
        if staff not in self.system.staves:
            staff = self.system.staves[0]
        return staff, "above" if place.y < self.reading.layout.edges(staff, place.x)[0] else "below"


def find_directions(
    readings: Sequence[LinkedPage], drafts: Sequence[MeasureDraft], collation: PartCollation
) -> Placed:
    """All marks that stand by a staff, by measure and part."""
    placed: Placed = defaultdict(list)
    for line in _lines(readings, drafts):
        for word, letters in words_of_dynamics(
            [p for p in line.reading.layout.named("dynamic") if p.name not in _KINDS and _on(line, p)],
            line.reading.layout.space,
        ):
            if word in DYNAMICS:
                _put(placed, line, collation, letters[0], "dynamics", word)
        for sign in line.reading.layout.named("segno", "coda"):
            if _on(line, sign):
                _put(placed, line, collation, sign, sign.name, "")
        spans = [*_spans(line), *_pedals(line)]
        numbers = number_spans([(start, end) for _, _, start, end in spans])  # type: ignore[misc]
        for (place, kind, start, end), number in zip(spans, numbers, strict=True):
            _put_span(placed, line, collation, (place, kind, start, end), min(number, 16))
    return placed


def _lines(readings: Sequence[LinkedPage], drafts: Sequence[MeasureDraft]) -> Iterator[_Line]:
    for reading in readings:
        for system in reading.systems:
            here = [
                (i, d) for i, d in enumerate(drafts) if d.reading is reading and d.staves == system.staves
            ]
            if here:
                yield _Line(reading, system, here)


def _on(line: _Line, place: PlacedSymbol) -> bool:
    return staff_of(place, line.reading) in line.system.staves


def staff_of(place: PlacedSymbol, reading: LinkedPage) -> int:
    """Which staff of the page a mark belongs to.

    Between two staves it is the upper one's, unless it stands much closer to the lower; what is no
    loudness and stands above a system belongs to that.
    """
    layout, staff, upper = reading.layout, place.staff, place.staff - 1
    top, _ = layout.edges(staff, place.x)
    joined = any({staff, upper} <= set(system.staves) for system in reading.systems)
    if upper < 0 or place.y >= top or not (joined or place.name.startswith("dynamic")):
        return staff
    left, right = layout.span(upper)
    below = place.y - layout.edges(upper, place.x)[1]
    return upper if left <= place.x <= right and 0 < below < 2 * (top - place.y) else staff


def _put(
    placed: Placed, line: _Line, collation: PartCollation, place: PlacedSymbol, kind: str, text: str
) -> None:
    staff, side = line.staff_near(place)
    measure, onset = line.when(place.x)
    draft = dict(line.drafts)[measure]
    part, number = collation.part_of(draft.line_of(staff))
    placed[measure, part].append(Mark(kind, number, onset, text, placement=side))


Span = tuple[PlacedSymbol, str, Where, Where]


def _spans(line: _Line) -> Iterator[Span]:
    for name, kind in _KINDS.items():
        for place in line.reading.layout.by_name.get(name, ()):
            if _on(line, place):
                start, end = line.when(place.box.x0), line.when(place.box.x1, last=True)
                if start < end or (kind == "octave" and start == end):
                    yield place, kind, start, end


def _pedals(line: _Line) -> Iterator[Span]:
    """A pedal goes from its sign to the next that lifts it, on one system."""
    ups = [p for p in line.reading.layout.by_name.get("keyboardPedalUp", ()) if _on(line, p)]
    downs = [p for p in line.reading.layout.by_name.get("keyboardPedalPed", ()) if _on(line, p)]
    for n, down in enumerate(downs):
        following = downs[n + 1].x if n + 1 < len(downs) else float("inf")
        up = next((u for u in ups if down.x < u.x <= following), None)
        if up:
            start, end = line.when(down.x), line.when(up.x)
            if start < end:
                yield down, "pedal", start, end


def _put_span(placed: Placed, line: _Line, collation: PartCollation, span: Span, number: int) -> None:
    place, kind, start, end = span
    staff, side = line.staff_near(place)
    text = ""
    if kind == "octave":
        staff = place.staff
        side = "above" if place.position < 4 else "below"
        text = "up" if side == "above" else "down"
    ends: tuple[tuple[End, Where], ...] = (("start", start), ("stop", end))
    for which, (measure, onset) in ends:
        part, staff_number = collation.part_of(dict(line.drafts)[measure].line_of(staff))
        placed[measure, part].append(Mark(kind, staff_number, onset, text, which, side, number))
