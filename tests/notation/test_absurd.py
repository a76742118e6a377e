"""No symbols, however absurd, make reading or writing music fail."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from omr import formats
from omr.export import save_all
from omr.export.musicxml import to_musicxml
from omr.notation import pipeline
from omr.page import Box, Page, Staff, Symbol
from omr.vocabulary import CORE

NAMES = st.sampled_from(CORE)
FREQUENT = st.sampled_from(
    [
        "noteheadBlack",
        "noteheadBlackSmall",
        "noteheadHalf",
        "noteheadWhole",
        "stem",
        "beam",
        "flag8thUp",
        "restWhole",
        "rest8th",
        "barline",
        "clefG",
        "clefF",
        "clef8",
        "timeSig3",
        "timeSig4",
        "accidentalSharp",
        "augmentationDot",
        "tie",
        "slur",
        "tuplet3",
        "tupletBracket",
        "ottavaBracket",
        "voltaBracket",
        "repeatDot",
    ]
)
NUMBERS = st.floats(0, 400) | st.sampled_from([-1e9, 0.0, 1e9, math.inf, math.nan])


@st.composite
def symbols(draw: st.DrawFn) -> Symbol:
    """A symbol anywhere, of any size, even of none or less."""
    x, y = draw(st.floats(-20, 420)), draw(st.floats(-20, 320))
    box = Box(x, y, x + draw(st.floats(-5, 60)), y + draw(st.floats(-5, 120)))
    if draw(st.integers(0, 30)) == 0:
        box = Box(*(draw(NUMBERS) for _ in range(4)))
    return Symbol(draw(FREQUENT | NAMES), box, draw(st.floats(0, 1)))


@st.composite
def pages(draw: st.DrawFn) -> Page:
    count = draw(st.integers(0, 4))
    tops = sorted(draw(st.lists(st.floats(0, 250), min_size=count, max_size=count)))
    space = draw(st.floats(4, 12))
    lines = np.arange(draw(st.sampled_from([5, 5, 1])))
    staves = [
        Staff(np.array([10.0, 390.0]), np.repeat(top + space * lines, 2).reshape(-1, 2)) for top in tops
    ]
    noise = np.random.default_rng(draw(st.integers(0, 9))).choice([0, 255], (300, 400)).astype(np.uint8)
    image = noise if draw(st.booleans()) else None
    return Page(400, 300, tuple(draw(st.lists(symbols(), max_size=40))), tuple(staves), image=image)


def _tiny_page() -> Page:
    """A page whose only measure of size, a notehead on staves of one line, is next to nothing."""
    staves = tuple(Staff(np.array([10.0, 390.0]), np.full((1, 2), y)) for y in (0.0, 1.0))
    return Page(400, 300, (Symbol("noteheadBlack", Box(0, 0, 0, 2e-311)),), staves)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(pages(), max_size=3))
@example([])
@example([_tiny_page()])
def test_absurd_symbols_give_a_file(drawn: list[Page]) -> None:
    root = ElementTree.fromstring(to_musicxml(pipeline.read(drawn)).split("\n", 2)[2])
    assert root.tag == "score-partwise"
    lengths = {len(part.findall("measure")) for part in root.findall("part")}
    assert len(lengths) == 1 and lengths.pop() > 0


def test_a_longa_rest_is_written_as_such() -> None:
    staff = Staff(np.array([10.0, 390.0]), np.array([[100.0 + 10 * k] * 2 for k in range(5)]))
    symbols = (Symbol("restLonga", Box(100, 110, 106, 130)), Symbol("restQuarter", Box(150, 105, 160, 135)))
    xml = to_musicxml(pipeline.read([Page(400, 300, symbols, (staff,))]))
    assert "<type>long</type>" in xml


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [suffix for suffix in formats.known() if suffix != ".png"])
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=st.lists(pages(), min_size=1, max_size=2))
def test_absurd_symbols_stop_no_exporter(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, drawn: list[Page]
) -> None:
    if suffix == ".mei":
        pytest.importorskip("verovio")
    folder = tmp_path_factory.mktemp("absurd")
    assert all(path.stat().st_size for path in save_all(drawn, [folder / f"out{suffix}"]))
