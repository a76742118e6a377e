"""Implicit tuplets: what is learnt from numbered tuplets, and which groups without a number are like them."""

from __future__ import annotations

from dataclasses import replace

from omr.notation.semantics.implicit_tuplets import TupletPatterns
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.sounds import SILENCE, UNCHANGED, TupletRatio
from tests.builders.drafts import Pair, draft, note, rest, tuplet

FIVE, SIX = TupletRatio(5, 4), TupletRatio(5, 6, 0.5)


def beamed(count: int, beam: int = 0, start: float = 0.0, **kind: object) -> list[Pair]:
    """Eighths under one beam."""
    return [note(start + i, "eighth", beam=beam, **kind) for i in range(count)]  # type: ignore[arg-type]


def numbered(pairs: list[Pair], ratio: TupletRatio = FIVE) -> MeasureDraft:
    """A measure of one numbered tuplet that was read as `ratio`."""
    members = [(chord, replace(sound, tuplet=0)) for chord, sound in pairs]
    timing = replace(SILENCE, ratios={0: ratio})
    return draft(members, tuplet(5, members, FIVE, SIX), timing=timing)


def members(applied: MeasureDraft | None) -> list[list[float]]:
    """Where the members of each tuplet stand."""
    assert applied is not None
    return [[chord.x for chord in group.members] for group in applied.tuplets]


def test_applied_without_numbered_tuplets_finds_none() -> None:
    assert TupletPatterns().applied(draft(beamed(5))) is None


def test_applied_takes_a_group_like_the_numbered_one() -> None:
    patterns = TupletPatterns().after(numbered(beamed(5)))
    applied = patterns.applied(draft([*beamed(2), *beamed(5, beam=1, start=10)]))
    assert members(applied) == [[10, 11, 12, 13, 14]]
    assert applied is not None
    assert [sound.tuplet for _, sound in applied.sounds] == [None, None, 0, 0, 0, 0, 0]
    assert applied.tuplets[0].sign is None


def test_applied_takes_no_group_of_another_length_or_staff() -> None:
    patterns = TupletPatterns().after(numbered(beamed(5)))
    assert patterns.applied(draft(beamed(4))) is None
    assert patterns.applied(draft(beamed(5, staff=2))) is None


def test_applied_takes_rests_beside_the_group_where_they_make_it_alike() -> None:
    patterns = TupletPatterns().after(numbered(beamed(5)))
    before = draft([rest(0), *beamed(4, start=1)])
    after = draft([*beamed(4), rest(4)])
    both = draft([rest(0), *beamed(3, start=1), rest(4)])
    longer = draft([rest(0), *beamed(5, start=1)])  # is alike without its rest
    assert members(patterns.applied(before)) == [[0, 1, 2, 3, 4]]
    assert members(patterns.applied(after)) == [[0, 1, 2, 3, 4]]
    assert members(patterns.applied(both)) == [[0, 1, 2, 3, 4]]
    assert members(patterns.applied(longer)) == [[1, 2, 3, 4, 5]]


def test_applied_does_not_use_a_rest_for_two_groups() -> None:
    patterns = TupletPatterns().after(numbered(beamed(5)))
    applied = patterns.applied(draft([*beamed(4), rest(4), *beamed(4, beam=1, start=5)]))
    assert members(applied) == [[0, 1, 2, 3, 4]]


def test_applied_reads_a_group_also_as_printed_unless_decided() -> None:
    patterns = TupletPatterns().after(numbered(beamed(5)))
    open_, decided = (patterns.applied(draft(beamed(5)), decided=decided) for decided in (False, True))
    assert open_ is not None and decided is not None
    assert open_.tuplets[0].ratios == (FIVE, UNCHANGED)
    assert decided.tuplets[0].ratios == (FIVE,)


def test_applied_leaves_groups_that_have_a_number() -> None:
    patterns = TupletPatterns().after(numbered(beamed(5)))
    assert patterns.applied(numbered(beamed(5))) is None


def test_after_remembers_how_a_pattern_was_read_last() -> None:
    patterns = TupletPatterns().after(numbered(beamed(5))).after(numbered(beamed(5), SIX))
    applied = patterns.applied(draft(beamed(5)), decided=True)
    assert applied is not None and applied.tuplets[0].ratios == (SIX,)


def test_after_learns_nothing_from_tuplets_of_several_beams_or_without_a_number() -> None:
    two_beams = numbered([*beamed(3), *beamed(2, beam=1, start=3)])
    inferred = replace(numbered(beamed(5)), tuplets=(tuplet(5, beamed(5), FIVE, signed=False),))
    for measure in (two_beams, inferred):
        assert TupletPatterns().after(measure).applied(draft(beamed(5))) is None


def test_after_leaves_the_patterns_it_adds_to() -> None:
    patterns = TupletPatterns()
    patterns.after(numbered(beamed(5)))
    assert not patterns.seen
