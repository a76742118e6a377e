"""Parts in MusicXML: measures, and the way through their voices."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from xml.etree import ElementTree as ET

from omr.export.musicxml.attributes import write_attributes, write_clef
from omr.export.musicxml.barlines import write_barline
from omr.export.musicxml.directions import write_direction, write_warning
from omr.export.musicxml.elements import sub
from omr.export.musicxml.notes import write_note
from omr.export.musicxml.repetitions import with_repeats
from omr.score import Event, Measure, Part, Voice

_LARGEST = 16383
"""Divisions of a quarter that programs surely read: MusicXML asks for a positive number, MIDI for 15 bits."""

_USUAL = 10080
"""Divisions where the times of a part would need more: finer times are rounded."""


class PartWriter:
    """Writer of the measures of one part.

    Parameters
    ----------
    part : Part
    first : bool
        Whether the part is the first of its score: it has the breaks of pages and systems, and the warnings.
    ids : set of str, optional
        Ids in use, to which those of this part are added; without it elements have no ids.
    """

    def __init__(self, part: Part, first: bool, ids: set[str] | None = None) -> None:
        self.part, self.first = part, first
        self.ids, self.page = ids, 0
        times = {event.onset for m in part.measures for event in m.events()}
        times |= {event.duration for m in part.measures for event in m.events()}
        times |= {m.length for m in part.measures}
        divisions = lcm(*(time.denominator for time in times), 1)
        self.divisions = divisions if divisions <= _LARGEST else _USUAL

    def _ticks(self, time: Fraction) -> int:
        """Convert quarters to divisions."""
        return round(time * self.divisions)

    def write(self, parent: ET.Element) -> None:
        """Write the measures of the part.

        Parameters
        ----------
        parent : Element
            The part, still empty.
        """
        before: Measure | None = None
        for index, measure in enumerate(self.part.measures):
            expanded = with_repeats(measure, before)
            self.page += measure.new_page
            pickup = {"implicit": "yes"} if measure.pickup else {}
            node = sub(parent, "measure", number=str(measure.number), **pickup)
            self._identify(node, f"measure-{index}")
            self._measure(node, expanded)
            before = expanded

    def _measure(self, node: ET.Element, measure: Measure) -> None:
        """Write the voices of a measure one after the other, directions and clefs along the first."""
        if self.first and (measure.new_system or measure.new_page):
            breaks = {"new-page": "yes"} if measure.new_page else {"new-system": "yes"}
            ET.SubElement(node, "print", breaks)
        write_attributes(node, measure, self.part, self.divisions)
        write_barline(node, measure.left, "left")
        if measure.problem and self.first:
            write_warning(node, measure.problem)
        directions = sorted(measure.marks, key=lambda mark: mark.onset)
        changes = sorted((c for c in measure.clefs if c.onset > 0), key=lambda c: c.onset)
        voices = measure.voices or (Voice((_measure_rest(measure),)),)
        time = 0
        for number, voice in enumerate(voices, start=1):
            time = self._move(node, time, 0)
            for event in voice.events:
                at = self._ticks(event.onset)
                if number == 1:
                    while directions and directions[0].onset <= event.onset:
                        time = self._move(node, time, self._ticks(directions[0].onset))
                        write_direction(node, directions.pop(0), self.part.staves)
                    while changes and changes[0].onset <= event.onset:
                        time = self._move(node, time, self._ticks(changes[0].onset))
                        write_clef(sub(node, "attributes"), changes.pop(0), self.part.staves)
                time = self._move(node, time, at)
                self._event(node, event, number)
                time += self._ticks(event.end) - at if not event.grace else 0
        for mark in directions:
            time = self._move(node, time, self._ticks(mark.onset))
            write_direction(node, mark, self.part.staves)
        for change in changes:
            time = self._move(node, time, self._ticks(change.onset))
            write_clef(sub(node, "attributes"), change, self.part.staves)
        self._move(node, time, self._ticks(measure.length))
        write_barline(node, measure.right, "right")

    def _identify(self, node: ET.Element, name: str) -> None:
        """Give an element an id where ids are wanted and no other element has this one."""
        if self.ids is not None and name not in self.ids:
            self.ids.add(name)
            node.set("id", name)

    def _move(self, node: ET.Element, time: int, to: int) -> int:
        """Go back or forward in the measure."""
        if time != to:
            sub(sub(node, "backup" if to < time else "forward"), "duration", abs(to - time))
        return to

    def _event(self, node: ET.Element, event: Event, voice: int) -> None:
        """Write the notes of a chord, or a rest."""
        duration = self._ticks(event.end) - self._ticks(event.onset)
        for n, note in enumerate(event.notes or (None,)):
            element = sub(node, "note")
            kind, symbol = ("rest", event.symbol) if note is None else ("note", note.symbol)
            if symbol >= 0:
                self._identify(element, f"{kind}-{self.page}-{symbol}")
            write_note(element, event, note, n, voice=voice, staves=self.part.staves, duration=duration)


def _measure_rest(measure: Measure) -> Event:
    """Fill a measure without music."""
    return Event(1, Fraction(0), measure.length, "whole", whole_measure=True)
