"""Thresholds at their edge: a page can be read with any of them at 0, or 0 is refused in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

pytest.importorskip("verovio")
pytest.importorskip("skia")

from omr.engraving.layout import Layout
from omr.notation import pipeline
from omr.notation.graph import graph_of
from omr.notation.limits import Limits
from omr.page import Page
from tests.builders.music import as_page, note, page, score

ABOVE_ZERO = {
    "layout.ledger.min_spacing",
    "layout.ledger.step",
    "linking.beams.ink.columns",
    "linking.beams.ink.pitch",
    "linking.beams.ink.step",
}
"""Numbers by which a page is sampled: none can be read with 0."""

BAR = (
    '<note xml:id="a" pname="c" oct="5" dur="4" dots="1"><accid accid="s"/><artic artic="stacc"/></note>'
    f'<beam>{note("g5", 16)}<note xml:id="c" pname="a" oct="6" dur="16"/></beam>'
    f'<tuplet num="3" numbase="2"><beam>{note("d5", 8)}{note("e5", 8)}{note("f5", 8)}</beam></tuplet>'
    '<chord xml:id="d" dur="8" stem.mod="2slash"><note pname="c" oct="5"/><note pname="d" oct="5"/></chord>'
    '<note grace="unacc" dur="8" pname="e" oct="5"/><rest dur="8"/>'
    '|<slur startid="#a" endid="#d" staff="1"/><hairpin startid="#a" endid="#c" form="cres" staff="1"/>'
    '<dynam startid="#d" staff="1">f</dynam><fermata startid="#d" staff="1"/>'
    '<octave startid="#a" endid="#d" staff="1" dis="8" dis.place="above"/>'
    '<pedal startid="#a" dir="down" staff="2"/><pedal startid="#d" dir="up" staff="2"/>'
)
"""A measure with a sign of most kinds."""


def numbers(limits: Any, before: str = "") -> Iterator[str]:
    """Yield the dotted path of every number in a dataclass and the dataclasses in it."""
    for field in fields(limits):
        value = getattr(limits, field.name)
        if is_dataclass(value):
            yield from numbers(value, f"{before}{field.name}.")
        elif not isinstance(value, bool):
            yield before + field.name


def zeroed(limits: Any, path: str) -> Any:
    """Set the number at a dotted path to 0."""
    name, _, rest = path.partition(".")
    value = getattr(limits, name)
    return replace(limits, **{name: zeroed(value, rest) if rest else type(value)(0)})


@pytest.fixture(scope="module")
def small_page() -> Page:
    engraved = page(score(BAR, note("b3", 2) + note("c6", 2)), layout=Layout(900, 700, 12.0))
    return replace(as_page(engraved), image=engraved.draw())


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(set(numbers(Limits())) - ABOVE_ZERO))
def test_page_is_read_with_a_limit_of_zero(small_page: Page, path: str) -> None:
    limits = zeroed(Limits(), path)
    piece = pipeline.link([small_page], limits)
    assert graph_of(piece.pages[0], piece.drafts, limits=limits).symbols


@pytest.mark.parametrize("path", sorted(ABOVE_ZERO))
def test_limit_that_may_not_be_zero_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=rf"\.{path.rpartition('.')[2]} must be above 0, not 0"):
        zeroed(Limits(), path)
