from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from omr.errors import InputError
from omr.page import Box, Page, StaffJoin, Symbol
from omr.serve.edits import MOST_SYMBOLS, Edit, apply, from_entry, to_entry

STEM, HEAD, FLAT = (
    Symbol("stem", Box(1, 1, 2, 9), 0.9),
    Symbol("noteheadBlack", Box(1, 8, 5, 12), 0.7),
    Symbol("accidentalFlat", Box(0, 0, 3, 6), 0.2),
)
PAGE = replace(Page(100, 100, (STEM, HEAD)), low_confidence=(FLAT,))
MOVED = Symbol("noteheadBlack", Box(2, 8, 6, 12), 1.0)


def test_apply_changes_adds_and_removes() -> None:
    added = Symbol("clefG", Box(5, 5, 9, 9))
    [_, mended] = apply([PAGE, PAGE], Edit(1, "", removed=(0,), changed=((1, MOVED),), added=(added,)))
    assert mended.symbols == (MOVED, added) and mended.low_confidence == (FLAT,)


def test_apply_makes_a_changed_low_confidence_symbol_certain() -> None:
    sure = replace(FLAT, score=1.0)
    [mended] = apply([PAGE], Edit(0, "", changed=((2, sure),)))
    assert mended.symbols == (STEM, HEAD, sure) and mended.low_confidence == ()


@pytest.mark.parametrize("edit", [Edit(1, ""), Edit(0, "", removed=(3,)), Edit(0, "", changed=((9, HEAD),))])
def test_apply_refuses_what_isnt_there(edit: Edit) -> None:
    with pytest.raises(InputError, match="load the piece again"):
        apply([PAGE], edit)


def test_edits_come_back_from_their_entries() -> None:
    edit = Edit(3, "Move", (1, 2), ((0, MOVED),), (MOVED,), (StaffJoin(40.5, True),))
    assert from_entry(to_entry(edit), "x") == edit


@pytest.mark.parametrize(
    "entry",
    [
        None,
        {},
        {"page": -1},
        {"page": True},
        {"page": 0, "removed": ["a"]},
        {"page": 0, "added": [{"name": "sackbut", "box": [0, 0, 1, 1]}]},
        {"page": 0, "added": [{"name": "stem", "box": [0, 0, 0, 1]}]},
        {"page": 0, "added": [{"name": "stem", "box": [0, 0, "inf", 1]}]},
        {"page": 0, "added": [{"name": "stem", "box": [0, 1]}]},
        {"page": 0, "removed": list(range(MOST_SYMBOLS + 1))},
    ],
)
def test_from_entry_refuses_what_is_no_edit(entry: Any) -> None:
    with pytest.raises(InputError, match="edit"):
        from_entry(entry, "edit")
