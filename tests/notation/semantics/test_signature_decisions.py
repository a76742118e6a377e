from __future__ import annotations

from omr.notation.semantics.key_agreement import agree_keys
from omr.notation.semantics.metre_agreement import agree_metres
from omr.notation.semantics.signature_decisions import explain_keys, explain_metres
from tests.notation.semantics.test_key_agreement import PIANO, measure, shown
from tests.notation.semantics.test_metre_agreement import COMMON, MARCH, measures


def test_explain_keys_names_the_signatures_for_and_against_each_key() -> None:
    drafts = [measure(shown(key), shown(key)) for key in (-1, -1, 2, 2)]
    drafts[1] = measure(shown(-1), shown(-1, 1))
    lines = [each.line() for each in explain_keys(drafts, agree_keys(drafts, PIANO), (1, 2, 3, 4))]
    assert lines == [
        "key from measure 1: 1 flat: 3 of 4 signatures show it; "
        "not believed: measure 2, staff 2: no sharps or flats",
        "key from measure 3: 2 sharps: 4 of 4 signatures show it",
    ]


def test_explain_metres_says_which_time_signature_is_not_believed() -> None:
    drafts = [*measures([2] * 6, MARCH), *measures([2, 2, 2.5, 2, 2], COMMON)]
    [decision] = explain_metres(drafts, agree_metres(drafts), range(1, 12))
    assert decision.line() == (
        "metre from measure 1: 2/4: printed; 10 of 11 measures with notes last 2 quarters; "
        "not believed: measure 7: 4/4"
    )


def test_without_signatures_nothing_is_explained() -> None:
    drafts = measures([2, 2], None)
    assert explain_keys((), (), ()) == explain_metres(drafts, drafts, (1, 2)) == ()
