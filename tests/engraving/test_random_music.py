from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from fractions import Fraction

import numpy as np
import pytest

from omr.engraving.mei import CLEFS
from omr.engraving.random_music import HINGES, SELDOM, random_mei
from omr.vocabulary import CORE, to_core

MEI = "{http://www.music-encoding.org/ns/mei}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
_SILENT = ("mRest", "mRpt", "multiRest")
_PIECES = 36


def piece(seed: int, *rare: str) -> ET.Element:
    return ET.fromstring(random_mei(np.random.default_rng(seed), rare))


@pytest.fixture(scope="module")
def pieces() -> list[ET.Element]:
    return [piece(seed) for seed in range(_PIECES)]


def length(node: ET.Element) -> Fraction:
    """How long an element of a layer lasts, as a fraction of a whole note."""
    tag = node.tag.removeprefix(MEI)
    if node.get("grace") or tag in ("graceGrp", "clef", "verse", "accid", "artic"):
        return Fraction(0)
    if tag in ("note", "chord", "rest"):
        plain = Fraction(2) if node.get("dur") == "breve" else Fraction(1, int(node.attrib["dur"]))
        return plain * (2 - Fraction(1, 2 ** int(node.get("dots", 0))))
    inside = sum((length(child) for child in node), Fraction(0))
    if tag == "tuplet":
        inside *= Fraction(int(node.attrib["numbase"]), int(node.attrib["num"]))
    return inside


@pytest.mark.slow
def test_measures_add_up(pieces):
    for mei in pieces:
        metre = Fraction(0)
        for node in mei.find(f".//{MEI}score").iter():
            if node.tag == f"{MEI}meterSig":
                metre = Fraction(int(node.attrib["count"]), int(node.attrib["unit"]))
            if node.tag == f"{MEI}layer" and node[0].tag.removeprefix(MEI) not in (
                "mRest",
                "mRpt",
                "multiRest",
            ):
                assert sum(map(length, node)) == metre


@pytest.mark.slow
def test_marks_hang_on_notes_of_their_own_measure(pieces):
    for mei in pieces:
        for measure in mei.iter(f"{MEI}measure"):
            here = {node.get(ID) for node in measure.iter() if node.get(ID)}
            starts = {node.get("startid")[1:] for node in measure if node.get("startid")}
            assert starts <= here
        ids = [node.get(ID) for node in mei.iter() if node.get(ID)]
        assert len(ids) == len(set(ids))
        assert {node.get("endid")[1:] for node in mei.iter() if node.get("endid")} <= set(ids)


@pytest.mark.slow
def test_ties_join_equal_pitches(pieces):
    for mei in pieces:
        notes = {node.get(ID): node for node in mei.iter(f"{MEI}note")}
        for tie in mei.iter(f"{MEI}tie"):
            start, end = (notes[tie.get(which)[1:]] for which in ("startid", "endid"))
            for attribute in ("pname", "oct", "loc"):
                assert start.get(attribute) == end.get(attribute)


def test_equal_seeds_write_equal_pieces():
    assert random_mei(np.random.default_rng(7)) == random_mei(np.random.default_rng(7))
    assert random_mei(np.random.default_rng(7)) != random_mei(np.random.default_rng(8))


@pytest.mark.slow
def test_all_that_verovio_can_draw_occurs(pieces):
    def values(tag: str, attribute: str) -> set[str | None]:
        return {node.get(attribute) for mei in pieces for node in mei.iter(MEI + tag)}

    assert values("note", "dur") >= {"breve", "1", "2", "4", "8", "16", "32", "64", "128"}
    assert values("rest", "dur") >= {"breve", "1", "2", "4", "8", "16", "32", "64", "128"}
    assert values("accid", "accid") == {"s", "f", "n", "x", "ff"}
    assert values("artic", "artic") == {"acc", "stacc", "ten", "stacciss", "marc", "upbow", "dnbow"}
    assert values("tuplet", "num") >= set("23456789") | {"11"}
    assert values("note", "stem.mod") >= {f"{n}slash" for n in range(1, 6)}
    assert values("note", "grace") == {None, "acc", "unacc"}
    barlines = {"dbl", "dashed", "heavy", "end", "rptend", "rptboth", "rptstart"}
    assert values("measure", "right") >= barlines
    assert values("repeatMark", "func") == {"segno", "coda"}
    digits = "".join(str(v) for which in ("count", "unit") for v in values("meterSig", which))
    assert set(digits) == set("0123456789")
    clefs = {(c.get("shape"), c.get("line"), c.get("dis")) for mei in pieces for c in mei.iter(f"{MEI}clef")}
    assert clefs == {(shape, str(line), str(dis) if dis else None) for shape, line, dis, _ in CLEFS.values()}
    tags = {node.tag.removeprefix(MEI) for mei in pieces for node in mei.iter()}
    assert tags >= {"slur", "tie", "hairpin", "dynam", "trill", "turn", "mordent", "fermata", "pedal",
                    "arpeg", "fing", "octave", "multiRest", "mRpt", "mRest", "caesura", "breath", "gliss",
                    "ending", "verse", "harm", "tempo", "dir"}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("clef15", ".//m:clef[@dis='15']"),
        ("caesura", ".//m:caesura"),
        ("noteheadDoubleWholeOnLineSmall", ".//m:layer//*[@dur='breve'][@cue]"),
        ("tremolo5", ".//*[@stem.mod='5slash']"),
        ("tuplet7", ".//m:tuplet[@num='7']"),
        ("graceNoteAcciaccaturaStemDown", ".//m:note[@grace='unacc'][@stem.dir='down']"),
        ("segno", ".//m:repeatMark[@func='segno']"),
    ],
)
def test_a_rare_class_becomes_frequent(pieces, name, path):
    def rate(some: list[ET.Element]) -> float:
        return sum(len(mei.findall(path, {"m": MEI[1:-1]})) for mei in some) / len(some)

    assert rate([piece(seed, name) for seed in range(100, 108)]) > 1.5 * rate(pieces)


@pytest.mark.slow
def test_a_long_list_of_rare_classes_favours_only_some():
    names = [name for name in HINGES if to_core(name, "deepscores")]
    size = np.mean([len(random_mei(np.random.default_rng(seed), names)) for seed in range(6)])
    usual = np.mean([len(random_mei(np.random.default_rng(seed))) for seed in range(6)])
    assert size < 2 * usual
    assert {to_core(name, "deepscores") for name in SELDOM} <= set(CORE)


@pytest.mark.slow
def test_verovio_engraves_it_with_many_different_glyphs():
    verovio = pytest.importorskip("verovio")
    toolkit = verovio.toolkit()
    verovio.enableLog(verovio.LOG_OFF)
    toolkit.setOptions(
        {"dynamSingleGlyphs": True, "smuflTextFont": "none", "header": "none", "footer": "none"}
    )
    for seed in range(5):
        assert toolkit.loadData(random_mei(np.random.default_rng(seed)))
        svg = "".join(toolkit.renderToSVG(n + 1) for n in range(toolkit.getPageCount()))
        codes = re.findall(r'<use xlink:href="#([0-9A-F]{4})', svg)
        assert len(set(codes)) >= 25
        assert len(codes) >= 200
