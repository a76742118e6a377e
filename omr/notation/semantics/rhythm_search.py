"""Beam search for the rhythm of one measure: onset, duration and voice of every sound.

Sounds that stand above each other start together, and in a measure that adds up the next column starts when
the first of the sounds that still last ends. A beam search goes from column to column by that rule. Every
departure from it (a voice that pauses without a rest, a voice that enters late, a duration other than the
printed one) has a cost, and the cheapest explanation wins. The search takes durations as printed first, and
doubts them only where the measure doesn't add up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf, log2
from types import MappingProxyType
from typing import Any, NamedTuple

from omr.notation.limits import RhythmLimits
from omr.notation.semantics.sounds import (
    QUARTER,
    UNCHANGED,
    Sound,
    Timing,
    TupletRatio,
    ValueReading,
    ticks,
    triplet_key,
)
from omr.notation.semantics.value_readings import value_readings
from omr.score import Direction

_Ratios = tuple[tuple[int, TupletRatio], ...]
"""Ratios that an explanation has decided on, by number of the tuplet."""

_Path = tuple[Any, ...]
"""Empty, or the latest decision (index, onset, duration, voice, reading) and the path before it."""


class _Voice(NamedTuple):
    """A voice at the end of its latest sound."""

    number: int
    part: int
    staff: int
    end: int
    direction: Direction
    beam: int | None


class _State(NamedTuple):
    """An explanation of the columns so far."""

    cost: float
    time: int
    """Onset of the latest column in ticks."""
    voices: tuple[_Voice, ...] = ()
    ratios: _Ratios = ()
    step: int = 0
    """Ticks from the column before to the latest."""
    path: _Path = ()
    voice_cost: float = 0.0


class _MaybeTriplet(NamedTuple):
    """A beamed group that may be a triplet without a number."""

    value: str
    """The value that most of its notes have: groups of one value are decided alike."""
    fits: bool
    """Whether its notes, or its duration, can be divided by three, and the metre is not compound."""
    even: bool = True
    """Whether its notes are of one value."""


class _Task(NamedTuple):
    """What stays the same through one search."""

    sounds: Sequence[Sound]
    tuplets: Mapping[int, Sequence[TupletRatio]]
    triplets: Mapping[int, _MaybeTriplet]
    """Beamed groups that may be triplets without a number."""
    limits: RhythmLimits
    max_lateness: int
    """`RhythmLimits.max_tuplet_lateness` in ticks, for columns with a note of a tuplet."""


def find_rhythm(
    sounds: Sequence[Sound],
    wanted: int | None,
    tuplets: Mapping[int, Sequence[TupletRatio]],
    limits: RhythmLimits,
    *,
    compound: bool = False,
) -> Timing:
    """Find the cheapest explanation of a measure.

    Parameters
    ----------
    sounds : sequence of Sound
        Notes, chords and rests of all parts, without rests that fill the whole measure.
    wanted : int or None
        Ticks that the measure should last, if known.
    tuplets : mapping of int to sequence of TupletRatio
        How each tuplet may be read, by its number in the measure.
    limits : RhythmLimits
    compound : bool
        Whether the beats of the metre are dotted: groups of three are plain notes there, seldom triplets.

    Returns
    -------
    Timing
        Of the sounds in their order.
    """
    lateness = round(limits.max_tuplet_lateness * QUARTER)
    task = _Task(sounds, tuplets, MappingProxyType({}), limits, lateness)
    columns = _columns(sounds, limits.column_width)
    quick = _search(task._replace(limits=replace(limits, beam_width=limits.quick_width)), columns, wanted)
    assert quick is not None  # without a bound there is an explanation
    plain = _search(task, columns, wanted, bound=quick.cost) or quick
    if plain.cost <= limits.max_cost_as_printed or len(sounds) > limits.max_sounds_doubted:
        return plain
    narrower = _columns(sounds, limits.narrow_column_width)
    if len(narrower) > len(columns):
        apart = _search(task, narrower, wanted, bound=plain.cost)
        if apart and apart.cost <= limits.max_cost_as_printed:
            return apart
    task = task._replace(triplets=_maybe_triplets(sounds, compound))
    best = _search(task, columns, wanted, bound=plain.cost) or plain
    for doubt in (False, True):
        if doubt:
            best = _search(task, columns, wanted, doubt=True, bound=best.cost) or best
        for decided in _decided_alike(task):
            alike = _search(decided, columns, wanted, doubt=doubt, bound=best.cost)
            if alike and alike.adds_up(limits.max_cost_adding_up):
                best = alike
        if not doubt and best.cost <= limits.max_cost_of_triplets:
            break
    return best


def _maybe_triplets(sounds: Sequence[Sound], compound: bool) -> dict[int, _MaybeTriplet]:
    """List the beamed groups that have no number."""
    groups: dict[int, list[Sound]] = {}
    for sound in sounds:
        if sound.beam is not None and sound.tuplet is None:
            groups.setdefault(sound.beam, []).append(sound)
    return {beam: _maybe_triplet(group, compound) for beam, group in groups.items()}


def _maybe_triplet(group: Sequence[Sound], compound: bool) -> _MaybeTriplet:
    """Say of what value a beamed group is, and whether it can be divided by three."""
    total = sum(ticks(sound.value, sound.dots) for sound in group)
    usual = Counter(sound.value for sound in group).most_common(1)[0][0]
    divisible = len(group) % 3 == 0 or total % (3 * ticks(usual, 0)) == 0
    even = all((sound.value, sound.dots) == (usual, 0) for sound in group)
    return _MaybeTriplet(usual, divisible and not compound, even)


def _decided_alike(task: _Task) -> Iterator[_Task]:
    """List the tasks where all groups of one value, or all of one value on one staff, are triplets.

    One decision for many groups: deciding them one by one, the search would lose the way where all are
    triplets, since up to the end of the measure plain groups are cheaper.
    """
    limits = task.limits
    places: dict[tuple[str, object], set[int]] = {}
    for sound in task.sounds:
        maybe = task.triplets.get(sound.beam) if sound.beam is not None else None
        if sound.beam is not None and maybe and maybe.fits and sound.tuplet is None:
            places.setdefault((maybe.value, None), set()).add(sound.beam)
            places.setdefault((maybe.value, (sound.part, sound.staff)), set()).add(sound.beam)
    tried: list[set[int]] = []
    for beams in places.values():
        if beams not in tried and len(beams) > 1:
            tried.append(beams)
            share = (limits.triplet + (len(beams) - 1) * limits.further_triplet) / len(beams)
            forced = {triplet_key(beam): (TupletRatio(3, 2, share),) for beam in beams}
            yield task._replace(tuplets={**task.tuplets, **forced})


def _columns(sounds: Sequence[Sound], width: float) -> list[list[int]]:
    """Group the indices of sounds that stand above each other, from left to right."""
    order = sorted(range(len(sounds)), key=lambda i: sounds[i].x)
    columns: list[list[int]] = []
    for i in order:
        if columns and sounds[i].x - sounds[columns[-1][0]].x < width:
            columns[-1].append(i)
        else:
            columns.append([i])
    return columns


def _search(
    task: _Task,
    columns: Sequence[Sequence[int]],
    wanted: int | None,
    *,
    doubt: bool = False,
    bound: float = inf,
) -> Timing | None:
    """Go through the columns and keep the cheapest explanations.

    Costs only add up, so explanations that cost `bound` or more are dropped; None where no other is left.
    """
    sounds, limits = task.sounds, task.limits
    readings = [tuple(value_readings(sound, doubt, limits)) for sound in sounds]
    states = [_State(0.0, 0)]
    before: Sequence[int] = ()
    gap = 0.0
    for column in columns:
        last, gap = gap, _left(sounds, column) - _left(sounds, before) if before else 0.0
        widening = log2(gap / last) if doubt and last > 0 and gap > 0 else None
        if before:
            states = [s for state in states for s in _next_columns(state, gap, widening, limits)]
        lateness = task.max_lateness if any(_in_tuplet(sounds[i], task) for i in column) else 0
        for i in sorted(column, key=lambda i: (sounds[i].beam is None, sounds[i].direction != "up")):
            states = [s for state in states for s in _placed(state, i, readings[i], task, lateness)]
            states = _cheapest([s for s in states if s.cost < bound], limits.beam_width)
        before = column
    finished = [(state.cost + _ending_cost(state, wanted, limits), state) for state in states]
    cost, state = min(finished, key=lambda pair: pair[0], default=(inf, None))
    return _timing(state, cost, len(sounds)) if state and cost < bound else None


def _left(sounds: Sequence[Sound], column: Sequence[int]) -> float:
    """Return the x of the leftmost sound of a column."""
    return min(sounds[i].x for i in column)


def _next_columns(
    state: _State, gap: float, widening: float | None, limits: RhythmLimits
) -> Iterator[_State]:
    """List the times at which the next column may start.

    `gap` is its distance from the column before in staff spaces. `widening` says how much wider that is than
    the gap before, in octaves; None where spacing doesn't count. Engravers give longer notes more room.
    """
    time, skipped = state.time, limits.skipped
    ends = sorted({voice.end for voice in state.voices if voice.end > time})
    for end, cost in zip(ends, (0.0, skipped, 2 * skipped), strict=False):
        step = end - time
        uneven = 0.0
        if widening is not None and state.step:
            off = abs(widening - limits.spacing_exponent * log2(step / state.step))
            uneven = limits.uneven * min(limits.max_unevenness, off)
        yield _State(
            state.cost + cost + uneven, end, state.voices, state.ratios, step, state.path, state.voice_cost
        )
    if gap < limits.max_merged_gap:
        merged = limits.merged if gap >= limits.column_width else 0.0
        yield state._replace(cost=state.cost + merged)


def _in_tuplet(sound: Sound, task: _Task) -> bool:
    """Tell whether a sound is in a tuplet, numbered or decided on before the search."""
    return sound.tuplet is not None or (sound.beam is not None and triplet_key(sound.beam) in task.tuplets)


def _placed(
    state: _State, index: int, readings: Sequence[ValueReading], task: _Task, lateness: int
) -> Iterator[_State]:
    """Put a sound at the state's time, into the voice that suits it best, with each duration it may have."""
    sound, limits = task.sounds[index], task.limits
    joining, voice = inf, None
    for each in state.voices:
        if each.part == sound.part and each.end <= state.time + lateness:
            cost = _joining_cost(state, each, sound, limits)
            if cost < joining:
                joining, voice = cost, each
    entering = _entering_cost(state, sound, limits)
    if voice is None or entering < joining:
        voice, number, joining = None, len(state.voices), entering
        rest, time, direction = state.voices, state.time, sound.direction
    else:
        number = voice.number
        rest = tuple(v for v in state.voices if v is not voice)
        time, direction = max(state.time, voice.end), sound.direction or voice.direction
    cost, voice_cost = state.cost + joining, state.voice_cost + _voice_cost(state, voice, sound, limits)
    for ratio, ratios in _tuplet_readings(state, sound, task):
        tupled = ratio.cost if ratios is not state.ratios else 0.0
        for reading in readings:
            duration = reading.ticks * ratio.normal // ratio.actual
            new = _Voice(number, sound.part, sound.staff, time + duration, direction, sound.beam)
            yield _State(
                cost + reading.cost + tupled,
                state.time,
                (*rest, new),
                ratios,
                state.step,
                ((index, time, duration, number, reading), state.path),
                voice_cost,
            )


