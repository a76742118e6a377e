from __future__ import annotations

import pytest

from omr.notation.layout.part_collation import PartCollation


def test_part_of_counts_staves_through_parts() -> None:
    parts = PartCollation((1, 2, 1), {})
    assert [parts.part_of(staff) for staff in range(4)] == [(0, 1), (1, 1), (1, 2), (2, 1)]
    with pytest.raises(IndexError):
        parts.part_of(4)
