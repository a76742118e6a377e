"""The rhythm of a measure from what is printed: straight, in voices, and where it doesn't add up."""

from __future__ import annotations

from omr.notation.limits import RhythmLimits
from omr.notation.semantics.rhythm_search import find_rhythm
from omr.notation.semantics.sounds import QUARTER, Sound, Timing, TupletRatio, triplet_key

LIMITS = RhythmLimits()


def solve(sounds: list[Sound], wanted: int, ratios: dict[int, tuple[TupletRatio, ...]]) -> Timing:
    return find_rhythm(sounds, wanted, ratios, LIMITS)


def row(*values: str, start: float = 0.0, step: float = 4.0, **kind: object) -> list[Sound]:
    return [Sound(start + step * i, 0, 1, value, **kind) for i, value in enumerate(values)]  # type: ignore[arg-type]


def quarters(ticks: tuple[int, ...]) -> list[float]:
    return [t / QUARTER for t in ticks]


def test_one_voice_follows_itself() -> None:
    timing = solve(row("quarter", "eighth", "eighth", "half"), 4 * QUARTER, {})
    assert quarters(timing.onsets) == [0, 1, 1.5, 2] and timing.cost == 0 and set(timing.voices) == {0}


def test_columns_keep_two_voices_together() -> None:
    upper = row("half", "half", step=8.0, direction="up")
    lower = row("quarter", "quarter", "quarter", "quarter", direction="down")
    timing = solve([*upper, *lower], 4 * QUARTER, {})
    assert quarters(timing.onsets) == [0, 2, 0, 1, 2, 3] and timing.cost == 0
    assert timing.voices[0] == timing.voices[1] != timing.voices[2] == timing.voices[5]


