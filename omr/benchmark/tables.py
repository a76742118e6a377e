"""Results as a table, as Markdown, and as ratios to the rivals."""

from __future__ import annotations

from collections.abc import Sequence

from omr.benchmark.results import Figures, Result, Training
from omr.benchmark.rows import ABLATIONS, OURS, ROWS
from omr.benchmark.setup import Setup
from omr.evaluation.detection.tables import NOTHING, Table, percent

RIVALS = ("faster_rcnn", "unet")
"""What DWDNet's paper compares itself with."""

ACCURACY = ("mAP50", "AP75", "AP", "AP thin", "AP tiny")


def tables(results: Sequence[Result], setup: Setup) -> list[Table]:
    """Accuracy and cost of the detectors, and the ablations of ours, as far as they are there."""
    names = {row.name for row in ABLATIONS}
    detectors = [result for result in results if result.row not in names]
    parts = _detectors(detectors, setup) if detectors else []
    return [*parts, _ablations(results, setup)] if len(detectors) < len(results) else parts


def _detectors(results: Sequence[Result], setup: Setup) -> list[Table]:
    """A line a row, in the order given."""
    accuracy = [(result.row, *_accuracy(result.figures)) for result in results]
    costs = [(result.row, *_reading(result.figures), *_trained(result.training)) for result in results]
    return [
        Table(
            _title(results, setup),
            ("row", *ACCURACY),
            accuracy,
            "In %. Thin: at least 8 times as long as wide; tiny: below 0.75 staff spaces.",
        ),
        Table(
            "What it costs",
            ("row", "s a page", "memory", "parameters", "products", "steps", "trained"),
            costs,
            _explained(setup),
        ),
    ]


def _ablations(results: Sequence[Result], setup: Setup) -> Table:
    """DWDNet, and what becomes of it with one part changed: a line for each part, and for each trunk."""
    by_name = {result.row: result for result in results}
    ours = by_name.get(OURS.name)
    lines = []
    for row in (OURS, *ABLATIONS, *(row for row in ROWS if row.detector == OURS.detector and row != OURS)):
        if result := by_name.get(row.name):
            first, *others = _accuracy(result.figures)
            change = _change(result.figures, ours.figures if ours else None)
            seconds, steps = _reading(result.figures)[0], _trained(result.training)[0]
            lines.append((row.name, first, change, *others, seconds, steps))
    return Table(
        f"Ablations: {OURS.name} with one part changed",
        ("row", "mAP50", "±", *ACCURACY[1:], "s a page", "steps"),
        lines,
        f"±: mAP50 less that of {OURS.name}, of one training each. stamp: peaks of one size for all symbols. "
        "levels: energy in levels, of which the likeliest counts. components: threshold and connected "
        f"components of the energy that {OURS.name} has learnt. space: pixels to a staff space, elsewhere "
        "12; crops show as much music.",
    )


def _change(figures: Figures | None, ours: Figures | None) -> str:
    if figures is None or ours is None or figures is ours:
        return NOTHING
    return f"{100 * (figures.map50 - ours.map50):+.1f}"


def _title(results: Sequence[Result], setup: Setup) -> str:
    budget = f"{setup.minutes:g} minutes" if setup.minutes is not None else f"{setup.steps} steps"
    crops = f"{setup.batch * max(1, setup.processes)} crops of {setup.size} x {setup.size}"
    measured = [result.figures for result in results if result.figures]
    on = f"; {measured[0].pages} pages, {measured[0].symbols} symbols" if measured else ""
    return f"Trained for {budget} of {crops}, seed {setup.seed}{on}, protocol {setup.protocol}"


def _explained(setup: Setup) -> str:
    return (
        "s a page: from grey image and staff space to symbols, the median of the pages. "
        "memory: MB, the peak of a process that reads these pages and does nothing else"
        f"{', of the GPU where one is used' if setup.device != 'cpu' else ''}. "
        "parameters: millions. products: multiply-adds in thousand millions, of 512 x 512 pixels of music, "
        "all of the net. trained: seconds spent on learning, validation aside."
    )


def _accuracy(figures: Figures | None) -> tuple[str, ...]:
    if figures is None:
        return (NOTHING,) * 5
    shares = (figures.map50, figures.ap75, figures.ap, figures.groups["thin"], figures.groups["tiny"])
    return tuple(map(percent, shares))


def _reading(figures: Figures | None) -> tuple[str, ...]:
    if figures is None:
        return (NOTHING,) * 4
    return (
        f"{figures.seconds:.2f}",
        NOTHING if figures.memory is None else f"{figures.memory / 2**20:.0f}",
        f"{figures.parameters / 1e6:.2f}",
        f"{figures.multiply_adds / 1e9:.1f}",
    )


def _trained(training: Training | None) -> tuple[str, ...]:
    return (NOTHING,) * 2 if training is None else (str(training.steps), f"{training.seconds:.0f}")


def ratios(results: Sequence[Result]) -> list[str]:
    """DWDNet beside its rivals, a sentence each; none without both."""
    by_name = {result.row: result.figures for result in results if result.figures}
    ours = by_name.get(OURS.name)
    return [
        f"{OURS.name} takes {ours.seconds:.2f} s a page and {rival} {theirs.seconds:.2f} s, "
        f"{theirs.seconds / ours.seconds:.2f} times as long; "
        f"mAP50 {percent(ours.map50)} and {percent(theirs.map50)}."
        for rival in RIVALS
        if ours and (theirs := by_name.get(rival))
    ]


def failures(results: Sequence[Result]) -> list[str]:
    return [f"{result.row} failed: {result.failure}" for result in results if result.failure]


def markdown(results: Sequence[Result], setup: Setup, pictures: Sequence[tuple[str, str]]) -> str:
    """The whole report; `pictures` are titles and file names."""
    shown = [
        part for table in tables(results, setup) for part in (f"{table.title}.", table.markdown(), table.note)
    ]
    facts = [f"- {line}" for line in (*ratios(results), *failures(results))]
    where = (
        f"Learnt from `{setup.dataset}`; validated on {_named(setup.validate, 'val')}, measured on "
        f"{_named(setup.test, 'test')}. Processes that train: {setup.processes}; device: {setup.device}."
    )
    parts = ["# Benchmark", *shown, where, "\n".join(facts)]
    parts += [f"## {name}\n\n![{name}]({file})" for name, file in pictures]
    return "\n\n".join(part for part in parts if part) + "\n"


def _named(given: str | None, split: str) -> str:
    return f"`{given}`" if given else f"its split {split}"
