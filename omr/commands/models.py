"""`omr models`: the detectors, and the weights that the package ships."""

from __future__ import annotations


def models() -> None:
    """List the detectors, the shipped weights, where they are, and the runtimes that read pages with them."""
    from rich.console import Console
    from rich.table import Table

    from omr.registry import DETECTORS
    from omr.runtime import RUNTIMES, choose, installed
    from omr.weights import header, shipped

    detectors = Table("detector", "what it is")
    for name, summary in DETECTORS.summaries.items():
        detectors.add_row(name, summary)
    weights = Table("weights", "detector", "MB", "what they read")
    for name, path in shipped().items():
        card = path.with_suffix(".md")
        about = _first_paragraph(card.read_text(encoding="utf-8")) if card.exists() else ""
        weights.add_row(name, header(path)["detector"], f"{path.stat().st_size / 1e6:.1f}", about)
    runtimes = Table("runtime", "computes in", "here")
    here = installed()
    used = choose() if here else ""
    for name, summary in RUNTIMES.items():
        runtimes.add_row(name, summary, "used" if name == used else "installed" if name in here else "")
    Console().print(detectors, weights, runtimes)
    for folder in sorted({path.parent for path in shipped().values()}):
        print("weights (.safetensors) and their cards (.md) are in", folder)


def _first_paragraph(markdown: str) -> str:
    """Return the first paragraph that is no heading, on one line."""
    paragraphs = (" ".join(p.split()) for p in markdown.split("\n\n"))
    return next((p for p in paragraphs if p and not p.startswith("#")), "")
