"""The report of a benchmark, in its folder: Markdown, JSON, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from omr.benchmark.pictures import draw
from omr.benchmark.results import Result
from omr.benchmark.setup import Setup, write_json
from omr.benchmark.tables import markdown, ratios


def write_report(results: Sequence[Result], setup: Setup, folder: Path) -> list[Path]:
    """Write ``benchmark.json``, ``benchmark.md`` and its pictures; returns what was written."""
    drawn = draw(results)
    for name, (_, figure) in drawn.items():
        figure.savefig(folder / name, dpi=150)
    content = {
        "setup": asdict(setup),
        "rows": [asdict(result) for result in results],
        "ratios": ratios(results),
    }
    write_json(folder / "benchmark.json", content)
    text = markdown(results, setup, [(title, name) for name, (title, _) in drawn.items()])
    part = folder / ".benchmark.md.part"
    part.write_text(text, encoding="utf-8")
    part.replace(folder / "benchmark.md")
    return [folder / name for name in ("benchmark.md", "benchmark.json", *drawn)]