def _joining_cost(state: _State, voice: _Voice, sound: Sound, limits: RhythmLimits) -> float:
    """Cost of going on in a voice: 0 where it ends at the state's time on the same staff."""
    cost = 0.0
    if voice.end > state.time:
        cost = limits.against_tuplet
    elif voice.end < state.time:
        cost = limits.paused if _has_company(state, voice, sound) else limits.silent_staff
    grouped = sound.beam is not None and voice.beam == sound.beam
    if voice.staff != sound.staff and not grouped:
        cost += limits.crossed_staff
    if sound.beam is not None and not grouped and any(v.beam == sound.beam for v in state.voices):
        cost += limits.left_group
    if sound.direction and voice.direction and sound.direction != voice.direction and not grouped:
        cost += limits.turned_stem
    return cost


def _entering_cost(state: _State, sound: Sound, limits: RhythmLimits) -> float:
    """Cost of a new voice; it goes beside another of its staff, and then their stems go opposite ways."""
    cost = limits.entered if state.time else 0.0
    for v in state.voices if sound.direction else ():
        beside = v.end > state.time and v.staff == sound.staff and v.part == sound.part
        if beside and v.direction == sound.direction:
            return cost + limits.alike_stems
    return cost


def _voice_cost(state: _State, voice: _Voice | None, sound: Sound, limits: RhythmLimits) -> float:
    """Say which part of the cost of joining a voice, or a new one, is no evidence against the rhythm."""
    if voice is None:
        return limits.entered if state.time and _has_company(state, voice, sound) else 0.0
    paused = limits.paused if voice.end < state.time and _has_company(state, voice, sound) else 0.0
    grouped = sound.beam is not None and voice.beam == sound.beam
    return paused + (limits.crossed_staff if voice.staff != sound.staff and not grouped else 0.0)


