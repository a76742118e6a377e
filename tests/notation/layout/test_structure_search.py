from __future__ import annotations

from dataclasses import replace

import pytest

from omr.notation.layout.structure_search import PageEvidence, Solution, StaffTraits, search
from omr.notation.layout.system_evidence import StaffPairEvidence
from omr.notation.limits import LayoutLimits, StructureLimits

BRACED = StaffPairEvidence(0, 5.0, brace=True, opening_line=True, columns=4, through=4)
JOINED = StaffPairEvidence(0, 5.0, opening_line=True, columns=4, through=4)
APART = StaffPairEvidence(0, 9.0, columns=8, out_of_line=6)
SHADOW = StaffPairEvidence(0, 9.0, opening_line=True, columns=7, through=2, in_line=2, unevenness=0.5)
"""A page edge taken for an opening line, and two barlines that happen to be in line."""

G, C, F = (StaffTraits(f"clef{sign}") for sign in "GCF")


def page(staves: str | list[StaffTraits], *pairs: StaffPairEvidence) -> PageEvidence:
    """A page of staves, given by their clefs, and the evidence on their neighbours."""
    traits = [StaffTraits(f"clef{sign}") for sign in staves] if isinstance(staves, str) else staves
    return PageEvidence(tuple(traits), tuple(replace(pair, upper=i) for i, pair in enumerate(pairs)))


def best(*pages: PageEvidence) -> Solution:
    return search(pages)[0]


def staves(solution: Solution) -> list[list[tuple[int, ...]]]:
    return [[group.staves for group in page] for page in solution.pages]


def lines(solution: Solution) -> list[list[tuple[int, ...]]]:
    return [[group.lines for group in page] for page in solution.pages]


PIANO_PAGE = page("GFGFGF", BRACED, APART, BRACED, APART, BRACED)


def test_search_without_staves_finds_nothing() -> None:
    assert search([]) == search([page("")]) == []


def test_search_keeps_pages_without_staves_in_place() -> None:
    assert staves(best(page(""), page("GF", BRACED))) == [[], [(0, 1)]]


def test_search_pairs_the_staves_of_a_piano() -> None:
    found = best(PIANO_PAGE)
    assert found.structure.sizes == (2,)
    assert staves(found) == [[(0, 1), (2, 3), (4, 5)]]


def test_search_cuts_what_a_shadow_joins_since_the_piece_has_two_staves() -> None:
    joined = page("GFGFGF", BRACED, SHADOW, BRACED, APART, BRACED)
    assert search([joined])[0].cost > 0
    found = best(PIANO_PAGE, joined, PIANO_PAGE)
    assert found.structure.sizes == (2,)
    assert staves(found)[1] == [(0, 1), (2, 3), (4, 5)]


def test_search_gives_a_system_without_brace_the_parts_of_the_others() -> None:
    found = best(PIANO_PAGE, page("GFGF", JOINED, APART, BRACED))
    assert found.structure.sizes == (2,)
    assert lines(found)[1] == [(0, 1), (0, 1)]


def test_search_finds_a_voice_above_a_piano() -> None:
    found = best(page("GGFGGF", JOINED, BRACED, APART, JOINED, BRACED))
    assert found.structure.sizes == (1, 2)
    assert staves(found) == [[(0, 1, 2), (3, 4, 5)]]


def test_search_matches_systems_that_hide_parts_by_their_clefs() -> None:
    full = page("GCF", JOINED, JOINED)
    found = best(full, page("GFCF", JOINED, APART, JOINED), full)
    assert found.structure.sizes == (1, 1, 1)
    assert lines(found)[1] == [(0, 2), (1, 2)]


def test_search_hides_a_part_and_not_a_hand_of_the_piano() -> None:
    full = page("GGF", JOINED, BRACED)
    assert lines(best(full, full, page("GF", BRACED)))[2] == [(1, 2)]


