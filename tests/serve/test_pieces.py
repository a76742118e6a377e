from __future__ import annotations

from pathlib import Path

import pytest

from omr.errors import InputError
from omr.serve.edits import Edit
from omr.serve.pieces import Piece, mended_file, mended_pages, symbols_by_hand
from tests.builders.scans import piano_page, write_scan


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    return write_scan(tmp_path, piano_page())


def notes(piece: Piece) -> int:
    return sum(len(e.notes) for p in piece.reading.score.parts for m in p.measures for e in m.events())


def head_of(piece: Piece) -> int:
    return next(n for n, s in enumerate(piece.pages[0].symbols) if s.name == "noteheadBlack")


def test_piece_keeps_edits_over_a_reload(scan: Path) -> None:
    piece = Piece(scan)
    assert notes(piece) == 8
    piece.apply(Edit(0, "Delete", removed=(head_of(piece),)))
    assert notes(piece) == 7
    again = Piece(scan)
    assert notes(again) == 7 and again.position == 1
    assert mended_pages(scan)[0].symbols == again.pages[0].symbols


def test_piece_undoes_redoes_and_forgets(scan: Path) -> None:
    piece = Piece(scan)
    for _ in range(2):
        piece.apply(Edit(0, "Delete", removed=(head_of(piece),)))
    piece.go_to(0)
    assert (notes(piece), piece.position, len(piece.edits)) == (8, 0, 2)
    piece.go_to(1)
    assert notes(Piece(scan)) == notes(piece) == 7
    piece.apply(Edit(0, "Delete", removed=(head_of(piece),)))
    assert (notes(piece), piece.position, len(piece.edits)) == (6, 2, 2)
    piece.go_to(99)
    assert piece.position == 2


def test_piece_is_unchanged_when_an_edit_fails(scan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    piece = Piece(scan)
    with pytest.raises(InputError):
        piece.apply(Edit(0, "Delete", removed=(10_000,)))
    monkeypatch.setattr(Path, "write_text", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(InputError, match="full"):
        piece.apply(Edit(0, "Delete", removed=(0,)))
    assert (piece.edits, piece.position, notes(piece)) == ([], 0, 8)


def test_piece_names_a_broken_file(scan: Path) -> None:
    mended_file(scan).write_text("{")
    with pytest.raises(InputError, match=r"piano\.png\.mended\.json: can't be read"):
        Piece(scan)


def test_symbols_by_hand_are_those_that_were_not_read(scan: Path) -> None:
    piece = Piece(scan)
    from omr.page import Box, Symbol

    added = Symbol("coda", Box(10, 10, 30, 30))
    piece.apply(Edit(0, "Add", added=(added,)))
    assert symbols_by_hand(piece.read[0], piece.pages[0]) == [added]
