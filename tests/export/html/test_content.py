from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from omr.export.html import to_html
from omr.export.html.content import CONFIRMED, LEFT_OUT, USED, piece_content
from omr.export.html.playback import playback
from omr.notation.pipeline import read_piece
from omr.page import Box, Page, Symbol
from omr.view import on_original, rotated
from omr.vocabulary import CORE
from tests.builders.music import FOUR, as_page, note, page, score

TIED = note("g4", 2, xml_id="a").replace("xml.id", "xml:id") + note("g4", 2, xml_id="b").replace(
    "xml.id", "xml:id"
)


@pytest.fixture(scope="module")
def piano() -> Page:
    """A page of two measures: four quarter notes, then a half note and three quarters of nothing."""
    return as_page(page(score(FOUR, FOUR)))


def content_of(*pages: Page) -> dict:
    return piece_content(pages, read_piece(pages))


def test_content_describes_every_note_and_links_it_to_its_stem(piano: Page) -> None:
    [shown] = content_of(piano)["pages"]
    heads = [i for i, symbol in enumerate(piano.symbols) if symbol.name == "noteheadBlack"]
    stems = {i for i, symbol in enumerate(piano.symbols) if symbol.name == "stem"}
    assert [
        shown["told"][i].split(", ")[:3] for i in sorted(heads, key=lambda i: piano.symbols[i].box.x0)
    ] == [
        [pitch, "quarter", f"measure {measure}"] for measure in (1, 2) for pitch in ("C♯5", "D5", "E5", "F♯5")
    ]
    linked = {a for a, b in shown["links"] if b in stems}
    assert linked == set(heads)


def test_content_outlines_measures_around_their_notes(piano: Page) -> None:
    [shown] = content_of(piano)["pages"]
    heads = sorted(s.box.centre for s in piano.symbols if s.name == "noteheadBlack")
    for outline, here in zip(shown["outlines"], (heads[:4], heads[4:]), strict=True):
        xs, ys = outline[::2], outline[1::2]
        assert all(min(xs) < x < max(xs) and min(ys) < y < max(ys) for x, y in here)


def test_content_engraves_each_note_with_the_id_of_its_symbol(piano: Page) -> None:
    found = content_of(piano, piano)
    for sheet, (svg, shown) in enumerate(zip(found["engraved"], found["pages"], strict=True)):
        ids = {int(i) for i in re.findall(rf'id="note-{sheet}-(\d+)"', svg)}
        assert ids == {i for i, symbol in enumerate(piano.symbols) if symbol.name.startswith("notehead")}
        assert shown["sheet"] == sheet
        assert all(f'id="measure-{measure["index"]}"' in svg for measure in shown["measures"])


def test_content_without_verovio_says_so(piano: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "verovio", None)
    assert content_of(piano)["engraved"] is None


def test_content_tells_what_the_music_was_not_read_from(piano: Page) -> None:
    head = next(s for s in piano.symbols if s.name == "noteheadBlack")
    twice = replace(head, name="noteheadHalf", score=0.3)  # on the same place: left out as a duplicate
    crowded = piano.with_symbols([*piano.symbols, twice])
    [shown] = content_of(crowded)["pages"]
    states = {index: state for index, _, _, state in shown["symbols"]}
    assert states[len(piano.symbols)] == LEFT_OUT
    assert states[piano.symbols.index(head)] == USED


def test_content_shows_low_confidence_symbols_that_others_confirm() -> None:
    eighths = '<beam><note pname="c" oct="5" dur="8"/><note pname="d" oct="5" dur="8"/></beam>'
    beamed = as_page(page(score(eighths + FOUR)))
    beam = next(s for s in beamed.symbols if s.name == "beam")
    weaker = replace(
        beamed.with_symbols([s for s in beamed.symbols if s is not beam]),
        low_confidence=(Symbol("coda", Box(5, 5, 9, 9), 0.1), replace(beam, score=0.3)),
    )
    [shown] = content_of(weaker)["pages"]
    index = len(weaker.symbols) + 1
    assert [row for row in shown["symbols"] if row[3] == CONFIRMED] == [
        [index, CORE.index("beam"), 0.3, CONFIRMED]
    ]
    assert sum(index in link for link in shown["links"]) == 2  # the two heads under it


def test_content_of_a_turned_page_is_on_the_page_and_on_its_view(piano: Page) -> None:
    turned = on_original(
        replace(piano, ink=None),
        replace(rotated((piano.width, piano.height), 90), staves=piano.staves),
        Page(piano.height, piano.width),
    )
    [straight] = content_of(piano)["pages"]
    [shown] = content_of(turned)["pages"]
    assert shown["straight"]["boxes"] == pytest.approx(np.array(straight["boxes"]), abs=0.2)
    assert shown["straight"]["outlines"] == pytest.approx(np.array(straight["outlines"]), abs=0.2)
    xs, ys = shown["outlines"][0][::2], shown["outlines"][0][1::2]
    head = next(i for i, s in enumerate(turned.symbols) if s.name == "noteheadBlack")
    x, y = turned.symbols[head].box.centre
    assert min(xs) < x < max(xs) and min(ys) < y < max(ys)


def test_playback_follows_the_measures_and_joins_ties() -> None:
    tied = as_page(page(score(f'{TIED}|<tie startid="#a" endid="#b"/>', FOUR)))
    reading = read_piece([tied])
    found = playback(reading.score, [0, 0])
    assert found["measures"] == [0, 4]
    (onset, duration, key, on, symbols), *others = found["notes"]
    assert (onset, duration, key, on, len(symbols)) == (0, 4, 67, 0, 2)
    assert [n[:3] for n in others] == [[4, 1, 73], [5, 1, 74], [6, 1, 76], [7, 1, 78]]


def test_html_keeps_names_from_ending_the_script(piano: Page) -> None:
    evil = replace(piano, source="</script><script>alert(1)</script>")
    text = to_html([evil])
    assert "<script>alert" not in text
    held = re.search(r'<script type="application/json" id="content">(.*?)</script>', text, re.S)
    assert held and json.loads(held[1])["title"] == evil.source


def test_html_names_no_address_elsewhere(piano: Page) -> None:
    text = re.sub(r"https?://www\.w3\.org/[\w/.]*|http://www\.musicxml\.org/[\w/.]*", "", to_html([piano]))
    assert not re.search(r"https?://", text)
    assert "default-src 'none'" in text
