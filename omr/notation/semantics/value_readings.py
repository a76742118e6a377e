"""Ways to read a printed duration: as it stands, or with a dot, flag, beam or notehead more or less."""

from __future__ import annotations

from collections.abc import Iterator

from omr.notation.limits import RhythmLimits
from omr.notation.semantics.sounds import Sound, ValueReading
from omr.score import VALUES

_QUARTER = VALUES.index("quarter")


def value_readings(sound: Sound, doubt: bool, limits: RhythmLimits) -> Iterator[ValueReading]:
    """List the ways to read the duration of a sound.

    Parameters
    ----------
    sound : Sound
        As printed.
    doubt : bool
        Whether to list readings that doubt the printed symbols, too. Doubt is cheaper where the detector was
        less confident.
    limits : RhythmLimits

    Yields
    ------
    ValueReading
        The printed value first.
    """
    yield ValueReading(sound.value, sound.dots)
    if not doubt:
        return
    weight = _weight(sound.confidence, limits)
    if sound.dots:
        dotted = _weight(min(sound.confidence, sound.dot_confidence), limits)
        yield ValueReading(sound.value, sound.dots - 1, limits.dot_doubted * dotted)
    else:
        yield ValueReading(sound.value, 1, limits.dot_doubted * weight * (1 - sound.low_dot))
    level = VALUES.index(sound.value)
    if level > _QUARTER or (level == _QUARTER and not sound.rest):
        if level + 1 < len(VALUES):
            cost = limits.flag_doubted * weight * (1 - sound.low_flag)
            yield ValueReading(VALUES[level + 1], sound.dots, cost)
        if level > _QUARTER:
            yield ValueReading(VALUES[level - 1], sound.dots, limits.flag_doubted * weight)
    if sound.value in ("half", "quarter") and not sound.rest:
        other = "quarter" if sound.value == "half" else "half"
        yield ValueReading(other, sound.dots, limits.notehead_doubted * weight)


def _weight(confidence: float, limits: RhythmLimits) -> float:
    """Share of a doubt's cost that remains at a score of the doubted symbols."""
    return limits.doubt_weight_base + (1 - limits.doubt_weight_base) * confidence
