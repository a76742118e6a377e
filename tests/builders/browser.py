"""Open a page in Debian's Chromium, without network, and hear what it complains of."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab


@contextmanager
def launched() -> Iterator[Browser]:
    """Debian's Chromium; skips the test where it or Playwright is missing."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("there is no chromium; `apt-get install chromium` brings it")
    sync_api = pytest.importorskip("playwright.sync_api", reason="there is no playwright")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def browser_tab(
    browser: Browser, *, offline: bool = True, dark: bool = False
) -> Iterator[tuple[Tab, list[str]]]:
    """A tab of 1440 x 900 pixels and its complaints: errors and warnings of the console, failed requests."""
    complaints: list[str] = []
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        offline=offline,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    tab = context.new_page()
    tab.set_default_timeout(15000)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    tab.on("requestfailed", lambda request: complaints.append(request.url[:100]))
    try:
        yield tab, complaints
    finally:
        context.close()


def keep_picture(tab: Tab, name: str) -> None:
    """Write a picture of the tab for the documentation, where the variable OMR_PICTURES names its folder."""
    if folder := os.environ.get("OMR_PICTURES"):
        tab.wait_for_timeout(300)
        tab.screenshot(path=Path(folder) / name)


def serious_faults(tab: Tab) -> list[str]:
    """The serious and critical faults that axe-core finds, each with the first element that has it."""
    pytest.importorskip("axe_playwright_python", reason="there is no axe-core")
    tab.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found: dict[str, Any] = tab.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {fault['nodes'][0]['html'][:200]} {fault['nodes'][0]['failureSummary'][:200]}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
