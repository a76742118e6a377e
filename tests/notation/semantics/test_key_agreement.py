from __future__ import annotations

from omr.notation.layout.measures import MeasureRegion
from omr.notation.semantics.key_agreement import agree_keys
from omr.notation.semantics.key_signatures import KEYS
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.signatures import Signatures
from omr.score import Barline

NOTHING = Signatures()
PIANO = (0, 0)


def shown(key: int, missing: int = 0) -> Signatures:
    """A staff on which a key signature stands, of which some accidentals were not found."""
    seen = key - missing if key > 0 else key + missing
    return Signatures(key=seen, key_costs=tuple(abs(seen - other) for other in KEYS))


def measure(*signatures: Signatures, opens: bool = True) -> MeasureDraft:
    staves = tuple(range(len(signatures)))
    region = MeasureRegion(0.0, 100.0, Barline(), Barline())
    return MeasureDraft(0, 0, region, staves, staves, opens_system=opens, signatures=signatures)


def keys(drafts: tuple[MeasureDraft, ...]) -> list[tuple[int | None, ...]]:
    return [tuple(here.key for here in draft.signatures) for draft in drafts]


def test_agree_keys_keeps_a_key_that_one_system_lost_on_both_staves() -> None:
    drafts = [
        measure(shown(-3), shown(-3)),
        measure(shown(-3, 3), shown(-3, 3)),
        measure(shown(-3), shown(-3)),
    ]
    assert keys(agree_keys(drafts, PIANO)) == [(-3, -3)] * 3


def test_agree_keys_makes_the_staves_of_a_part_agree() -> None:
    drafts = [measure(shown(-6), shown(-6, 1)), measure(shown(-6, 1), shown(-6))]
    assert keys(agree_keys(drafts, PIANO)) == [(-6, -6)] * 2


def test_agree_keys_believes_a_change_that_later_systems_repeat() -> None:
    drafts = [measure(shown(key), shown(key)) for key in (-1, -1, -2, -2, -2)]
    assert keys(agree_keys(drafts, PIANO)) == [(-1, -1)] * 2 + [(-2, -2)] * 3


def test_agree_keys_believes_a_signature_within_a_system() -> None:
    drafts = [
        measure(shown(0), shown(0)),
        measure(NOTHING, NOTHING, opens=False),
        measure(shown(3), shown(3), opens=False),
        measure(shown(3), shown(3)),
    ]
    assert keys(agree_keys(drafts, PIANO)) == [(0, 0), (None, None), (3, 3), (3, 3)]


def test_agree_keys_takes_no_accidental_of_a_note_for_a_signature() -> None:
    drafts = [
        measure(shown(-1), shown(-1)),
        measure(shown(0), NOTHING, opens=False),
        measure(shown(-1), shown(-1)),
    ]
    found = agree_keys(drafts, PIANO)
    assert keys(found)[1] == (None, None)


def test_agree_keys_lets_a_part_transpose() -> None:
    drafts = [measure(shown(-1), shown(1), shown(-1)) for _ in range(3)]
    assert keys(agree_keys(drafts, (0, 1, 2))) == [(-1, 1, -1)] * 3


def test_agree_keys_gives_percussion_no_key() -> None:
    drums = Signatures(is_percussion=True)
    drafts = [measure(shown(2), drums), measure(shown(2), drums)]
    assert keys(agree_keys(drafts, (0, 1))) == [(2, None)] * 2


def test_agree_keys_of_nothing_is_nothing() -> None:
    assert agree_keys([], ()) == ()
