"""Signs to repeat a measure, written out: MusicXML asks for the notes themselves."""

from __future__ import annotations

from dataclasses import replace

from omr.score import Event, Measure, Voice


def with_repeats(measure: Measure, before: Measure | None) -> Measure:
    """Write out the staves that only show the sign to repeat the measure before.

    Parameters
    ----------
    measure : Measure
    before : Measure or None
        The measure before, with its own repetitions written out.

    Returns
    -------
    Measure
    """
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
