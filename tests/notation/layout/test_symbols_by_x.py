from __future__ import annotations

from omr.notation.layout.placement import place
from omr.notation.layout.symbols_by_x import SymbolsByX
from tests.builders.pages import notehead, page


def test_symbols_by_x_between_includes_both_ends_in_order() -> None:
    symbols = SymbolsByX(place(page(*(notehead(x, 100) for x in (400, 100, 300, 200)))).symbols)
    assert [symbol.x for symbol in symbols.between(200, 400)] == [200, 300, 400]
    assert symbols.between(201, 299) == []
    assert SymbolsByX(()).between(0, 1000) == []
