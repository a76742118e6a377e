"""Pages as MusicXML 4.0: one score from all of them, as printed.

Written element by element rather than through music21, which would take longer
than everything else and not keep what the page shows: which voice a note
belongs to across the staves of a part, where beams break, which way stems go.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import lcm
from xml.etree import ElementTree as ET

from omr.export.musicxml_words import (
    WORD_MARKS,
    write_creators,
    write_credits,
    write_lyrics,
    write_part_names,
    write_titles,
    write_transposition,
    write_word_mark,
)
from omr.formats import ScoreFormat
from omr.score import (
    Barline,
    Clef,
    ClefChange,
    Event,
    KeyChange,
    Mark,
    Measure,
    Note,
    Part,
    Score,
    TimeSignature,
    Voice,
)

_DOCTYPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">\n'
)
_CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<container><rootfiles>'
    '<rootfile full-path="score.musicxml" media-type="application/vnd.recordare.musicxml+xml"/>'
    "</rootfiles></container>\n"
)
_ARTICULATIONS = {
    "accent", "strong-accent", "staccato", "tenuto", "staccatissimo", "breath-mark", "caesura",
}  # fmt: skip
_TECHNICAL = {"up-bow", "down-bow", "fingering"}
_ORNAMENTS = {"trill-mark", "turn", "inverted-turn", "mordent", "inverted-mordent"}
MXL_COMMENT = b"Written by omr"
"""Comment of the ZIP archive of compressed files."""

_LARGEST = 16383
"""Divisions of a quarter that programs surely read: MusicXML asks for a positive number, MIDI for 15 bits."""


def to_musicxml(score: Score, *, ids: bool = False) -> str:
    """Write a score as the text of a MusicXML file.

    Parameters
    ----------
    score : Score
        A score without parts becomes one empty measure.
    ids : bool
        Whether measures, notes and rests have ids that programs can find them by: ``measure-I`` counts from
        0, ``note-P-S`` and ``rest-P-S`` name the page on which the music is printed, from 0 and without
        pages that have none, and `Note.symbol` or `Event.symbol`.

    Returns
    -------
    str
        With the XML declaration; encode it as UTF-8.
    """
    empty = (_empty_measure(),)
    parts = [replace(part, measures=part.measures or empty) for part in score.parts]
    parts = parts or [Part("Part 1", 1, empty)]
    root = ET.Element("score-partwise", version="4.0")
    write_titles(root, score.credits)
    identification = _sub(root, "identification")
    write_creators(identification, score.credits)
    encoding = _sub(identification, "encoding")
    _sub(encoding, "software", "omr")
    for element in ("accidental", "beam", "stem"):
        _sub(encoding, "supports", element=element, type="yes")
    for attribute in ("page", "system"):
        _sub(encoding, "supports", attribute=f"new-{attribute}", element="print", type="yes", value="yes")
    write_credits(root, score.credits)
    listed = _sub(root, "part-list")
    used: set[str] = set()
    for number, part in enumerate(parts, start=1):
        write_part_names(_sub(listed, "score-part", id=f"P{number}"), part, f"P{number}")
    for number, part in enumerate(parts, start=1):
        writer = _PartWriter(part, first=number == 1, ids=used if ids else None)
        writer.write(_sub(root, "part", id=f"P{number}"))
    ET.indent(root, " ")
    return _DOCTYPE + ET.tostring(root, encoding="unicode") + "\n"


def to_mxl(score: Score) -> bytes:
    """Write a score as the content of a compressed MusicXML file.

    Parameters
    ----------
    score : Score

    Returns
    -------
    bytes
        A ZIP archive without a date: the same score gives the same bytes.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("META-INF/container.xml", _CONTAINER), ("score.musicxml", to_musicxml(score))):
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
        archive.comment = MXL_COMMENT
    return content.getvalue()


def _empty_measure() -> Measure:
    rest = Event(1, Fraction(0), Fraction(4), "whole", whole_measure=True)
    return Measure(1, Fraction(4), (Voice((rest,)),), (ClefChange(1, Fraction(0), Clef("G", 2)),))


def _sub(parent: ET.Element, tag: str, text: object = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, attributes)
    if text is not None:
        element.text = str(text)
    return element


