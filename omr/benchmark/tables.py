"""Show results as tables, as Markdown, and as comparisons with the rivals of DWDNet's paper."""

from __future__ import annotations

from collections.abc import Sequence

from omr.benchmark.results import Figures, Result, Training
from omr.benchmark.settings import Settings
from omr.benchmark.table_rows import ABLATIONS, DWDNET, ROWS
from omr.evaluation.detection.tables import NO_FIGURE, Table, percent

RIVALS = ("faster_rcnn", "unet")
"""Rows that DWDNet's paper compares it with."""

ACCURACY = ("mAP50", "AP75", "AP", "AP thin", "AP tiny")
"""Columns of accuracy; thin and tiny are groups of `omr.evaluation.detection.size_groups`."""


def tables(results: Sequence[Result], settings: Settings) -> list[Table]:
    """Make the tables of accuracy, of cost, and of ablations.

    Parameters
    ----------
    results : sequence of Result
        In the order of the lines.
    settings : Settings

    Returns
    -------
    list of Table
        Those that the results have rows for.
    """
    names = {row.name for row in ABLATIONS}
    detectors = [result for result in results if result.row not in names]
    parts = _detectors(detectors, settings) if detectors else []
    return [*parts, _ablations(results, settings)] if len(detectors) < len(results) else parts


def _detectors(results: Sequence[Result], settings: Settings) -> list[Table]:
    """Make the tables of accuracy and of cost of the detectors."""
    accuracy = [(result.row, *_accuracy(result.figures)) for result in results]
    costs = [(result.row, *_reading(result.figures), *_trained(result.training)) for result in results]
    return [
        Table(
            _title(results, settings),
            ("row", *ACCURACY),
            accuracy,
            "In %. Thin: at least 8 times as long as wide; tiny: below 0.75 staff spaces.",
        ),
        Table(
            "What it costs",
            ("row", "s a page", "memory", "parameters", "multiply-adds", "steps", "trained"),
            costs,
            _explained(settings),
        ),
    ]


def _ablations(results: Sequence[Result], settings: Settings) -> Table:
    """Make the table of DWDNet, its ablations, and its other trunks."""
    by_name = {result.row: result for result in results}
    ours = by_name.get(DWDNET.name)
    lines = []
    for row in (
        DWDNET,
        *ABLATIONS,
        *(row for row in ROWS if row.detector == DWDNET.detector and row != DWDNET),
    ):
        if result := by_name.get(row.name):
            first, *others = _accuracy(result.figures)
            change = _change(result.figures, ours.figures if ours else None)
            seconds, steps = _reading(result.figures)[0], _trained(result.training)[0]
            lines.append((row.name, first, change, *others, seconds, steps))
    return Table(
        f"Ablations: {DWDNET.name} with one part changed",
        ("row", "mAP50", "±", *ACCURACY[1:], "s a page", "steps"),
        lines,
        f"±: mAP50 minus that of {DWDNET.name}, one training each. stamp: energy peaks of one size for all "
        "symbols. levels: energy classified into levels in place of regression. components: threshold and "
        f"connected components in place of the watershed, on the energy of {DWDNET.name}. cascade: trunk "
        "without the shortcut to the encoder's features. sizes: boxes start from the median size of their "
        "class. ramp: the weight of the box loss rises over 500 steps. visible: symbols that a crop cuts are "
        "weighed by their visible part. space8, space16: 8 and 16 pixels a staff space in "
        "place of 12, with crops of the same music.",
    )


def _change(figures: Figures | None, ours: Figures | None) -> str:
    """Return the difference in mAP50, in points."""
    if figures is None or ours is None or figures is ours:
        return NO_FIGURE
    return f"{100 * (figures.map50 - ours.map50):+.1f}"


def _title(results: Sequence[Result], settings: Settings) -> str:
    """Return the title of the accuracy table: budget, test pages, protocol."""
    budget = f"{settings.minutes:g} minutes" if settings.minutes is not None else f"{settings.steps} steps"
    crops = f"{settings.batch * max(1, settings.processes)} crops of {settings.size} x {settings.size}"
    measured = [result.figures for result in results if result.figures]
    on = f"; {measured[0].pages} pages, {measured[0].symbols} symbols" if measured else ""
    return f"Trained for {budget} of {crops}, seed {settings.seed}{on}, protocol {settings.protocol}"