def _has_company(state: _State, voice: _Voice | None, sound: Sound) -> bool:
    """Tell whether other voices of a sound's staff last until it starts."""
    for v in state.voices:
        if v.end >= state.time and v is not voice and v.staff == sound.staff and v.part == sound.part:
            return True
    return False


def _tuplet_readings(state: _State, sound: Sound, task: _Task) -> list[tuple[TupletRatio, _Ratios]]:
    """List the ratio of the sound's tuplet as decided before, or each way to read it."""
    if sound.tuplet is not None:
        key, choices = sound.tuplet, task.tuplets[sound.tuplet]
    elif sound.beam is not None and sound.beam in task.triplets:
        key = triplet_key(sound.beam)
        cost = _triplet_cost(state, task.triplets[sound.beam], task)
        choices = task.tuplets.get(key, (UNCHANGED, TupletRatio(3, 2, cost)))
    else:
        return [(UNCHANGED, state.ratios)]
    for known, ratio in state.ratios:
        if known == key:
            return [(ratio, state.ratios)]
    return [(ratio, (*state.ratios, (key, ratio))) for ratio in choices]


def _triplet_cost(state: _State, maybe: _MaybeTriplet, task: _Task) -> float:
    """Cost of a triplet without a number: less where another of that value has been decided on."""
    limits = task.limits
    alike = maybe.fits and any(
        ratio.actual == 3 and key < 0 and task.triplets[-1 - key].value == maybe.value
        for key, ratio in state.ratios
    )
    if alike:
        return limits.further_triplet
    return limits.triplet * (1 if maybe.fits else 2) + (0.0 if maybe.even else limits.uneven_triplet)