class _PartWriter:
    """Writes the measures of one part."""

    def __init__(self, part: Part, first: bool, ids: set[str] | None = None) -> None:
        self.part, self.first = part, first
        self.ids, self.page = ids, 0
        times = {event.onset for m in part.measures for event in m.events()}
        times |= {event.duration for m in part.measures for event in m.events()}
        times |= {m.length for m in part.measures}
        divisions = lcm(*(time.denominator for time in times), 1)
        self.divisions = divisions if divisions <= _LARGEST else 10080  # finer times are rounded

    def ticks(self, time: Fraction) -> int:
        return round(time * self.divisions)

    def write(self, parent: ET.Element) -> None:
        before: Measure | None = None
        for index, measure in enumerate(self.part.measures):
            expanded = _with_repeats(measure, before)
            self.page += measure.new_page
            pickup = {"implicit": "yes"} if measure.pickup else {}
            node = _sub(parent, "measure", number=str(measure.number), **pickup)
            self.identify(node, f"measure-{index}")
            self.measure(node, expanded)
            before = expanded

    def measure(self, node: ET.Element, measure: Measure) -> None:
        if self.first and (measure.new_system or measure.new_page):
            breaks = {"new-page": "yes"} if measure.new_page else {"new-system": "yes"}
            ET.SubElement(node, "print", breaks)
        self.attributes(node, measure)
        _write_barline(node, measure.left, "left")
        if measure.problem and self.first:
            self.warning(node, measure.problem)
        directions = sorted(measure.marks, key=lambda mark: mark.onset)
        changes = sorted((c for c in measure.clefs if c.onset > 0), key=lambda c: c.onset)
        voices = measure.voices or (Voice((_measure_rest(measure),)),)
        time = 0
        for number, voice in enumerate(voices, start=1):
            time = self.move(node, time, 0)
            for event in voice.events:
                at = self.ticks(event.onset)
                if number == 1:
                    while directions and directions[0].onset <= event.onset:
                        time = self.move(node, time, self.ticks(directions[0].onset))
                        self.direction(node, directions.pop(0))
                    while changes and changes[0].onset <= event.onset:
                        time = self.move(node, time, self.ticks(changes[0].onset))
                        self.clef(_sub(node, "attributes"), changes.pop(0))
                time = self.move(node, time, at)
                self.event(node, event, number)
                time += self.ticks(event.end) - at if not event.grace else 0
        for mark in directions:
            time = self.move(node, time, self.ticks(mark.onset))
            self.direction(node, mark)
        for change in changes:
            time = self.move(node, time, self.ticks(change.onset))
            self.clef(_sub(node, "attributes"), change)
        self.move(node, time, self.ticks(measure.length))
        _write_barline(node, measure.right, "right")

    def identify(self, node: ET.Element, name: str) -> None:
        """Give an element an id where ids are wanted and no other element has this one."""
        if self.ids is not None and name not in self.ids:
            self.ids.add(name)
            node.set("id", name)

    def move(self, node: ET.Element, time: int, to: int) -> int:
        """Go back or forward in the measure."""
        if time != to:
            _sub(_sub(node, "backup" if to < time else "forward"), "duration", abs(to - time))
        return to

    # --- attributes ---

    def attributes(self, node: ET.Element, measure: Measure) -> None:
        opening = measure is self.part.measures[0] or measure.number == self.part.measures[0].number
        clefs = [change for change in measure.clefs if change.onset == 0]
        if not (opening or clefs or measure.keys or measure.time or measure.resting > 1):
            return
        attributes = _sub(node, "attributes")
        if opening:
            _sub(attributes, "divisions", self.divisions)
        self.keys(attributes, measure.keys)
        if measure.time:
            _write_time(attributes, measure.time)
        if opening and self.part.staves > 1:
            _sub(attributes, "staves", self.part.staves)
        last = {change.staff: change for change in clefs}
        for staff in sorted(last):
            self.clef(attributes, last[staff])
        if opening:
            self.staff_lines(attributes)
            write_transposition(attributes, self.part)
        if measure.resting > 1:
            _sub(_sub(attributes, "measure-style"), "multiple-rest", measure.resting)

    def keys(self, attributes: ET.Element, keys: Sequence[KeyChange]) -> None:
        """One key for all staves where they agree."""
        shared = len({change.fifths for change in keys}) == 1 and len(keys) == self.part.staves
        for staff, fifths in [KeyChange(0, keys[0].fifths)] if shared else sorted(keys):
            key = _sub(
                attributes, "key", **({"number": str(staff)} if staff and self.part.staves > 1 else {})
            )
            _sub(key, "fifths", fifths)

    def staff_lines(self, attributes: ET.Element) -> None:
        """Write the number of lines of staves that don't have five."""
        for staff, lines in enumerate(self.part.staff_lines, start=1):
            if lines != 5:
                number = {"number": str(staff)} if self.part.staves > 1 else {}
                _sub(_sub(attributes, "staff-details", **number), "staff-lines", lines)

    def clef(self, attributes: ET.Element, change: ClefChange) -> None:
        number = {"number": str(change.staff)} if self.part.staves > 1 else {}
        clef = _sub(attributes, "clef", **number)
        _sub(clef, "sign", change.clef.sign)
        if change.clef.sign != "percussion":
            _sub(clef, "line", change.clef.line)
        if change.clef.octaves:
            _sub(clef, "clef-octave-change", change.clef.octaves)

    # --- notes ---

    def event(self, node: ET.Element, event: Event, voice: int) -> None:
        for n, note in enumerate(event.notes or (None,)):
            self.note(_sub(node, "note"), event, note, voice, n)

    def note(self, node: ET.Element, event: Event, note: Note | None, voice: int, n: int) -> None:
        """One note of a chord, or a rest; the order of elements is the schema's."""
        kind, symbol = ("rest", event.symbol) if note is None else ("note", note.symbol)
        if symbol >= 0:
            self.identify(node, f"{kind}-{self.page}-{symbol}")
        if event.grace:
            _sub(node, "grace", **({"slash": "yes"} if event.grace == "slashed" else {}))
        elif event.small:
            _sub(node, "cue")
        if n:
            _sub(node, "chord")
        if note is None:
            _sub(node, "rest", **({"measure": "yes"} if event.whole_measure else {}))
        else:
            _write_pitch(node, note)
        if not event.grace:
            _sub(node, "duration", max(1, self.ticks(event.end) - self.ticks(event.onset)))
        for tie in (
            note.ties if note and (event.grace or not event.small) else ()
        ):  # the schema has no tied cues
            _sub(node, "tie", type=tie)
        _sub(node, "voice", voice)
        if not event.whole_measure:
            _sub(node, "type", event.value)
        _write_looks(node, event, note)
        if self.part.staves > 1:
            _sub(node, "staff", event.staff)
        for level, word in enumerate(event.beams if n == 0 and note else (), start=1):
            _sub(node, "beam", word, number=str(level))
        _write_notations(node, event, note, n)
        if note and n == 0:
            write_lyrics(node, event)

    # --- directions ---

    def direction(self, node: ET.Element, mark: Mark) -> None:
        if mark.kind in WORD_MARKS:
            write_word_mark(node, mark, self.part.staves)
            return
        direction = _sub(node, "direction", **({"placement": mark.placement} if mark.placement else {}))
        kind = _sub(direction, "direction-type")
        number = str(mark.number)
        if mark.kind == "dynamics":
            _sub(_sub(kind, "dynamics"), mark.text)
        elif mark.kind in ("crescendo", "diminuendo"):
            _sub(kind, "wedge", type=mark.kind if mark.end == "start" else "stop", number=number)
        elif mark.kind == "octave":
            way = {"up": "down", "down": "up"}[mark.text] if mark.end == "start" else "stop"
            _sub(kind, "octave-shift", type=way, size="8", number=number)
        elif mark.kind == "pedal":
            _sub(kind, "pedal", type=mark.end, line="no", sign="yes")
        else:
            _sub(kind, mark.kind)
        if self.part.staves > 1:
            _sub(direction, "staff", mark.staff)

    def warning(self, node: ET.Element, problem: str) -> None:
        """Mark a measure that doesn't add up, where people and programs see it."""
        direction = _sub(node, "direction", placement="above")
        _sub(_sub(direction, "direction-type"), "words", f"? {problem}", color="#C00000")


