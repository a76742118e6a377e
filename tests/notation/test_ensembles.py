"""Systems and parts of music for many players, on pages that verovio engraves."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from omr.engraving.glyphs import MusicFont
from omr.engraving.layout import Layout
from omr.engraving.verovio import engrave
from omr.notation import pipeline
from omr.notation.cleanup import clean
from omr.notation.layout.placement import place
from omr.notation.layout.systems import PieceLayout, lay_out_piece
from omr.page import Page
from tests.builders.music import as_page, note

LINES = {"G": 2, "F": 4, "C": 3, "perc": 3}

RHYTHMS = (
    "".join(note(p, 4) for p in ("c5", "d5", "e5", "f5")),
    "".join(note(p, 8) for p in ("c5", "d5", "e5", "f5") * 2),
    note("c5", 1),
    note("c5", 2) + note("d5", 2),
    "".join(note(p, 16) for p in ("c5", "d5") * 8),
)
"""Measures of 4/4 of very different widths."""

EVEN = RHYTHMS[:1]

REST = "<mRest/>"


@dataclass(frozen=True)
class Group:
    """Neighbouring staves: their clefs, what groups them, whether barlines run through, who rests."""

    clefs: tuple[str, ...]
    symbol: str = "bracket"
    through: bool = True


def engraved(
    groups: list[Group],
    measures: int = 12,
    rhythms: tuple[str, ...] = RHYTHMS,
    resting: frozenset[tuple[int, int]] = frozenset(),
    size: tuple[int, int] = (900, 1200),
) -> list[Page]:
    """Engrave music for some staves; `resting` are the measures and staves, from 0, that have a rest."""
    staves: list[str] = []
    written = ""
    for group in groups:
        defs = ""
        for clef in group.clefs:
            staves.append(clef)
            defs += f'<staffDef n="{len(staves)}" lines="5" clef.shape="{clef}" clef.line="{LINES[clef]}"/>'
        symbol = f' symbol="{group.symbol}"' if group.symbol else ""
        written += f'<staffGrp{symbol} bar.thru="{str(group.through).lower()}">{defs}</staffGrp>'
    music = ""
    for number in range(measures):
        layers = "".join(
            f'<staff n="{staff + 1}"><layer n="1">'
            f"{REST if (number, staff) in resting else rhythms[number % len(rhythms)]}</layer></staff>"
            for staff in range(len(staves))
        )
        music += f'<measure n="{number + 1}">{layers}</measure>'
    text = (
        '<mei xmlns="http://www.music-encoding.org/ns/mei" meiversion="5.0"><music><body><mdiv><score>'
        f'<scoreDef optimize="true" meter.count="4" meter.unit="4"><staffGrp>{written}</staffGrp></scoreDef>'
        f"<section>{music}</section></score></mdiv></body></music></mei>"
    )
    return [as_page(page) for page in engrave(text, MusicFont("Leipzig"), Layout(*size, 10.0))]


def laid_out(pages: list[Page]) -> PieceLayout:
    return lay_out_piece([clean(place(page)) for page in pages])


def counts(layout: PieceLayout) -> list[int]:
    """Number of staves of every system."""
    return [len(system.staves) for page in layout.systems for system in page]


ORCHESTRA = [
    Group(("G", "G", "G", "F")),  # flute, oboe, clarinet, bassoon
    Group(("G", "G", "F")),  # horn, trumpet, trombone
    Group(("F",), symbol=""),  # timpani
    Group(("G", "F"), symbol="brace"),  # harp
    Group(("G", "G", "C", "F", "F")),  # strings
]
CHOIR = [Group(("G", "G", "G", "F"), through=False)]
QUARTET = [Group(("G", "G", "C", "F"))]
SONG = [Group(("G",), symbol=""), Group(("G", "F"), symbol="brace")]
PIANO_DUET = [Group(("G", "F"), symbol="brace")] * 2
LEAD_SHEET = [Group(("G",), symbol="")]
DRUMS = [Group(("perc",), symbol="")]


@pytest.mark.parametrize(
    ("groups", "sizes"),
    [
        pytest.param(ORCHESTRA, (*[1] * 8, 2, *[1] * 5), id="orchestra", marks=pytest.mark.slow),
        pytest.param(CHOIR, (1, 1, 1, 1), id="choir"),
        pytest.param([*CHOIR, Group(("G", "F"), symbol="brace")], (1, 1, 1, 1, 2), id="choir and piano"),
        pytest.param(QUARTET, (1, 1, 1, 1), id="quartet"),
        pytest.param(SONG, (1, 2), id="song"),
        pytest.param(PIANO_DUET, (2, 2), id="piano duet"),
        pytest.param(LEAD_SHEET, (1,), id="lead sheet"),
        pytest.param(DRUMS, (1,), id="drums"),
    ],
)
@pytest.mark.parametrize("rhythms", [RHYTHMS, EVEN], ids=["uneven", "even"])
def test_layout_of_ensembles(groups: list[Group], sizes: tuple[int, ...], rhythms: tuple[str, ...]) -> None:
    pages = engraved(groups, measures=16, rhythms=rhythms)
    found = laid_out(pages)
    assert found.collation.sizes == sizes
    assert counts(found) == [sum(sizes)] * len(counts(found))
    assert sum(counts(found)) == sum(len(page.staves) for page in pages)


@pytest.mark.slow
def test_layout_follows_hidden_staves() -> None:
    silent = (1, 2, 4, 5, 6, 8, 9)
    resting = frozenset((measure, staff) for measure in range(8, 32) for staff in silent)
    pages = engraved(ORCHESTRA, measures=48, resting=resting)
    found = laid_out(pages)
    assert found.collation.sizes == (*[1] * 8, 2, *[1] * 5)
    kept = tuple(staff for staff in range(15) if staff not in silent)
    assert set(found.collation.staves.values()) == {tuple(range(15)), kept}


def test_layout_follows_movements_of_other_parts() -> None:
    piano, song = engraved(SONG[1:]), engraved(SONG)
    found = laid_out([*piano, *song])
    assert found.collation.sizes == (1, 2)
    systems = set(found.collation.staves.values())
    assert systems == {(1, 2), (0, 1, 2)}


@pytest.mark.slow
def test_score_of_an_orchestra_has_all_parts() -> None:
    read = pipeline.read(engraved(ORCHESTRA, measures=4))
    assert [part.staves for part in read.parts] == [*[1] * 8, 2, *[1] * 5]
    assert {len(part.measures) for part in read.parts} == {4}