def _cheapest(states: list[_State], count: int) -> list[_State]:
    """Keep the cheapest states; of states that go on alike, only one."""
    kept: dict[object, _State] = {}
    for state in sorted(states, key=lambda s: s.cost):
        key = state.time, frozenset((v.part, v.staff, v.end, v.beam) for v in state.voices), state.ratios
        if key not in kept:
            kept[key] = state
            if len(kept) == count:
                break
    return list(kept.values())


def _ending_cost(state: _State, wanted: int | None, limits: RhythmLimits) -> float:
    """Cost of voices that end before or after the measure does."""
    if not state.voices:
        return 0.0
    ends: dict[int, int] = {}
    for voice in state.voices:
        ends[voice.part] = max(ends.get(voice.part, 0), voice.end)
    common = max(ends.values())
    last = common if wanted is None else wanted
    cost = limits.short_voice * sum(voice.end < min(ends[voice.part], last) for voice in state.voices)
    if last != common and len(set(ends.values())) == 1:
        if common > last:
            return cost + limits.long_part
        missing_much = last - common >= limits.min_missing * QUARTER
        return cost + (limits.short_measure if missing_much else limits.short_part)
    for end in ends.values():
        cost += limits.long_part if end > last else limits.short_part if end < last else 0.0
    return cost


def _timing(state: _State, cost: float, count: int) -> Timing:
    """Read the decisions of an explanation back."""
    onsets, durations, voices = [0] * count, [0] * count, [0] * count
    readings = [ValueReading("quarter", 0)] * count
    path = state.path
    while path:
        (i, onsets[i], durations[i], voices[i], readings[i]), path = path
    ratios = dict(state.ratios)
    return Timing(
        tuple(onsets),
        tuple(durations),
        tuple(voices),
        tuple(readings),
        MappingProxyType(ratios),
        end=max((voice.end for voice in state.voices), default=0),
        cost=cost,
        doubt_cost=sum(reading.cost for reading in readings) + sum(ratio.cost for ratio in ratios.values()),
        voice_cost=state.voice_cost,
    )