def _explained(settings: Settings) -> str:
    """Return the units of the cost table."""
    return (
        "s a page: from grey image and staff space to symbols, median of the pages. "
        "memory: MiB, the peak of a process that reads these pages and does nothing else"
        f"{', of the GPU where one is used' if settings.device != 'cpu' else ''}. "
        "parameters: millions. multiply-adds: thousand millions for 512 x 512 pixels of music, the whole "
        "detector. trained: seconds of learning, validation not included."
    )


def _accuracy(figures: Figures | None) -> tuple[str, ...]:
    """Return the cells of `ACCURACY`."""
    if figures is None:
        return (NO_FIGURE,) * len(ACCURACY)
    shares = (figures.map50, figures.ap75, figures.ap, figures.groups["thin"], figures.groups["tiny"])
    return tuple(map(percent, shares))


def _reading(figures: Figures | None) -> tuple[str, ...]:
    """Return the cells of seconds, memory, parameters and multiply-adds."""
    if figures is None:
        return (NO_FIGURE,) * 4
    return (
        f"{figures.seconds:.2f}",
        NO_FIGURE if figures.memory is None else f"{figures.memory / 2**20:.0f}",
        f"{figures.parameters / 1e6:.2f}",
        f"{figures.multiply_adds / 1e9:.1f}",
    )


def _trained(training: Training | None) -> tuple[str, ...]:
    """Return the cells of steps and learning time."""
    return (NO_FIGURE,) * 2 if training is None else (str(training.steps), f"{training.seconds:.0f}")


def ratios(results: Sequence[Result]) -> list[str]:
    """Compare DWDNet with its `RIVALS`.

    Parameters
    ----------
    results : sequence of Result

    Returns
    -------
    list of str
        A sentence for each rival that, like DWDNet, has figures.
    """
    by_name = {result.row: result.figures for result in results if result.figures}
    ours = by_name.get(DWDNET.name)
    return [
        f"{DWDNET.name} takes {ours.seconds:.2f} s a page and {rival} {theirs.seconds:.2f} s, "
        f"{theirs.seconds / ours.seconds:.2f} times as long; "
        f"mAP50 {percent(ours.map50)} and {percent(theirs.map50)}."
        for rival in RIVALS
        if ours and (theirs := by_name.get(rival))
    ]


def failures(results: Sequence[Result]) -> list[str]:
    """Tell which rows failed.

    Parameters
    ----------
    results : sequence of Result

    Returns
    -------
    list of str
        A line for each failed row, with the reason.
    """
    return [f"{result.row} failed: {result.failure}" for result in results if result.failure]


def markdown(results: Sequence[Result], settings: Settings, pictures: Sequence[tuple[str, str]]) -> str:
    """Write the whole report in Markdown.

    Parameters
    ----------
    results : sequence of Result
    settings : Settings
    pictures : sequence of (str, str)
        Title and file name of each picture, relative to the report.

    Returns
    -------
    str
    """
    shown = [
        part
        for table in tables(results, settings)
        for part in (f"{table.title}.", table.markdown(), table.note)
    ]
    facts = [f"- {line}" for line in (*ratios(results), *failures(results))]
    where = (
        f"Learnt from `{settings.dataset}`; validated on {_named(settings.validate, 'val')}, measured on "
        f"{_named(settings.test, 'test')}. "
        f"Training processes: {settings.processes}; device: {settings.device}."
    )
    parts = ["# Benchmark", *shown, where, "\n".join(facts)]
    parts += [f"## {name}\n\n![{name}]({file})" for name, file in pictures]
    return "\n\n".join(part for part in parts if part) + "\n"


def _named(given: str | None, split: str) -> str:
    """Name the dataset or the split that pages are from."""
    return f"`{given}`" if given else f"its split {split}"
