"""Write the report of a benchmark: Markdown, a web page, JSON, plots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from omr.benchmark.plots import draw
from omr.benchmark.results import Result
from omr.benchmark.settings import Settings, write_json
from omr.benchmark.tables import failures, markdown, ratios, tables
from omr.evaluation.detection.webpage import Picture, render
from omr.files import replacing

PLOT_DPI = 150
"""Dots an inch of the plots: sharp on a screen at twice its usual resolution."""


def write_report(results: Sequence[Result], settings: Settings, folder: Path) -> list[Path]:
    """Write ``benchmark.md``, ``index.html``, ``benchmark.json`` and the plots that they show.

    Parameters
    ----------
    results : sequence of Result
    settings : Settings
    folder : Path
        Must exist.

    Returns
    -------
    list of Path
        The files written, Markdown first.

    Raises
    ------
    InputError
        When a file can't be written.
    """
    drawn = draw(results)
    for name, (_, figure) in drawn.items():
        with replacing(folder / name) as part:
            figure.savefig(part, dpi=PLOT_DPI)
    content = {
        "settings": asdict(settings),
        "rows": [asdict(result) for result in results],
        "ratios": ratios(results),
    }
    write_json(folder / "benchmark.json", content)
    pictures = [Picture(title, folder / name) for name, (title, _) in drawn.items()]
    page = render(
        "Benchmark",
        {"learnt from": settings.dataset, "protocol": settings.protocol, "device": settings.device},
        tables(results, settings),
        pictures,
        notes=[*ratios(results), *failures(results)],
    )
    for name, text in {
        "benchmark.md": markdown(results, settings, [(p.title, p.file.name) for p in pictures]),
        "index.html": page,
    }.items():
        with replacing(folder / name) as part:
            part.write_text(text, encoding="utf-8")
    return [folder / name for name in ("benchmark.md", "index.html", "benchmark.json", *drawn)]