def test_search_follows_movements_of_more_and_of_fewer_parts() -> None:
    duo, trio = page("GFGF", JOINED, APART, JOINED), page("GCFGCF", JOINED, JOINED, APART, JOINED, JOINED)
    found = best(duo, trio, duo)
    assert found.structure.sizes == (1, 1, 1)
    assert [len(here) for here in staves(found)] == [2, 2, 2]


def test_search_merges_the_parts_of_two_movements() -> None:
    piano, duo = page("GFGF", BRACED, APART, BRACED), page("GGF", JOINED, BRACED)
    assert best(piano, piano, duo, duo).structure.sizes == (1, 2)


@pytest.mark.parametrize("where", [0, 2])
def test_search_leaves_an_ossia_beside_the_text(where: int) -> None:
    ossia = StaffTraits("", is_short=True)
    staves_of_page = [G, F]
    staves_of_page.insert(where, ossia)
    pairs = [replace(BRACED, upper=0)]
    pairs.insert(where // 2, replace(JOINED, opening_line=False, columns=2, through=1))
    found = best(*[PIANO_PAGE] * 3, page(staves_of_page, *pairs))
    assert found.structure.sizes == (2,)
    [group] = found.pages[3]
    assert group.variants == (where,)
    assert len(group.staves) == 2


@pytest.mark.parametrize("systems", [1, 2, 6])
def test_search_keeps_the_small_staff_above_a_piano(systems: int) -> None:
    violin = StaffTraits("clefG", is_small=True)
    pairs = [*[JOINED, BRACED, APART] * systems][:-1]
    found = best(page([violin, G, F] * systems, *pairs))
    assert found.structure.sizes == (1, 2)
    assert staves(found) == [[(n, n + 1, n + 2) for n in range(0, 3 * systems, 3)]]


def test_search_takes_the_lower_of_two_readings_of_a_passage() -> None:
    twice = page("GFGF", BRACED, replace(JOINED, in_line=4, unevenness=0.5), BRACED)
    found = best(*[PIANO_PAGE] * 8, twice)
    assert found.structure.sizes == (2,)
    [group] = found.pages[8]
    assert (group.staves, group.variants) == ((2, 3), (0, 1))


def test_search_finds_two_pianos() -> None:
    twice = page("GFGF", BRACED, replace(JOINED, in_line=4, unevenness=0.5), BRACED)
    found = best(twice, twice)
    assert found.structure.sizes == (2, 2)
    assert staves(found) == [[(0, 1, 2, 3)]] * 2


def test_search_drops_a_silent_staff_that_nothing_joins() -> None:
    false = StaffTraits("", is_short=True, is_silent=True)
    found = best(page([G, F, false, G, F, G, F], BRACED, APART, APART, BRACED, APART, BRACED))
    assert found.structure.sizes == (2,)
    assert [group.staves for group in found.pages[0] if group.staves] == [(0, 1), (3, 4), (5, 6)]


def test_search_keeps_single_staves_apart() -> None:
    found = best(page("G" * 5, *[replace(APART, in_line=4, out_of_line=0, unevenness=0.0)] * 4))
    assert found.structure.sizes == (1,)
    assert staves(found) == [[(0,), (1,), (2,), (3,), (4,)]]


def test_search_ranks_structures_by_cost() -> None:
    found = search([PIANO_PAGE, page("GFGF", BRACED, SHADOW, BRACED)])
    assert len(found) > 1
    assert [solution.cost for solution in found] == sorted(solution.cost for solution in found)


def test_search_gives_each_system_the_margin_of_its_closest_decision() -> None:
    [first, second, third] = best(PIANO_PAGE).pages[0]
    assert min(first.margin, second.margin, third.margin) > 3
    [lone] = best(page("G")).pages[0]
    assert lone.margin == float("inf")


def test_search_follows_its_limits() -> None:
    pages = [PIANO_PAGE, page("GF", JOINED)]
    strict = LayoutLimits(structure=StructureLimits(missing_brace=100.0, variant_staff=100.0))
    assert search(pages)[0].structure.sizes == (2,)
    assert search(pages, limits=strict)[0].structure.sizes != (2,)
