"""Ways to read the number of a tuplet, cheapest first."""

from __future__ import annotations

from omr.notation.limits import SoundingLimits
from omr.notation.semantics.sounds import TupletRatio

_DEFAULTS = SoundingLimits()


def ratios_of(number: int, limits: SoundingLimits = _DEFAULTS) -> tuple[TupletRatio, ...]:
    """List the ratios that a tuplet's number may mean.

    Parameters
    ----------
    number : int
        As printed, 2 or more.
    limits : SoundingLimits

    Returns
    -------
    tuple of TupletRatio
        So many notes in the time of the next lower power of two, or of a dotted value.

    Examples
    --------
    >>> [(ratio.actual, ratio.normal) for ratio in ratios_of(5)]
    [(5, 4), (5, 3)]
    >>> [(ratio.actual, ratio.normal) for ratio in ratios_of(4)]
    [(4, 3), (4, 2)]
    """
    if number == 2:
        return (TupletRatio(2, 1),)
    if number in (4, 8):
        return TupletRatio(number, 3 * number // 4), TupletRatio(number, number // 2, limits.half_as_many)
    lower = 1 << (number - 1).bit_length() - 1
    usual = TupletRatio(number, lower)
    dotted = lower * 3 // 2 if lower * 3 // 2 < number else lower * 3 // 4
    return (usual, TupletRatio(number, dotted, limits.dotted_ratio)) if dotted and number > 3 else (usual,)
