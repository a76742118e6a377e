"""The report in a browser: opened from its file, without network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from omr.engraving.layout import Layout
from omr.export import save
from omr.page import Page, Symbol
from tests.builders.browser import browser_tab, keep_picture, serious_faults
from tests.builders.music import FOUR, as_page, note, page, score

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

pytestmark = [
    pytest.mark.slow,
    # Playwright leaves its loop to the garbage collector
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
]

EXAMPLES = Path(__file__).parents[3] / "examples"

TOO_LONG = FOUR + note("g5", 2)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Page]:
    """A report of two pages; the first has a measure that is too long and two symbols of low scores."""
    engraved = (page(score(*measures)) for measures in ((FOUR, TOO_LONG), (FOUR,)))
    pages = [replace(as_page(each), image=each.draw(), source="piece.pdf") for each in engraved]
    low = {n for n, s in enumerate(pages[0].symbols) if s.name == "noteheadBlack"}
    weak = sorted(low, key=lambda n: pages[0].symbols[n].box.x0)[:2]
    symbols = [replace(s, score=0.4) if n in weak else s for n, s in enumerate(pages[0].symbols)]
    pages[0] = pages[0].with_symbols(symbols)
    return save(pages, tmp_path_factory.mktemp("report") / "piece.html"), pages[0]


@pytest.fixture
def tab(browser: Browser, report: tuple[Path, Page]) -> Iterator[Tab]:
    """The report in a browser; it must not complain."""
    with browser_tab(browser) as (tab, complaints):
        tab.goto(report[0].as_uri())
        tab.wait_for_selector("html[data-ready]")
        yield tab
        assert not complaints


def selected(tab: Tab) -> tuple[int, int | None]:
    state = tab.evaluate("({page: omr.store.state.page, index: omr.store.state.selected})")
    return state["page"], state["index"]


def heads(read: Page) -> list[int]:
    """The indices of the noteheads from left to right."""
    found = [n for n, s in enumerate(read.symbols) if s.name.startswith("notehead")]
    return sorted(found, key=lambda n: read.symbols[n].box.x0)


def click_symbol(tab: Tab, symbol: Symbol) -> None:
    """Click the middle of a symbol on the scan."""
    x, y = symbol.box.centre
    place = tab.evaluate(
        """([x, y]) => { const {k, x: dx, y: dy} = omr.scan.view, at = omr.scan.root.getBoundingClientRect();
        return [at.left + x * k + dx, at.top + y * k + dy]; }""",
        [x, y],
    )
    tab.mouse.click(*place)


def test_report_note_and_ink_light_up_together(tab: Tab, report: tuple[Path, Page]) -> None:
    read = report[1]
    head = heads(read)[2]
    click_symbol(tab, read.symbols[head])
    assert selected(tab) == (0, head)
    assert tab.locator(f"#note-0-{head}.is-selected").count() == 1
    assert "E5, quarter, measure 1" in tab.locator("#detail").inner_text()
    assert tab.locator("#overlay line.link").count() >= 1  # to its stem

    other = heads(read)[5]
    tab.locator(f"#note-0-{other} .notehead").click()
    assert selected(tab) == (0, other)
    assert tab.locator(f'#overlay rect.selected[data-symbol="{other}"]').count() == 1


def test_report_leads_by_keyboard_through_what_deserves_a_second_look(
    tab: Tab, report: tuple[Path, Page]
) -> None:
    weak = heads(report[1])[:2]
    tab.locator("#scan").focus()
    tab.keyboard.press("l")
    current = tab.locator('.list [aria-current="true"]')
    assert "Measure 2: lasts 6 quarters, not 4/4" in current.inner_text()
    visited = []
    for _ in weak:
        tab.keyboard.press("l")
        visited.append(selected(tab)[1])
    assert set(visited) == set(weak)
    tab.keyboard.press("k")
    assert selected(tab)[1] == visited[0]
    tab.locator("#symbol-list button").last.focus()  # the lists are in the tab order as well
    tab.keyboard.press("Enter")
    assert selected(tab)[1] == visited[1]


def test_report_hides_classes_and_colours_by_score(tab: Tab) -> None:
    assert "9" in tab.locator("#class-list .family-head", has_text="Noteheads").inner_text()
    coloured = "[...omr.scan.paths.values()].map(({colour}) => colour)"
    before = tab.evaluate(coloured)
    tab.locator("#class-list .family-head", has_text="Noteheads").locator("input").uncheck()
    assert len(tab.evaluate(coloured)) < len(before)
    tab.locator("#all-classes").click()
    assert tab.evaluate(coloured) == before
    tab.locator("#colour-by").select_option("score")
    assert len(set(tab.evaluate(coloured))) == 2  # 0.4, and 1 for the others
    assert tab.locator("#legend span").first.is_visible()


def test_report_zooms_pans_and_turns_pages(tab: Tab) -> None:
    tab.locator("#scan").focus()
    start = tab.evaluate("omr.scan.view")
    for _ in range(4):
        tab.keyboard.press("+")
    near = tab.evaluate("omr.scan.view")
    assert near["k"] == pytest.approx(start["k"] * 1.25**4)
    tab.keyboard.press("ArrowDown")
    assert tab.evaluate("omr.scan.view")["y"] < near["y"]
    tab.keyboard.press("0")
    assert tab.evaluate("omr.scan.view")["k"] == pytest.approx(start["k"])
    tab.locator("#thumbnails button").nth(1).click()
    assert selected(tab) == (1, None)
    assert tab.locator('#thumbnails [aria-current="page"]').inner_text().strip() == "2"
    assert "page 2" in (tab.locator("#engraving svg").first.get_attribute("aria-label") or "")


def test_report_plays_with_the_note_lit_on_both_sides(tab: Tab, report: tuple[Path, Page]) -> None:
    head = heads(report[1])[1]
    tab.locator(f"#note-0-{head} .notehead").click()
    tab.keyboard.press("Space")
    tab.wait_for_selector(f"#note-0-{head}.is-playing")
    assert tab.locator(f'#overlay rect.playing[data-symbol="{head}"]').count() == 1
    tab.wait_for_selector(f"#note-0-{heads(report[1])[2]}.is-playing")
    tab.locator("#play").click()
    assert tab.locator(".is-playing").count() == 0


def test_report_has_no_serious_fault_of_accessibility(browser: Browser, report: tuple[Path, Page]) -> None:
    for dark in (False, True):
        with browser_tab(browser, dark=dark) as (tab, _):
            tab.goto(report[0].as_uri())
            tab.wait_for_selector("html[data-ready]")
            tab.keyboard.press("n")
            assert serious_faults(tab) == []


def test_report_of_two_thousand_symbols_stays_fluent(browser: Browser, tmp_path: Path) -> None:
    read = as_page(page(score(FOUR, FOUR)))
    many = read.with_symbols(read.symbols * (2000 // len(read.symbols) + 1))
    with browser_tab(browser) as (tab, _):
        tab.goto(save([many], tmp_path / "many.html").as_uri())
        tab.wait_for_selector("html[data-ready]")
        frame = tab.evaluate(
            """() => new Promise((done) => { let n = 0; const start = performance.now();
            const step = () => { omr.scan.panBy(0, n % 2 ? 3 : -3); omr.scan.at([300, 200]);
              ++n < 30 ? requestAnimationFrame(step) : done((performance.now() - start) / n); };
            step(); })"""
        )
        assert frame < 100  # milliseconds, drawn by a processor that others use too


def test_report_shows_the_whole_of_a_minuet(browser: Browser, tmp_path: Path) -> None:
    """The picture in the documentation."""
    engraved = page((EXAMPLES / "minuet.musicxml").read_text(), layout=Layout(1500, 900, 15.0))
    read = replace(as_page(engraved), image=engraved.draw(), source="minuet.png")
    symbols = [replace(s, score=0.97 - n % 50 * 0.01) for n, s in enumerate(read.symbols)]
    with browser_tab(browser) as (tab, _):
        tab.goto(save(read.with_symbols(symbols), tmp_path / "minuet.html").as_uri())
        tab.wait_for_selector("html[data-ready]")
        click_symbol(tab, read.symbols[heads(read)[7]])
        assert tab.locator("#engraving .is-selected").count() == 1
        keep_picture(tab, "report.png")
