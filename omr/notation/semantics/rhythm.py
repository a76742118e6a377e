"""When everything sounds: onsets, durations and voices of a measure.

What stands above each other sounds together, and in a measure that adds up the
next column begins when the first of the notes that still sound ends. A beam
search goes from column to column with that rule; every departure from it (a
voice that pauses without a rest, a voice that enters late, a duration other
than the printed one) has a cost, and the cheapest explanation wins. It first
takes durations as printed, and doubts them only where that doesn't add up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from math import log2
from types import MappingProxyType
from typing import Any, NamedTuple

from omr.score import VALUES, Tuplet, length

QUARTER = 128 * 9 * 5 * 7 * 11 * 13
"""Ticks of a quarter: dotted 128th notes in any common tuplet are whole numbers of them."""

_WIDTH = 24
"""Explanations kept from column to column."""

_CHEAP = 0.35
"""A measure that costs no more adds up, but for a second voice that pauses or the like."""

# what departures cost; a duration that is doubted costs between one and two of them
_SKIPPED, _MERGED, _PAUSED, _ENTERED, _CROSSED, _LEFT_GROUP = 0.8, 0.8, 0.8, 1.0, 0.75, 1.0
_SHORT, _ALL_SHORT, _OVER, _LESSER_VOICE = 1.5, 0.5, 3.0, 0.15
_DOT, _FLAG, _HEAD, _TRIPLET = 1.2, 1.0, 2.5, 0.9
_UNEVEN = 0.25

_ASIDE, _AGAINST = QUARTER // 11, 0.1
"""A tuplet against plain values: how much later than its column its note may begin, and what that costs."""

_LEAST = QUARTER // 2
"""Nobody leaves out less: a measure that is shorter by so much may be a pickup."""

_COLUMN, _NARROW = 0.8, 0.4
"""How far apart, in staff spaces, what sounds together may stand; less where the music is set tightly."""

_ROOM = 0.6
"""Room for a note grows with this power of its duration, about (verovio's own spacing law)."""


@cache
def ticks(value: str, dots: int) -> int:
    """How many ticks a printed value lasts; asked for at every step of the search."""
    return int(length(value, dots) * QUARTER)


class Option(NamedTuple):
    """A way to read a duration; a cost of 0 is as printed."""

    value: str
    dots: int
    cost: float

    @property
    def ticks(self) -> int:
        return ticks(self.value, self.dots)


class Ratio(NamedTuple):
    """A way to read a tuplet: `actual` notes in the time of `normal`."""

    actual: int
    normal: int
    cost: float = 0.0

    @property
    def tuplet(self) -> Tuplet | None:
        return Tuplet(self.actual, self.normal) if self.actual != self.normal else None


@dataclass(frozen=True, eq=False)
class Sound:
    """A note, chord or rest as printed, waiting for its time.

    Attributes
    ----------
    x : float
        In staff spaces.
    part, staff : int
        Voices go through a part, and seldom from staff to staff.
    value : str
    dots : int
    direction : "up", "down" or ""
        Of the stem.
    beam, tuplet : int or None
        Which group of beamed notes, and which tuplet of the measure it is in.
    trust : float
        From 0 to 1: the detector's scores.
    """

    x: float
    part: int
    staff: int
    value: str
    dots: int = 0
    direction: str = ""
    beam: int | None = None
    tuplet: int | None = None
    trust: float = 1.0
    rest: bool = False


@dataclass(frozen=True)
class Timing:
    """What a measure's rhythm is.

    Attributes
    ----------
    onsets, durations : list of int
        In ticks, by sound.
    voices : list of int
        By sound; different numbers in different parts.
    readings : list of Option
        The value and dots each sound was read with.
    ratios : dict of int to Ratio
        By tuplet.
    end : int
        When the last sound ends.
    cost : float
    doubted : float
        Which part of it is for durations other than the printed ones.
    voicing : float
        Which part is for voices that change their staff, or that begin or pause beside others of their staff:
        engravers leave such rests out.
    """

    onsets: list[int]
    durations: list[int]
    voices: list[int]
    readings: list[Option]
    ratios: dict[int, Ratio]
    end: int
    cost: float
    doubted: float = 0.0
    voicing: float = 0.0

    @property
    def adds_up(self) -> bool:
        return self.cost - self.doubted - self.voicing <= 2 * _CHEAP


class _Voice(NamedTuple):
    number: int
    part: int
    staff: int
    end: int
    direction: str
    beam: int | None


_Path = tuple[Any, ...]
"""Nothing, or (index, onset, duration, voice, reading) of a sound and the path before."""


@dataclass(frozen=True, slots=True)
class _State:
    """An explanation of the columns so far.

    `step` is the time from the column before to the last; `path` is what was decided, the latest first.
    """

    cost: float
    time: int
    voices: tuple[_Voice, ...] = ()
    ratios: tuple[tuple[int, Ratio], ...] = ()
    step: int = 0
    path: _Path = field(default=(), repr=False)
    voicing: float = 0.0


def solve(sounds: Sequence[Sound], wanted: int | None, tuplets: Mapping[int, Sequence[Ratio]]) -> Timing:
    """Find the cheapest explanation of a measure.

    Parameters
    ----------
    sounds : sequence of Sound
        Without rests that fill the whole measure.
    wanted : int or None
        Ticks that the measure should last, if known.
    tuplets : mapping of int to sequence of Ratio
        How each tuplet may be read.
    """
    columns = _columns(sounds, _COLUMN)
    plain = _search(sounds, columns, wanted, tuplets, doubt=False)
    if plain.cost <= _CHEAP or len(sounds) > 150:
        return plain
    closer = _columns(sounds, _NARROW)
    if len(closer) > len(columns):
        apart = _search(sounds, closer, wanted, tuplets, doubt=False)
        if apart.cost <= _CHEAP:
            return apart
    sizes = Counter(s.beam for s in sounds if s.beam is not None and s.tuplet is None)
    groups = {beam: _TRIPLET * (1 if size % 3 == 0 else 2) for beam, size in sizes.items()}
    grouped = _search(sounds, columns, wanted, tuplets, doubt=False, triplets=groups)
    doubted = _search(sounds, columns, wanted, tuplets, doubt=True, triplets=groups)
    return min(plain, grouped, doubted, key=lambda timing: timing.cost)


def _columns(sounds: Sequence[Sound], width: float) -> list[list[int]]:
    """Indices of sounds that stand above each other, from left to right."""
    order = sorted(range(len(sounds)), key=lambda i: sounds[i].x)
    columns: list[list[int]] = []
    for i in order:
        if columns and sounds[i].x - sounds[columns[-1][0]].x < width:
            columns[-1].append(i)
        else:
            columns.append([i])
    return columns


def _search(
    sounds: Sequence[Sound],
    columns: Sequence[Sequence[int]],
    wanted: int | None,
    tuplets: Mapping[int, Sequence[Ratio]],
    doubt: bool,
    triplets: Mapping[int, float] = MappingProxyType({}),
) -> Timing:
    options = [list(_options(sound, doubt)) for sound in sounds]
    states = [_State(0.0, 0)]
    before: Sequence[int] = ()
    gap = 0.0
    for column in columns:
        last, gap = gap, _x(sounds, column) - _x(sounds, before) if before else 0.0
        widening = log2(gap / last) if doubt and last > 0 and gap > 0 else None
        states = [s for state in states for s in _times(state, bool(before), gap, widening)]
        for i in sorted(column, key=lambda i: (sounds[i].beam is None, sounds[i].direction != "up")):
            states = [
                s for state in states for s in _placed(state, i, sounds[i], options[i], tuplets, triplets)
            ]
            states = _best(states)
        before = column
    finished = [(state.cost + _ending(state, sounds, wanted), state) for state in states]
    cost, state = min(finished, key=lambda pair: pair[0])
    return _timing(state, cost, len(sounds))


def _options(sound: Sound, doubt: bool) -> Iterator[Option]:
    """Ways to read a duration; doubts are cheaper where the detector was less sure."""
    yield Option(sound.value, sound.dots, 0.0)
    if not doubt:
        return
    trust = 0.4 + 0.6 * sound.trust
    if sound.dots:
        yield Option(sound.value, sound.dots - 1, _DOT * trust)
    else:
        yield Option(sound.value, 1, _DOT * trust)
    level, quarter = VALUES.index(sound.value), VALUES.index("quarter")
    if level > quarter or (level == quarter and not sound.rest):
        if level + 1 < len(VALUES):
            yield Option(VALUES[level + 1], sound.dots, _FLAG * trust)
        if level > quarter:
            yield Option(VALUES[level - 1], sound.dots, _FLAG * trust)
    if sound.value in ("half", "quarter") and not sound.rest:
        yield Option(VALUES[2 * quarter - 1 - level], sound.dots, _HEAD * trust)


def _x(sounds: Sequence[Sound], column: Sequence[int]) -> float:
    return min(sounds[i].x for i in column)


def _times(state: _State, going_on: bool, gap: float, widening: float | None) -> Iterator[_State]:
    """When the next column may begin.

    `gap` is its distance from the one before in staff spaces; `widening` how much wider that is
    than the gap before, in octaves, if it may count: engravers give longer notes more room.
    """
    if not going_on:
        yield state
        return
    ends = sorted({voice.end for voice in state.voices if voice.end > state.time})
    for end, skipped in zip(ends, (0.0, _SKIPPED, 2 * _SKIPPED), strict=False):
        step = end - state.time
        uneven = 0.0
        if widening is not None and state.step:
            uneven = _UNEVEN * min(1.5, abs(widening - _ROOM * log2(step / state.step)))
        yield replace(state, cost=state.cost + skipped + uneven, time=end, step=step)
    if gap < 1.8:
        yield replace(state, cost=state.cost + (_MERGED if gap >= _COLUMN else 0.0))


def _placed(
    state: _State,
    index: int,
    sound: Sound,
    options: Sequence[Option],
    tuplets: Mapping[int, Sequence[Ratio]],
    triplets: Mapping[int, float],
) -> Iterator[_State]:
    """Put a sound at the state's time, into the voice that suits it best, with each duration it may have."""
    joining, voice = min(
        ((_join_cost(state, voice, sound), voice) for voice in state.voices if voice.part == sound.part),
        key=lambda pair: pair[0],
        default=(9.0, None),
    )
    entering = 0.0 if not state.time else _ENTERED
    rest = state.voices
    if voice is None or entering < joining:
        number, joining = len(state.voices), entering
    else:
        number = voice.number
        rest = tuple(v for v in state.voices if v is not voice)
    joined = voice is not None and number == voice.number
    voicing = state.voicing + _voicing(state, voice if joined else None, sound)
    time = max(state.time, voice.end) if voice and joined else state.time
    direction = sound.direction or (voice.direction if voice and joined else "")
    for ratio, ratios in _ratios(state, sound, tuplets, triplets):
        for option in options:
            duration = option.ticks * ratio.normal // ratio.actual
            new = _Voice(number, sound.part, sound.staff, time + duration, direction, sound.beam)
            decided = (index, time, duration, number, option)
            yield _State(
                state.cost + joining + option.cost + (ratio.cost if ratios is not state.ratios else 0.0),
                state.time,
                (*rest, new),
                ratios,
                state.step,
                (decided, state.path),
                voicing,
            )


def _join_cost(state: _State, voice: _Voice, sound: Sound) -> float:
    """What it costs to go on in a voice: nothing if it ends now on the same staff."""
    if voice.end > state.time + (_ASIDE if sound.tuplet is not None else 0):
        return 9.0
    cost = 0.0 if voice.end == state.time else _PAUSED if voice.end < state.time else _AGAINST
    grouped = sound.beam is not None and voice.beam == sound.beam
    if voice.staff != sound.staff and not grouped:
        cost += _CROSSED
    if sound.beam is not None and not grouped and any(v.beam == sound.beam for v in state.voices):
        cost += _LEFT_GROUP
    if sound.direction and voice.direction and sound.direction != voice.direction and not grouped:
        cost += 0.02
    return cost


def _voicing(state: _State, voice: _Voice | None, sound: Sound) -> float:
    """What of the cost to put a sound in a voice, or in a new one, says nothing against the rhythm."""
    company = any(
        v is not voice and v.part == sound.part and v.staff == sound.staff and v.end >= state.time
        for v in state.voices
    )
    if voice is None:
        return _ENTERED if company and state.time else 0.0
    paused = _PAUSED if company and voice.end < state.time else 0.0
    grouped = sound.beam is not None and voice.beam == sound.beam
    return paused + (_CROSSED if voice.staff != sound.staff and not grouped else 0.0)


def _ratios(
    state: _State,
    sound: Sound,
    tuplets: Mapping[int, Sequence[Ratio]],
    triplets: Mapping[int, float],
) -> list[tuple[Ratio, tuple[tuple[int, Ratio], ...]]]:
    """The ratio of the sound's tuplet: as decided before, or each way to read it."""
    if sound.tuplet is not None:
        key, choices = sound.tuplet, tuplets[sound.tuplet]
    elif sound.beam in triplets and sound.beam is not None:
        key, choices = -1 - sound.beam, (Ratio(1, 1), Ratio(3, 2, triplets[sound.beam]))
    else:
        return [(Ratio(1, 1), state.ratios)]
    for known, ratio in state.ratios:
        if known == key:
            return [(ratio, state.ratios)]
    return [(ratio, (*state.ratios, (key, ratio))) for ratio in choices]


def _best(states: list[_State]) -> list[_State]:
    """The cheapest states, of those that go on alike only one."""
    kept: dict[object, _State] = {}
    for state in sorted(states, key=lambda s: s.cost):
        key = state.time, frozenset((v.part, v.staff, v.end, v.beam) for v in state.voices), state.ratios
        if key not in kept:
            kept[key] = state
            if len(kept) == _WIDTH:
                break
    return list(kept.values())


def _ending(state: _State, sounds: Sequence[Sound], wanted: int | None) -> float:
    """What it costs that voices end before or after the measure does."""
    if not state.voices:
        return 0.0
    ends: dict[int, int] = {}
    for voice in state.voices:
        ends[voice.part] = max(ends.get(voice.part, 0), voice.end)
    common = max(ends.values())
    last = common if wanted is None else wanted
    cost = _LESSER_VOICE * sum(voice.end < min(ends[voice.part], last) for voice in state.voices)
    if last != common and len(set(ends.values())) == 1:
        return cost + (_OVER if common > last else _ALL_SHORT if last - common >= _LEAST else _SHORT)
    for end in ends.values():
        cost += _OVER if end > last else _SHORT if end < last else 0.0
    return cost


def _timing(state: _State, cost: float, count: int) -> Timing:
    onsets, durations, voices = [0] * count, [0] * count, [0] * count
    readings = [Option("quarter", 0, 0.0)] * count
    path = state.path
    while path:
        (i, onsets[i], durations[i], voices[i], readings[i]), path = path
    end = max((voice.end for voice in state.voices), default=0)
    ratios = dict(state.ratios)
    doubted = sum(option.cost for option in readings) + sum(ratio.cost for ratio in ratios.values())
    return Timing(onsets, durations, voices, readings, ratios, end, cost, doubted, state.voicing)
