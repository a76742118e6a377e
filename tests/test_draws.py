"""Random draws of engraving and degradation name their ranges: no number is without a name."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from omr.datasets import ranges
from omr.engraving import music_ranges, page_ranges

OMR = Path(__file__).parents[1] / "omr"
MODULES = [
    *sorted((OMR / "engraving").rglob("*.py")),
    *(OMR / "datasets" / f"{name}.py" for name in ("degrade", "light", "photo", "warp")),
]
DRAWS = {"choice", "geometric", "integers", "marks", "normal", "often", "poisson", "uniform", "wants"}
PLAIN = {-1, 0, 1, 2}
"""Numbers that may stand in a draw: the ends of the unit interval, its mirror, and 2 as in 2 pi and log2."""


def unnamed_numbers(tree: ast.AST) -> Iterator[tuple[int, float]]:
    """Yield the line and the value of every number in the arguments of a draw, or compared with a draw."""
    for node in ast.walk(tree):
        parts: list[ast.expr] = []
        match node:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in DRAWS:
                parts = [*node.args, *(keyword.value for keyword in node.keywords)]
            case ast.Compare(left=ast.Call(func=ast.Attribute(attr="random")), comparators=parts):
                pass
        for number in (inner for part in parts for inner in ast.walk(part)):
            match number:
                case ast.Constant(value=int() | float() as value) if value not in PLAIN:
                    yield node.lineno, value


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.relative_to(OMR).as_posix())
def test_draw_has_no_unnamed_number(file: Path) -> None:
    assert not list(unnamed_numbers(ast.parse(file.read_text(encoding="utf-8"))))


@pytest.mark.parametrize(
    "source",
    ["rng.uniform(0.3, 1)", "style.wants('slur', 0.1)", "rng.random() < 0.25", "rng.choice(2, p=[0.4, 0.6])"],
)
def test_unnamed_number_is_found(source: str) -> None:
    assert list(unnamed_numbers(ast.parse(source)))


@pytest.mark.parametrize("module", [ranges, music_ranges, page_ranges], ids=lambda module: module.__name__)
def test_ranges_ascend_and_chances_are_chances(module: ModuleType) -> None:
    groups = [value for value in vars(module).values() if dataclasses.is_dataclass(value)]
    frozen = [group for group in groups if not isinstance(group, type)]
    assert frozen
    for group in frozen:
        for field in dataclasses.fields(group):
            value = getattr(group, field.name)
            if field.type in ("Range", "tuple[int, int]", "tuple[float, float]"):
                assert value[0] < value[1], field.name
    weights = [music_ranges.PIECE.staves, music_ranges.PIECE.chord_staves, music_ranges.NOTES.chord_intervals]
    for parts in [*weights, ranges.SCAN.ink, ranges.SCAN.kinds]:
        assert sum(parts) == pytest.approx(1)
