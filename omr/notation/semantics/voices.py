"""Voices: the events of a measure, each with its notes, tuplets, beams, slurs and marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from omr.notation.layout.part_collation import PartCollation
from omr.notation.layout.placement import PlacedSymbol
from omr.notation.linking.beam_groups import beam_words
from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.linking.marks import MARK_NAMES
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.pitch import Pitches, printed_accidentals
from omr.notation.semantics.sounds import QUARTER, UNCHANGED, Sound, triplet_key
from omr.score import End, Event, Lyric, Note, Spanner, Tuplet, Voice

_ACCIDENTALS = {
    "Flat": "flat",
    "Sharp": "sharp",
    "Natural": "natural",
    "DoubleSharp": "double-sharp",
    "DoubleFlat": "flat-flat",
}
"""MusicXML's words for printed accidentals."""

_FILLING = 1000
"""Numbers of voices from here on hold the rests that fill a measure: the search has fewer voices."""

_LONE_GRACES = 2000
"""Number of the voice of grace notes in a measure whose part has nothing else."""


@dataclass(frozen=True)
class Links:
    """Links between notes that reach beyond one measure.

    Attributes
    ----------
    pitches : mapping of PlacedSymbol to HeadPitch
        By notehead.
    accidentals : mapping of (Chord, PlacedSymbol) to PlacedSymbol
        Printed accidentals, by chord and notehead.
    beams : mapping of Chord to tuple of str
        MusicXML's word for each beam of a chord, the outermost first.
    slurs : mapping of Chord to tuple of Spanner
    tie_starts, tie_stops : frozenset of PlacedSymbol
        Noteheads at the left, and at the right ends of ties.
    lyrics : mapping of Chord to tuple of Lyric
    """

    pitches: Pitches
    accidentals: Mapping[tuple[Chord, PlacedSymbol], PlacedSymbol]
    beams: Mapping[Chord, tuple[str, ...]]
    slurs: Mapping[Chord, tuple[Spanner, ...]]
    tie_starts: frozenset[PlacedSymbol]
    tie_stops: frozenset[PlacedSymbol]
    lyrics: Mapping[Chord, tuple[Lyric, ...]] = field(default_factory=dict)


def links_of(
    pages: Sequence[LinkedPage],
    pitches: Pitches,
    slurs: Mapping[Chord, tuple[Spanner, ...]],
    lyrics: Mapping[Chord, tuple[Lyric, ...]],
) -> Links:
    """Collect the links of a piece.

    Parameters
    ----------
    pages : sequence of LinkedPage
        The pages of the piece.
    pitches : mapping of PlacedSymbol to HeadPitch
    slurs : mapping of Chord to tuple of Spanner
    lyrics : mapping of Chord to tuple of Lyric

    Returns
    -------
    Links
    """
    beams: dict[Chord, tuple[str, ...]] = {}
    accidentals: dict[tuple[Chord, PlacedSymbol], PlacedSymbol] = {}
    for page in pages:
        accidentals |= printed_accidentals(page)
        for group in page.groups:
            beams |= beam_words(group)
    ties = [tie for page in pages for tie in page.ties]
    return Links(
        pitches,
        accidentals,
        beams,
        slurs,
        frozenset(tie.left for tie in ties if tie.left),
        frozenset(tie.right for tie in ties if tie.right),
        lyrics,
    )


class _Placed(NamedTuple):
    """An event in its voice, with the x that orders events of one onset."""

    part: int
    voice: int
    x: float
    event: Event


def find_voices(
    draft: MeasureDraft, collation: PartCollation, links: Links, duration: Fraction
) -> dict[int, tuple[Voice, ...]]:
    """Write the voices of a measure.

    Parameters
    ----------
    draft : MeasureDraft
        With its timing.
    collation : PartCollation
    links : Links
        Of the piece.
    duration : Fraction
        Of the measure, in quarters.

    Returns
    -------
    dict of int to tuple of Voice
        By part. Voices come by staff, those with stems up before those with stems down.
    """
    placed = [
        _Placed(sound.part, draft.timing.voices[i], chord.x, _event(draft, i, chord, sound, links))
        for i, (chord, sound) in enumerate(draft.sounds)
    ]
    for chord in draft.graces:
        placed.append(_grace(draft, chord, placed, collation, links, duration))
    for n, chord in enumerate(draft.filling):
        part, staff = collation.part_of(draft.staff_number_of(chord.staff))
        rest = Event(
            staff,
            Fraction(0),
            duration,
            "whole",
            whole_measure=True,
            marks=_mark_names(chord),
            symbol=_rest_symbol(chord),
        )
        placed.append(_Placed(part, _FILLING + n, chord.x, rest))
    by_voice: dict[tuple[int, int], list[_Placed]] = defaultdict(list)
    for each in placed:
        by_voice[each.part, each.voice].append(each)
    by_part: dict[int, list[Voice]] = defaultdict(list)
    for (part, _), events in by_voice.items():
        ordered = sorted(events, key=lambda each: (each.event.onset, each.x))
        by_part[part].append(Voice(tuple(each.event for each in ordered)))
    return {part: tuple(sorted(voices, key=_voice_order)) for part, voices in by_part.items()}


