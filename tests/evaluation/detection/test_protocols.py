import json
import os
from pathlib import Path

import numpy as np
import pytest

from omr.evaluation.detection.protocols import PROTOCOLS, Comparison
from omr.page import Box, Page, Staff, Symbol
from omr.vocabulary.translation import classes_of

DATA = os.environ.get("OMR_DATA")


def a_page(*names):
    """Symbols in the first space of a staff."""
    lines = np.arange(100.0, 150.0, 10.0)[:, None].repeat(2, 1)
    symbols = (Symbol(name, Box(100.0 + 40 * i, 100, 112.0 + 40 * i, 110)) for i, name in enumerate(names))
    return Page(900, 300, tuple(symbols), staves=(Staff(np.array([0.0, 900.0]), lines),))


def names(page):
    return [s.name for s in page.symbols]


def comparison(protocol, vocabulary, categories=None):
    return Comparison(PROTOCOLS[protocol], vocabulary, frozenset(categories or classes_of(vocabulary)))


def test_all_gives_what_was_found_the_datasets_own_names():
    rules = comparison("all", "deepscores", {*classes_of("deepscores"), "barline"})
    assert names(rules.truth(a_page("noteheadBlackInSpace", "barline"))) == [
        "noteheadBlackInSpace",
        "barline",
    ]
    found = rules.found(a_page("noteheadBlack", "barline", "glissando"))
    assert names(found) == ["noteheadBlackInSpace", "staff", "barline"]  # it has no name for a glissando


def test_core_merges_what_only_the_staff_tells():
    rules = comparison("core", "deepscores")
    assert names(rules.truth(a_page("keyFlat", "noteheadBlackOnLine", "staff"))) == [
        "accidentalFlat",
        "noteheadBlack",
    ]
    assert names(rules.found(a_page("accidentalFlat", "barline"))) == ["accidentalFlat"]


def test_essential_and_frequent_take_their_classes_alone():
    truth = a_page("noteheadFull", "numeral5", "bracket", "staff", "staffLine", "keySignature")
    every = {*classes_of("muscima"), "staffLine", "keySignature"}
    assert names(comparison("all", "muscima", every).truth(truth)) == [
        "noteheadFull", "numeral5", "bracket", "staff", "keySignature",
    ]  # fmt: skip
    essential = comparison("essential", "muscima", every)
    assert names(essential.truth(truth)) == ["noteheadFull", "numeral5", "keySignature"]
    assert names(essential.found(a_page("noteheadBlack", "tuplet5", "bracket"))) == [
        "noteheadFull",
        "numeral5",
        "tuple",
    ]
    frequent = comparison("frequent", "muscima", every)
    assert names(frequent.truth(truth)) == ["noteheadFull", "bracket"]


def test_compatible_sends_ordinary_noteheads_to_the_small_ones():
    rules = comparison("compatible", "deepscores")
    assert names(rules.truth(a_page("noteheadHalfOnLine", "keySharp", "stringsUpBow"))) == [
        "noteheadHalfSmall",
        "accidentalSharp",
    ]
    assert names(rules.found(a_page("noteheadBlack", "clefC"))) == ["noteheadFullSmall", "clefC", "staff"]


def test_whose_names_stored_pages_have():
    rules = comparison("all", "deepscores")
    assert rules.names_of([a_page("noteheadBlack", "stem")]) == "core"
    assert rules.names_of([a_page("noteheadBlackOnLine", "stem")]) == "deepscores"
    assert names(rules.found(a_page("noteheadBlackOnLine"), "deepscores")) == ["noteheadBlackOnLine"]


@pytest.mark.data
def test_the_class_lists_are_the_published_ones():
    published = json.loads((Path(DATA or "") / "class-sets.json").read_text())
    assert PROTOCOLS["essential"].classes == set(published["muscima_essential"])
    assert len(PROTOCOLS["frequent"].classes or ()) == 56
    merged = PROTOCOLS["compatible"].merged
    assert set(merged) <= set(published["deepscores_v2"])
    assert set(merged.values()) == set(published["deepscores_v2_muscima_compatible"])


@pytest.mark.data
def test_the_compatible_names_are_those_of_the_published_page():
    (file,) = (Path(DATA or "") / "deepscores-v2-sample").glob("deepscores*.json")
    content = json.loads(file.read_text())
    category = content["categories"]
    for annotation in content["annotations"].values():
        own, compatible = annotation["cat_id"]
        wanted = category[compatible]["name"] if compatible else None
        assert PROTOCOLS["compatible"].merged.get(category[own]["name"]) == wanted