def _with_repeats(measure: Measure, before: Measure | None) -> Measure:
    """Write out the staves that only show the sign to repeat the measure before."""
    if not measure.repeats_previous or before is None:
        return measure
    again = tuple(
        Voice(tuple(_plain(event) for event in voice.events))
        for voice in before.voices
        if voice.events[0].staff in measure.repeats_previous and voice.events[-1].end <= measure.length
    )
    others = tuple(v for v in measure.voices if v.events[0].staff not in measure.repeats_previous)
    return replace(measure, voices=(*others, *again))


def _plain(event: Event) -> Event:
    """Return an event without its connections to other events."""
    return replace(event, slurs=(), notes=tuple(replace(note, ties=()) for note in event.notes))


def _measure_rest(measure: Measure) -> Event:
    return Event(1, Fraction(0), measure.length, "whole", whole_measure=True)


def _write_time(attributes: ET.Element, time: TimeSignature) -> None:
    node = _sub(attributes, "time", **({"symbol": time.symbol} if time.symbol else {}))
    _sub(node, "beats", time.beats)
    _sub(node, "beat-type", time.unit)


def _write_pitch(node: ET.Element, note: Note) -> None:
    if note.unpitched:
        unpitched = _sub(node, "unpitched")
        _sub(unpitched, "display-step", note.pitch.step)
        _sub(unpitched, "display-octave", note.pitch.octave)
        return
    pitch = _sub(node, "pitch")
    _sub(pitch, "step", note.pitch.step)
    if note.pitch.alter:
        _sub(pitch, "alter", note.pitch.alter)
    _sub(pitch, "octave", min(max(note.pitch.octave, 0), 9))