def _event(draft: MeasureDraft, i: int, chord: Chord, sound: Sound, links: Links) -> Event:
    """Write one note, chord or rest."""
    timing = draft.timing
    tuplet, ends = _tuplet(draft, chord, sound)
    return Event(
        staff=sound.staff,
        onset=Fraction(timing.onsets[i], QUARTER),
        duration=Fraction(timing.durations[i], QUARTER),
        value=timing.readings[i].value,
        dots=timing.readings[i].dots,
        notes=_notes(chord, links),
        tuplet=tuplet,
        tuplet_ends=ends,
        small=chord.small,
        stem=chord.direction,
        beams=links.beams.get(chord, ()),
        slurs=links.slurs.get(chord, ()),
        marks=_mark_names(chord),
        tremolo=chord.tremolo,
        symbol=_rest_symbol(chord),
        lyrics=links.lyrics.get(chord, ()),
    )


def _tuplet(draft: MeasureDraft, chord: Chord, sound: Sound) -> tuple[Tuplet | None, tuple[End, ...]]:
    """Find the tuplet of a sound, and whether a printed tuplet starts or ends there."""
    ratios = draft.timing.ratios
    if sound.tuplet is None:
        ratio = UNCHANGED if sound.beam is None else ratios.get(triplet_key(sound.beam), UNCHANGED)
        return ratio.tuplet, ()
    group = draft.tuplets[sound.tuplet]
    tuplet = ratios.get(sound.tuplet, UNCHANGED).tuplet
    ends: list[End] = []
    if group.sign and tuplet:
        run = sorted(group.members, key=lambda c: c.x)
        ends += ["start"] if chord is run[0] else []
        ends += ["stop"] if chord is run[-1] else []
    return tuplet, tuple(ends)


def _grace(
    draft: MeasureDraft,
    chord: Chord,
    placed: Sequence[_Placed],
    collation: PartCollation,
    links: Links,
    duration: Fraction,
) -> _Placed:
    """Write a grace note: before the next note of its staff, or at the end of the measure."""
    part, staff = collation.part_of(draft.staff_number_of(chord.staff))
    later = [
        (other, i)
        for i, (other, sound) in enumerate(draft.sounds)
        if (sound.part, sound.staff) == (part, staff) and other.x > chord.x and other.heads
    ]
    if later:
        y = chord.heads[0].y
        _, i = min(later, key=lambda pair: (round(pair[0].x - chord.x), abs(pair[0].heads[0].y - y)))
        voice, onset = draft.timing.voices[i], Fraction(draft.timing.onsets[i], QUARTER)
    else:
        voice, onset = next((each.voice for each in placed if each.part == part), _LONE_GRACES), duration
    event = Event(
        staff,
        onset,
        Fraction(0),
        chord.value,
        chord.dots,
        _notes(chord, links),
        grace="slashed" if chord.slashed else "plain",
        small=True,
        stem=chord.direction,
        beams=links.beams.get(chord, ()),
        slurs=links.slurs.get(chord, ()),
        marks=_mark_names(chord),
    )
    return _Placed(part, voice, chord.x, event)


def _notes(chord: Chord, links: Links) -> tuple[Note, ...]:
    """Write the noteheads of a chord, from bottom to top."""
    notes = []
    for head in chord.heads:
        printed = links.accidentals.get((chord, head))
        kind = printed.name.removeprefix("accidental").removesuffix("Small") if printed else ""
        ties: list[End] = ["stop"] if head in links.tie_stops else []
        ties += ["start"] if head in links.tie_starts else []
        pitch, unpitched = links.pitches[head]
        shape = "x" if head.name == "noteheadX" else ""
        notes.append(Note(pitch, _ACCIDENTALS.get(kind, ""), tuple(ties), shape, unpitched, head.index))
    return tuple(notes)


def _rest_symbol(chord: Chord) -> int:
    """Return the index of a rest among the symbols of its page; -1 for a chord."""
    return -1 if chord.rest is None else chord.rest.index


def _mark_names(chord: Chord) -> tuple[str, ...]:
    """MusicXML's names of the marks at a chord, each once."""
    return tuple(dict.fromkeys(MARK_NAMES[mark.name] for mark in chord.marks))


def _voice_order(voice: Voice) -> tuple[int, int, float]:
    """Order by staff, then stems up before stems down, then by onset."""
    ups = sum((event.stem == "up") - (event.stem == "down") for event in voice.events)
    return min(e.staff for e in voice.events), (ups < 0) - (ups > 0), float(voice.events[0].onset)
