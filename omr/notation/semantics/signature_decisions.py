"""Say which keys and metres were decided on, and which signatures tell for and against them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from omr.notation.decision import Decision
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.score import TimeSignature

_NAMED = 4
"""Measures that are named in a piece of evidence, at most."""


def explain_keys(
    shown: Sequence[MeasureDraft], decided: Sequence[MeasureDraft], numbers: Sequence[int]
) -> tuple[Decision, ...]:
    """Explain the keys of a piece.

    Parameters
    ----------
    shown : sequence of MeasureDraft
        With the signatures as each staff shows them.
    decided : sequence of MeasureDraft
        The same measures with the keys that were decided on.
    numbers : sequence of int
        Of the measures.

    Returns
    -------
    tuple of Decision
        One for the first key and one for each change.
    """
    keys = list(_keys_by_staff(decided))
    starts = [n for n, here in enumerate(keys) if here and (n == 0 or _differ(here, keys[n - 1]))]
    return tuple(
        Decision(
            f"key from measure {numbers[start]}",
            " and ".join(dict.fromkeys(map(_key_name, keys[start].values()))),
            tuple(_evidence_of_key(shown[start:end], keys[start:end], numbers[start:end])),
        )
        for start, end in pairwise([*starts, len(decided)])
    )


def explain_metres(
    shown: Sequence[MeasureDraft], decided: Sequence[MeasureDraft], numbers: Sequence[int]
) -> tuple[Decision, ...]:
    """Explain the metres of a piece.

    Parameters
    ----------
    shown : sequence of MeasureDraft
        With the metres as they are printed.
    decided : sequence of MeasureDraft
        The same measures with the metres that were decided on, and their timing.
    numbers : sequence of int
        Of the measures.

    Returns
    -------
    tuple of Decision
        One for the first metre and one for each change.
    """
    times = [draft.time for draft in decided]
    starts = [n for n, time in enumerate(times) if time and (n == 0 or time != times[n - 1])]
    return tuple(
        Decision(
            f"metre from measure {numbers[start]}",
            _metre_name(times[start]),
            tuple(_evidence_of_metre(shown[start:end], decided[start:end], numbers[start:end])),
        )
        for start, end in pairwise([*starts, len(decided)])
    )


def _keys_by_staff(drafts: Sequence[MeasureDraft]) -> Iterator[dict[int, int]]:
    """Go through the measures with the key that holds on each staff of the piece."""
    held: dict[int, int] = {}
    for draft in drafts:
        for line, signatures in zip(draft.staff_numbers, draft.signatures, strict=True):
            if signatures.key is not None:
                held = {**held, line: signatures.key}
        yield held


def _differ(keys: dict[int, int], before: dict[int, int]) -> bool:
    """Tell whether a key changes on a staff that both show."""
    return not before or any(keys[line] != key for line, key in before.items())


def _evidence_of_key(
    shown: Sequence[MeasureDraft], keys: Sequence[dict[int, int]], numbers: Sequence[int]
) -> Iterator[str]:
    agreeing, others = 0, list[str]()
    for draft, held, number in zip(shown, keys, numbers, strict=True):
        for line, signatures in zip(draft.staff_numbers, draft.signatures, strict=True):
            if signatures.key is None:
                continue
            if signatures.key == held.get(line):
                agreeing += 1
            else:
                others.append(f"measure {number}, staff {line + 1}: {_key_name(signatures.key)}")
    yield f"{agreeing} of {agreeing + len(others)} signatures show it"
    if others:
        yield "not believed: " + _few(others)


def _evidence_of_metre(
    shown: Sequence[MeasureDraft], decided: Sequence[MeasureDraft], numbers: Sequence[int]
) -> Iterator[str]:
    time = decided[0].time
    printed = [
        (n, draft.time) for n, draft in zip(numbers, shown, strict=True) if draft.new_time and draft.time
    ]
    yield "printed" if any(each == time for _, each in printed) else "printed nowhere in these measures"
    sounding = [draft for draft in decided if draft.sounds]
    full = sum(draft.timing.end == (draft.wanted or 0) for draft in sounding)
    yield f"{full} of {len(sounding)} measures with notes last {_quarters(time)}"
    if others := [f"measure {n}: {_metre_name(each)}" for n, each in printed if each != time]:
        yield "not believed: " + _few(others)


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _key_name(key: int) -> str:
    if not key:
        return "no sharps or flats"
    return f"{abs(key)} {'sharp' if key > 0 else 'flat'}{'s' if abs(key) > 1 else ''}"


def _metre_name(time: TimeSignature | None) -> str:
    return f"{time.beats}/{time.unit}" if time else "none"


def _quarters(time: TimeSignature | None) -> str:
    length = float(time.length) if time else 0.0
    return f"{length:g} quarter{'' if length == 1 else 's'}"
