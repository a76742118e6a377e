"""`omr models`: the detectors, and the weights that the package ships."""

from __future__ import annotations


def models() -> None:
    """List the detectors and the shipped weights, and where the weights are."""
    from rich.console import Console
    from rich.table import Table
    from safetensors import safe_open

    from omr.registry import DETECTORS
    from omr.weights import shipped

    detectors = Table("detector", "what it is")
    for name, summary in DETECTORS.summaries.items():
        detectors.add_row(name, summary)
    weights = Table("weights", "detector", "MB", "what they read")
    for name, path in shipped().items():
        card = path.with_suffix(".md")
        about = _first_paragraph(card.read_text(encoding="utf-8")) if card.exists() else ""
        with safe_open(path, "np") as file:
            detector = file.metadata()["detector"]
        weights.add_row(name, detector, f"{path.stat().st_size / 1e6:.1f}", about)
    Console().print(detectors, weights)
    for folder in sorted({path.parent for path in shipped().values()}):
        print("weights (.safetensors) and their cards (.md) are in", folder)


def _first_paragraph(markdown: str) -> str:
    """Return the first paragraph that is no heading, on one line."""
    paragraphs = (" ".join(p.split()) for p in markdown.split("\n\n"))
    return next((p for p in paragraphs if p and not p.startswith("#")), "")