def _write_looks(node: ET.Element, event: Event, note: Note | None) -> None:
    """Dots, accidental, tuplet, stem and head."""
    for _ in range(event.dots):
        _sub(node, "dot")
    if note and note.accidental:
        _sub(node, "accidental", note.accidental)
    if event.tuplet:
        modification = _sub(node, "time-modification")
        _sub(modification, "actual-notes", event.tuplet.actual)
        _sub(modification, "normal-notes", event.tuplet.normal)
    if note and event.stem:
        _sub(node, "stem", event.stem)
    if note and note.head:
        _sub(node, "notehead", note.head)


def _write_notations(node: ET.Element, event: Event, note: Note | None, n: int) -> None:
    notations = ET.Element("notations")
    for tie in note.ties if note else ():
        _sub(notations, "tied", type=tie)
    if n == 0:
        for slur in event.slurs:
            placement = {"placement": slur.placement} if slur.placement else {}
            _sub(notations, "slur", type=slur.end, number=str(slur.number), **placement)
        for end in event.tuplet_ends if event.tuplet else ():
            _sub(notations, "tuplet", type=end)
        _write_marks(notations, event)
    if "arpeggiate" in event.marks:
        _sub(notations, "arpeggiate")
    if len(notations):
        node.append(notations)


def _write_marks(notations: ET.Element, event: Event) -> None:
    """Ornaments, fingering and bowing, articulations, fermatas, each kind in its own element."""
    ornaments = [mark for mark in event.marks if mark in _ORNAMENTS]
    if ornaments or event.tremolo:
        group = _sub(notations, "ornaments")
        for mark in ornaments:
            _sub(group, mark)
        if event.tremolo:
            _sub(group, "tremolo", event.tremolo, type="single")
    technical = [mark for mark in event.marks if mark.rpartition("-")[0] == "fingering" or mark in _TECHNICAL]
    if technical:
        group = _sub(notations, "technical")
        for mark in technical:
            name, _, finger = mark.rpartition("-")
            if name == "fingering":
                _sub(group, "fingering", finger)
            else:
                _sub(group, mark)
    articulations = [mark for mark in event.marks if mark.removesuffix("-below") in _ARTICULATIONS]
    if articulations:
        group = _sub(notations, "articulations")
        for mark in articulations:
            way = {"type": "down" if mark.endswith("-below") else "up"} if "strong" in mark else {}
            _sub(group, mark.removesuffix("-below"), **way)
    for mark in event.marks:
        if mark.startswith("fermata"):
            _sub(notations, "fermata", type="inverted" if mark.endswith("below") else "upright")


def _write_barline(node: ET.Element, barline: Barline, side: str) -> None:
    if not (barline.repeat or barline.ending or (side == "right" and barline.style != "regular")):
        return
    element = _sub(node, "barline", location=side)
    style = barline.style
    if barline.repeat:
        style = "heavy-light" if side == "left" else "light-heavy"
    if style != "regular":
        _sub(element, "bar-style", style)
    for end in barline.ending:
        numbers = ", ".join(map(str, barline.ending_numbers))
        _sub(element, "ending", number=numbers, type=end)
    if barline.repeat:
        _sub(element, "repeat", direction=barline.repeat)


FORMAT = ScoreFormat(
    "musicxml", ".musicxml", "MusicXML 4.0: one score from all pages", to_musicxml, b"<software>omr<"
)
COMPRESSED = ScoreFormat("mxl", ".mxl", "the same, compressed", to_mxl, MXL_COMMENT)
