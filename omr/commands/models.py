"""`omr models`: what there is to detect with."""

from __future__ import annotations


def models() -> None:
    """List detectors and weights."""
    from rich.console import Console
    from rich.table import Table

    from omr.registry import DETECTORS
    from omr.weights import shipped

    detectors = Table("detector", "what it is")
    for name, summary in DETECTORS.summaries.items():
        detectors.add_row(name, summary)
    weights = Table("weights", "MB", "what they read", "card")
    for name, path in shipped().items():
        card = path.with_suffix(".md")
        about = _first_paragraph(card.read_text(encoding="utf-8")) if card.exists() else ""
        weights.add_row(name, f"{path.stat().st_size / 1e6:.1f}", about, str(card) if card.exists() else "")
    Console().print(detectors, weights)


def _first_paragraph(markdown: str) -> str:
    paragraphs = (" ".join(p.split()) for p in markdown.split("\n\n"))
    return next((p for p in paragraphs if p and not p.startswith("#")), "")