def test_tuplets_take_the_ratio_that_adds_up() -> None:
    sounds = row("eighth", "eighth", "eighth", "eighth", "eighth", tuplet=0)
    ratios = {0: (TupletRatio(5, 4), TupletRatio(5, 3, 0.01))}
    assert solve(sounds, 2 * QUARTER, ratios).ratios[0].normal == 4
    assert solve(sounds, 3 * QUARTER // 2, ratios).ratios[0].normal == 3


def test_the_least_sure_duration_is_doubted() -> None:
    """Five quarters are one too many for 4/4: two of them were eighths, the two with the low scores."""
    sounds = row("quarter", "quarter", "quarter", "quarter", "quarter")
    doubtful = [
        Sound(s.x, 0, 1, s.value, confidence=0.1 if i in (2, 3) else 1.0) for i, s in enumerate(sounds)
    ]
    timing = solve(doubtful, 4 * QUARTER, {})
    assert [o.value for o in timing.readings] == ["quarter", "quarter", "eighth", "eighth", "quarter"]
    assert timing.end == 4 * QUARTER and timing.adds_up(LIMITS.max_cost_adding_up) and timing.doubt_cost > 0


def test_three_beamed_eighths_may_be_a_triplet() -> None:
    sounds = [*row("half"), *row("eighth", "eighth", "eighth", start=6, beam=0), *row("quarter", start=20)]
    timing = solve(sounds, 4 * QUARTER, {})
    assert timing.end == 4 * QUARTER and timing.ratios[triplet_key(0)].tuplet == (3, 2)


def test_a_short_measure_is_left_as_it_is() -> None:
    """A pickup adds up by itself."""
    timing = solve(row("quarter"), 4 * QUARTER, {})
    assert (
        timing.end == QUARTER
        and timing.adds_up(LIMITS.max_cost_adding_up)
        and timing.readings[0].value == "quarter"
    )


def test_what_can_not_be_repaired_is_told() -> None:
    timing = solve(row(*["whole"] * 4), 4 * QUARTER, {})
    assert not timing.adds_up(LIMITS.max_cost_adding_up) and timing.end == 16 * QUARTER


def test_nothing_takes_no_time() -> None:
    assert solve([], 4 * QUARTER, {}).end == 0


def groups(count: int, value: str = "eighth") -> list[Sound]:
    """Groups of three under one beam each."""
    return [s for n in range(count) for s in row(value, value, value, start=12.0 * n, beam=n)]


def test_a_measure_of_groups_of_three_is_triplets_throughout() -> None:
    timing = solve(groups(8, "16th"), 4 * QUARTER, {})
    assert timing.end == 4 * QUARTER and timing.adds_up(LIMITS.max_cost_adding_up)
    assert all(timing.ratios[triplet_key(n)].tuplet == (3, 2) for n in range(8))


def test_triplets_stand_against_a_plain_voice_of_another_staff() -> None:
    plain = [Sound(6.0 * n, 0, 2, "eighth", beam=9 + n // 4) for n in range(8)]
    timing = solve([*groups(4), *plain], 4 * QUARTER, {})
    assert timing.end == 4 * QUARTER
    assert {timing.durations[i] for i in range(12)} == {QUARTER // 3}
    assert {timing.durations[i] for i in range(12, 20)} == {QUARTER // 2}


def test_groups_of_three_in_a_compound_metre_stay_plain() -> None:
    """A quarter too many in 6/8 is doubted; the two groups of three are no triplets."""
    sounds = [*groups(2), Sound(20.0, 0, 1, "quarter", direction="up", confidence=0.5)]
    timing = find_rhythm(sounds, 3 * QUARTER, {}, LIMITS, compound=True)
    assert all(timing.ratios.get(triplet_key(n), TupletRatio(1, 1)).tuplet is None for n in range(2))


def test_a_decision_for_many_groups_must_make_the_measure_add_up() -> None:
    """Two groups in 7/8 time: as triplets they are too short, as plain notes a little as well."""
    timing = solve(groups(2), 7 * QUARTER // 2, {})
    assert {timing.durations[i] for i in range(6)} == {QUARTER // 2}


def test_a_plain_note_may_stand_in_the_column_of_a_triplet() -> None:
    """Column of 2/3 and 3/4: the dotted note's second part starts a little after the triplet's third."""
    triplet = row("eighth", "eighth", "eighth", tuplet=0, direction="up")
    dotted = [
        Sound(0.0, 0, 1, "eighth", 1, direction="down"),
        Sound(8.2, 0, 1, "16th", direction="down"),
    ]
    timing = solve([*triplet, *dotted], QUARTER, {0: (TupletRatio(3, 2),)})
    assert quarters(timing.onsets)[-1] == 0.75 and timing.adds_up(LIMITS.max_cost_adding_up)


def test_a_voice_enters_beside_another_only_with_opposite_stems() -> None:
    """A quarter, an eighth after its half, then eighths: a flag is missing where all stems go one way."""

    def timing(direction: str) -> Timing:
        upper = [Sound(0, 0, 1, "quarter", direction="up"), Sound(8, 0, 1, "quarter", direction="up")]
        entering = Sound(4, 0, 1, "eighth", direction=direction)  # type: ignore[arg-type]
        bass = [Sound(4.0 * i, 0, 2, "eighth", direction="up", beam=1) for i in range(4)]
        return solve([*upper, entering, *bass], 2 * QUARTER, {})

    assert timing("down").readings[0].value == "quarter"
    assert timing("up").readings[0].value == "eighth"


def test_a_number_that_makes_the_measure_too_short_is_no_tuplet() -> None:
    ratios = {0: (TupletRatio(3, 2), TupletRatio(1, 1, 0.6))}
    sounds = [*row("quarter", "quarter", "quarter", tuplet=0), Sound(12, 0, 1, "quarter")]
    timing = solve([*sounds, Sound(0, 1, 1, "whole")], 4 * QUARTER, ratios)
    assert timing.ratios[0].tuplet is None and timing.end == 4 * QUARTER


def test_a_low_confidence_dot_is_the_first_to_be_believed() -> None:
    sounds = row("quarter", "eighth", "half")
    other = Sound(0, 1, 1, "whole")
    assert solve([*sounds, other], 4 * QUARTER, {}).doubt_cost >= 1
    seen = [Sound(s.x, 0, 1, s.value, low_dot=0.4 if i == 0 else 0.0) for i, s in enumerate(sounds)]
    timing = solve([*seen, other], 4 * QUARTER, {})
    assert [reading.dots for reading in timing.readings] == [1, 0, 0, 0] and timing.doubt_cost < 1
