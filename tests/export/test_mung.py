"""MuNG: nodes in MUSCIMA++'s names and links between what belongs together."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np

from omr.export.mung import to_mung
from omr.page import Box, Page, Staff, Symbol


def test_links_go_from_a_head_to_what_hangs_on_it() -> None:
    staff = Staff(np.array([20.0, 380.0]), np.array([[100.0 + 10 * k] * 2 for k in range(5)]))
    symbols = (
        Symbol("clefG", Box(30, 85, 55, 155)),
        Symbol("noteheadBlack", Box(100, 125, 112, 135)),
        Symbol("stem", Box(111, 95, 112, 129)),
        Symbol("flag8thUp", Box(111, 95, 121, 125)),
        Symbol("augmentationDot", Box(116, 123, 120, 127)),
        Symbol("accidentalSharp", Box(86, 116, 96, 144)),
        Symbol("articStaccato", Box(104, 141, 108, 145)),
    )
    root = ElementTree.fromstring(to_mung(Page(400, 300, symbols, (staff,), "x.png")).encode())
    nodes = {node.findtext("ClassName"): node for node in root}
    number = {node.findtext("Id"): node.findtext("ClassName") for node in root}
    assert root.get("document") == "x"
    outlinks = (nodes["noteheadFull"].findtext("Outlinks") or "").split()
    assert outlinks[:5] == ["2", "3", "4", "5", "6"]
    assert [number[to] for to in outlinks[5:]] == ["staffLine", "staff"]
    assert all(nodes[name].findtext("Inlinks") == "1" for name in ("stem", "flag8thUp", "accidentalSharp"))
    assert nodes["gClef"].findtext("Outlinks") == nodes["staff"].findtext("Id")
    assert nodes["gClef"].findtext("Top") == "85"
