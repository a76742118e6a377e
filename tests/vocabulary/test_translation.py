"""What the staff tells: positions, key signatures, sides, and the agreement with a real page's own names."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from omr.page import Box, Page, Staff, Symbol
from omr.vocabulary import CORE, NAMES, to_core
from omr.vocabulary.translation import classes_of, rename, to_core_page

SPACE = 20.0
TOP = 200.0


def staff(top: float = TOP, tilt: float = 0.0) -> Staff:
    xs = np.array([50.0, 1950.0])
    return Staff(xs, np.array([[top + k * SPACE, top + k * SPACE + tilt] for k in range(5)]))


def put(
    name: str, x: float, position: float, top: float = TOP, *, width: float = 1.2, height: float = 1.0
) -> Symbol:
    """A symbol around (x, position), sizes in staff spaces."""
    y = top + position * SPACE / 2
    above = 0.73 if name == "accidentalFlat" else 0.5
    y0 = y - above * height * SPACE
    return Symbol(name, Box(x - width * SPACE / 2, y0, x + width * SPACE / 2, y0 + height * SPACE))


def sharp(x: float, position: float) -> Symbol:
    return put("accidentalSharp", x, position, width=0.9, height=2.8)


def flat(x: float, position: float) -> Symbol:
    return put("accidentalFlat", x, position, width=0.8, height=2.4)


def natural(x: float, position: float) -> Symbol:
    return put("accidentalNatural", x, position, width=0.7, height=2.8)


def head(x: float, position: float) -> Symbol:
    return put("noteheadBlack", x, position)


def clef(name: str, x: float = 80, position: float = 4) -> Symbol:
    return put(name, x, position, width=2, height=4)


def names(symbols: Iterable[Symbol], staves: tuple[Staff, ...] | None = None) -> list[str]:
    page = Page(2000, 1000, tuple(symbols), (staff(),) if staves is None else staves)
    return [s.name for s in rename(page, "deepscores").symbols if s.name != "staff"]


@pytest.mark.parametrize(
    "position, where", [(-4, "OnLine"), (-1, "InSpace"), (0, "OnLine"), (3, "InSpace"), (12, "OnLine")]
)
def test_line_or_space(position: int, where: str) -> None:
    assert names([head(500, position + 0.3)]) == [f"noteheadBlack{where}"]
    small = put("noteheadHalfSmall", 500, position, width=0.8, height=0.7)
    assert names([small]) == [f"noteheadHalf{where}Small"]


def test_lines_are_followed_where_the_staff_tilts() -> None:
    tilted = staff(tilt=3 * SPACE)
    assert names([put("noteheadWhole", 1950, 4, TOP + 3 * SPACE)], (tilted,)) == ["noteheadWholeOnLine"]


def test_each_note_reads_its_nearest_staff() -> None:
    lower = TOP + 10.5 * SPACE  # the two staves' lines don't agree about what is a line
    staves = (staff(), staff(lower))
    assert names([head(500, 10), put("noteheadBlack", 600, -2, lower)], staves) == ["noteheadBlackOnLine"] * 2


@pytest.mark.parametrize("position, name", [(4, "clefCAlto"), (2, "clefCTenor")])
def test_c_clefs(position: int, name: str) -> None:
    assert names([clef("clefC", position=position)]) == [name]


@pytest.mark.parametrize(
    "which, make, positions",
    [
        ("clefG", sharp, (0, 3, -1, 2)),
        ("clefF", sharp, (2, 5, 1)),
        ("clefG", flat, (4, 1, 5, 2, 6)),
        ("clefF", flat, (6, 3)),
    ],
)
def test_key_signatures(which: str, make, positions: tuple[int, ...]) -> None:  # type: ignore[no-untyped-def]
    key = [make(120 + 22 * i, p) for i, p in enumerate(positions)]
    accidental = make(420, 3)
    found = names([clef(which), *key, head(300, 4), accidental, head(450, 3)])
    word = "keySharp" if make is sharp else "keyFlat"
    assert found[1 : 1 + len(key)] == [word] * len(key)
    assert found[-2] == word.replace("key", "accidental")


def test_alto_and_tenor_keys_follow_their_clef() -> None:
    assert names([clef("clefC"), flat(120, 5), flat(142, 2), head(300, 4)])[1:3] == ["keyFlat"] * 2
    assert (
        names([clef("clefC", position=2), flat(120, 3), flat(142, 0), head(300, 4)])[1:3] == ["keyFlat"] * 2
    )


def test_a_change_of_key_after_a_barline() -> None:
    barline = put("barline", 1000, 4, width=0.2, height=4)
    change = [natural(1030, 0), flat(1055, 4), flat(1077, 1)]
    found = names([clef("clefG"), head(300, 4), barline, *change, head(1200, 4)])
    assert found[-4:-1] == ["keyNatural", "keyFlat", "keyFlat"]


def test_the_accidental_of_the_first_note_is_not_a_key() -> None:
    barline = put("barline", 1000, 4, width=0.2, height=4)
    assert names([clef("clefG"), barline, sharp(1040, 0), head(1065, 0)])[-2] == "accidentalSharp"
    assert names([clef("clefG"), sharp(120, 0), sharp(200, 3), head(225, 3)])[1:3] == [
        "keySharp",
        "accidentalSharp",
    ]


def test_out_of_order_accidentals_are_not_a_key() -> None:
    assert names([clef("clefG"), sharp(120, 3), sharp(142, 0), head(300, 4)])[1:3] == ["accidentalSharp"] * 2


def test_articulations_look_for_their_note() -> None:
    dots = [
        put("articStaccato", 500, 1, width=0.4, height=0.4),
        put("articStaccato", 700, 9, width=0.4, height=0.4),
    ]
    assert names([head(500, 3), head(700, 7), *dots])[2:] == ["articStaccatoAbove", "articStaccatoBelow"]
    assert names(dots) == [
        "articStaccatoAbove",
        "articStaccatoBelow",
    ]  # without notes, the middle line decides


@pytest.mark.parametrize("vocabulary", NAMES)
def test_there_and_back(vocabulary) -> None:  # type: ignore[no-untyped-def]
    symbols = [Symbol(name, Box(10 * i, 100, 10 * i + 8, 110), 0.5) for i, name in enumerate(CORE, start=1)]
    page = Page(2000, 1000, tuple(symbols), (staff(),))
    renamed = rename(page, vocabulary)
    assert {s.name for s in renamed.symbols} <= set(classes_of(vocabulary))
    assert sum(s.name == "staff" for s in renamed.symbols) == (vocabulary != "core")
    back = to_core_page(renamed, vocabulary)
    read = {to_core(s.name, vocabulary) for s in renamed.symbols} - {None}
    assert {s.name for s in back.symbols} == read
    assert all(s.score == 0.5 for s in back.symbols)


def test_without_staves_the_first_name_is_taken() -> None:
    assert names([head(500, 3), sharp(100, 0)], ()) == ["noteheadBlackInSpace", "accidentalSharp"]


@pytest.mark.data
def test_a_real_page_gets_its_own_names_back() -> None:
    from omr.images import load_pages
    from omr.staves import find_staves

    folder = Path(os.environ["OMR_DATA"]) / "deepscores-v2-sample"
    sample = json.loads((folder / "deepscores_v2_sample.json").read_text())
    label = {key: category["name"] for key, category in sample["categories"].items()}
    boxes = [(label[a["cat_id"][0]], Box(*a["a_bbox"])) for a in sample["annotations"].values()]
    (image,) = load_pages(folder / "images" / sample["images"][0]["filename"])
    truth = [Symbol(name, box) for name, box in boxes if name != "staff"]
    page = Page(2707, 3828, tuple(truth), tuple(find_staves(image.grey)))
    again = rename(to_core_page(page, "deepscores"), "deepscores")
    agree = [a.name == b.name for a, b in zip(truth, again.symbols, strict=False)]
    assert len(truth) == 535 and np.mean(agree) > 0.99


def muscima_names(*symbols: Symbol) -> list[tuple[str, Box]]:
    return [(s.name, s.box) for s in rename(Page(500, 300, symbols), "muscima").symbols]


def test_a_tuplet_is_one_thing_in_muscima_with_its_digits_and_bracket():
    alone = Symbol("tuplet3", Box(400, 20, 410, 36), 0.6)
    tens, ones = Symbol("tuplet1", Box(100, 20, 106, 36)), Symbol("tuplet2", Box(109, 21, 118, 36))
    bracket = Symbol("tupletBracket", Box(60, 25, 170, 40))
    found = muscima_names(alone, tens, ones, bracket)
    assert [name for name, _ in found] == [
        "numeral3",
        "numeral1",
        "numeral2",
        "tupleBracket",
        "tuple",
        "tuple",
    ]
    assert {box for name, box in found if name == "tuple"} == {alone.box, Box(60, 20, 170, 40)}


@pytest.mark.parametrize(
    ("head", "name"), [("noteheadHalf", "multipleNoteTremolo"), ("noteheadBlack", "beam")]
)
def test_strokes_between_half_notes_are_a_tremolo_in_muscima(head: str, name: str):
    first, second = Symbol(head, Box(100, 100, 112, 110)), Symbol("noteheadHalf", Box(160, 100, 172, 110))
    stems = Symbol("stem", Box(111, 60, 113, 104)), Symbol("stem", Box(171, 60, 173, 104))
    beam = Symbol("beam", Box(111, 60, 173, 66))
    assert (name, beam.box) in muscima_names(first, second, *stems, beam)
