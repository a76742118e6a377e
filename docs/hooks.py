"""Make the reference pages of the documentation: one for each folder of `omr`, from its docstrings."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

PACKAGE = Path(__file__).parents[1] / "omr"

LEFT_OUT = {"commands", "cli", "__main__"}
"""Modules of the command line, which `omr --help` documents."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for each folder, and the values at the top of the package on one page.

    Parameters
    ----------
    files : Files
        The written pages.
    config : MkDocsConfig

    Returns
    -------
    Files
        With the reference pages.
    """
    for name, modules in pages().items():
        content = "\n\n".join([f"# {name}", *(f"::: {module}" for module in modules), ""])
        files.append(File.generated(config, f"reference/{name}.md", content=content))
    return files


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the reference pages into the navigation.

    Parameters
    ----------
    config : MkDocsConfig
        As read from mkdocs.yml, with an empty entry "Reference".

    Returns
    -------
    MkDocsConfig
    """
    listed = [{name: f"reference/{name}.md"} for name in pages()]
    config.nav = [{"Reference": listed} if "Reference" in entry else entry for entry in config.nav or ()]
    return config


def pages() -> dict[str, list[str]]:
    """Return the modules on each reference page, by the page's name."""
    by_page: dict[str, list[str]] = defaultdict(list)
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(PACKAGE).with_suffix("").parts
        if parts[0] in LEFT_OUT or any(part.startswith("_") and part != "__init__" for part in parts):
            continue
        folders = parts[:-1] if len(parts) > 1 else ()
        module = ".".join(("omr", *(part for part in parts if part != "__init__")))
        by_page[".".join(("omr", *folders))].append(module)
    return dict(sorted(by_page.items()))
