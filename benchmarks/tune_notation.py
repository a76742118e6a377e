"""Choose thresholds of the notation stages on validation pieces, by the F1 of the notes that are read.

    python benchmarks/tune_notation.py semantics.rhythm.skipped [--values 0.4,0.6,0.8,1] [--pages 60]
    python benchmarks/tune_notation.py semantics.rhythm --pages 20
    python benchmarks/tune_notation.py --all [--weights printed [--scanned]]

A threshold is named by its path in `omr.notation.limits.Limits`. Each value is tried on the same pieces,
drawn and engraved as `benchmarks/notation.py` does, and the table gives the F1 of notes with the right pitch,
onset and duration, all notes counting alike. Of several best values the one nearest to the default wins. With
a group of thresholds, or with `--all`, every number in it is searched in turn (coordinate search): a value
that is better by more than `--margin` stays for the thresholds that follow, and all such values are listed.

With `--weights` the symbols are those that a detector finds; they are kept on disk (`--cache`), so that only
the first run needs the detector. The same arguments give the same table.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from notation import Sample, as_drawn, detected, samples

from omr.evaluation.music.comparison import compare, notes_by_measure, total
from omr.files import replacing
from omr.notation import pipeline
from omr.notation.limits import Limits

CACHE = Path(os.environ.get("OMR_CACHE", "~/.cache/omr"))
"""Where symbols that a detector found are kept."""

FACTORS = "0.5,0.8,1.25,2"
"""Factors of the default that are tried where no values are given."""


def main(
    name: Annotated[str, typer.Argument(help="Path of a threshold, or of a group of them.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Search all thresholds.")] = False,
    values: Annotated[str, typer.Option(help="Values to try, with commas; for one threshold.")] = "",
    factors: Annotated[str, typer.Option(help="Factors of the default to try, with commas.")] = FACTORS,
    margin: Annotated[float, typer.Option(help="F1 by which another value must be better.")] = 0.0005,
    split: Annotated[str, typer.Option(help="train, val or random; test is for testing.")] = "val",
    pages: Annotated[int, typer.Option(help="How many, about.")] = 60,
    seed: Annotated[int, typer.Option(help="Of the pieces and their layouts.")] = 1,
    weights: Annotated[str | None, typer.Option(help="Find the symbols on the picture.")] = None,
    scanned: Annotated[bool, typer.Option(help="With --weights: age the picture first.")] = False,
    cache: Annotated[Path, typer.Option(help="Folder of symbols that were found.")] = CACHE,
) -> None:
    limits = Limits()
    paths = [path for path in number_paths(limits) if every or path == name or path.startswith(f"{name}.")]
    if not (name or every) or not paths:
        raise typer.BadParameter(f"{name or 'nothing'}: names no threshold; see omr/notation/limits.py")
    if values and len(paths) > 1:
        raise typer.BadParameter(f"{name}: --values are for one threshold, and these are {len(paths)}")
    pieces = load_samples(split, pages, seed, weights, scanned, cache.expanduser())
    usual = note_f1(pieces, limits)
    print(
        f"{len(pieces)} pieces, {sum(len(piece.pages) for piece in pieces)} pages; defaults: F1 {usual:.4f}"
    )
    better: list[str] = []
    for path in paths:
        default = value_at(limits, path)
        tried = sorted({default, *(float(v) for v in values.split(",") if v)})
        if not values:
            tried = sorted({default, *(scaled(default, float(factor)) for factor in factors.split(","))})
        scores = {value: usual if value == default else note_f1(pieces, with_value(limits, path, value))
                  for value in tried}  # fmt: skip
        best = max(scores, key=lambda value: (scores[value], -abs(value - default)))
        print_table(path, default, best, scores)
        if scores[best] > usual + margin:
            better.append(f"{path}: {default:g} -> {best:g}, F1 {usual:.4f} -> {scores[best]:.4f}")
            limits, usual = with_value(limits, path, best), scores[best]
    print(f"\nbetter by more than {margin:g}:", *(better or ["none"]), sep="\n  ")


def print_table(path: str, default: float, best: float, scores: dict[float, float]) -> None:
    """Print the F1 of each value of a threshold."""
    print(f"\n| {path} | F1 pitch, onset, duration | |\n| ---: | ---: | --- |")
    for value, score in scores.items():
        notes = [word for word, holds in (("default", value == default), ("best", value == best)) if holds]
        print(f"| {value:g} | {score:.4f} | {', '.join(notes)} |")


# --- thresholds by path -------------------------------------------------------------------------------


def number_paths(limits: Any, before: str = "") -> Iterator[str]:
    """Give the dotted path of every number in a dataclass and the dataclasses in it."""
    for field in fields(limits):
        value = getattr(limits, field.name)
        if is_dataclass(value):
            yield from number_paths(value, f"{before}{field.name}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield before + field.name


def value_at(limits: Any, path: str) -> float:
    """Look a number up by its dotted path."""
    for name in path.split("."):
        limits = getattr(limits, name)
    value: float = limits
    return value


def with_value(limits: Any, path: str, value: float) -> Any:
    """Replace the number at a dotted path."""
    name, _, rest = path.partition(".")
    return replace(limits, **{name: with_value(getattr(limits, name), rest, value) if rest else value})


def scaled(value: float, factor: float) -> float:
    """Multiply a number; an integer stays one."""
    return round(value * factor) if isinstance(value, int) else value * factor


# --- pieces -------------------------------------------------------------------------------------------


def load_samples(
    split: str, pages: int, seed: int, weights: str | None, scanned: bool, cache: Path
) -> Sequence[Sample]:
    """Draw the pieces; those whose symbols a detector found come from the cache where they are there."""
    if weights is None:
        return list(samples(split, pages, seed, as_drawn))
    condition = "scanned" if scanned else "clean"
    path = cache / f"notation-{Path(weights).stem}-{condition}-{split}-{pages}-{seed}.pickle"
    if not path.is_file():
        found = list(samples(split, pages, seed, detected(weights, scanned)))
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as part:
            part.write_bytes(pickle.dumps(found))
        print(f"wrote {path}")
    return pickle.loads(path.read_bytes())  # type: ignore[no-any-return]


def note_f1(pieces: Sequence[Sample], limits: Limits) -> float:
    """Read all pieces with some thresholds and count the notes with the right pitch, onset and duration."""
    read = ((pipeline.read(piece.pages, limits), piece.truth) for piece in pieces)
    return total(compare(notes_by_measure(score), truth) for score, truth in read).rhythm.f1


if __name__ == "__main__":
    typer.run(main)
