"""The work of a table row: measure its pace, train it, measure it. Each runs in a process of its own."""

from __future__ import annotations

import copy
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from omr.benchmark.cost import multiply_adds, parameters, peak_memory
from omr.benchmark.outcomes import LEAST_INSTANCES, Outcomes
from omr.benchmark.results import Figures, Training
from omr.benchmark.settings import Settings, read_json, write_json
from omr.benchmark.table_rows import Row
from omr.datasets import Dataset
from omr.detectors import Detector
from omr.detectors.base import to_ink
from omr.detectors.search import CANONICAL_SPACE, at_space
from omr.detectors.tiling import MULTIPLE
from omr.detectors.weights import ready, save
from omr.evaluation.detection import evaluate
from omr.evaluation.detection.protocols import PROTOCOLS, Comparison
from omr.page import Page, Symbol
from omr.registry import DETECTORS, new_detector, read
from omr.staves import find_staves
from omr.training import Plan, Trainer
from omr.training.thresholds import select_thresholds, spread, unrefined
from omr.vocabulary import CORE

SIDE = 512
"""Side, in pixels at the canonical staff space, of the square that multiply-adds are counted on."""

TIMED_ROUNDS = 2
"""Rounds of ordinary and large crops whose steps are timed, after one round to warm up."""

NEVER = 10**9
"""Steps between checkpoints of a training that needs none."""

WHITE = 255
"""Grey value of empty paper."""


class _TimedTrainer(Trainer):
    """A trainer that records when each step ended."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.ends: list[float] = []

    def _learn(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, float]:
        losses = super()._learn(images, targets)
        self.ends.append(time.perf_counter())
        return losses


def measure_pace(settings: Settings, row: Row) -> float:
    """Measure how long an optimiser step of a row takes.

    Parameters
    ----------
    settings : Settings
    row : Row

    Returns
    -------
    float
        Seconds, mean over `TIMED_ROUNDS`.
    """
    round_ = max(1, settings.plan(row, 1).large_crop_every)
    plan = replace(settings.plan(row, (1 + TIMED_ROUNDS) * round_), checkpoint_every=NEVER)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        trainer = _trainer(
            _TimedTrainer, settings, row, plan, Path(folder) / "pace.safetensors", validate=False
        )
        trainer.run()
    assert isinstance(trainer, _TimedTrainer)
    return (trainer.ends[-1] - trainer.ends[round_ - 1]) / (TIMED_ROUNDS * round_)


def train(settings: Settings, row: Row, steps: int, folder: Path) -> None:
    """Train a row.

    Parameters
    ----------
    settings : Settings
    row : Row
    steps : int
        Optimiser steps.
    folder : Path
        Receives ``ROW.safetensors`` and, at the very end, ``ROW.training.json``.
    """
    plan = settings.plan(row, steps)
    out = folder / f"{row.name}.safetensors"
    trainer = _trainer(Trainer, settings, row, plan, out, validate=True)
    trainer.run()
    if trainer.fabric.is_global_zero:
        memory = peak_memory(trainer.fabric.device)
        curve = tuple(_curve(out.with_suffix(".jsonl")))
        done = Training(steps, trainer.seconds, memory, plan.rate, curve)
        write_json(folder / f"{row.name}.training.json", asdict(done))


def copy_weights(settings: Settings, row: Row, folder: Path) -> None:
    """Give a row the weights of another row and select its thresholds on the validation pages.

    Parameters
    ----------
    settings : Settings
    row : Row
        Its `weights` name the row that was trained.
    folder : Path
        Holds the files of the trained row; receives the files that `train` would write.
    """
    learnt = read(folder / f"{row.weights}.safetensors")
    detector = DETECTORS[row.detector](**learnt.config | dict(row.options))
    detector.load_state_dict(learnt.state_dict())
    if (pages := settings.validation()) is not None:
        trial = ready(copy.deepcopy(detector), settings.device)
        select_thresholds(trial, pages, spread(len(pages), settings.selection_pages))
        detector.set_thresholds(trial.thresholds)
    save(detector, folder / f"{row.name}.safetensors", {"weights": row.weights})
    write_json(folder / f"{row.name}.training.json", read_json(folder / f"{row.weights}.training.json"))


def _trainer(
    kind: type[Trainer], settings: Settings, row: Row, plan: Plan, out: Path, *, validate: bool
) -> Trainer:
    """Make the trainer of a row, with initial weights by the seed."""
    torch.manual_seed(settings.seed)
    detector = new_detector(row.detector, CORE, **row.options)
    return kind(
        detector,
        [settings.training()],
        settings.validation() if validate else None,
        out,
        plan,
        {"data": [settings.dataset]},
        settings.device,
        settings.processes,
    )


def _curve(log: Path) -> list[tuple[int, float]]:
    """Read step and mAP50 of each validation from the log of a training."""
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return [(line["step"], line["map50"]) for line in map(json.loads, lines) if "map50" in line]


def measure(settings: Settings, row: Row, folder: Path) -> Figures:
    """Detect on the test pages and compare with their truth.

    Parameters
    ----------
    settings : Settings
    row : Row
    folder : Path
        Holds ``ROW.safetensors``; receives ``ROW.outcomes.npz``.

    Returns
    -------
    Figures
    """
    detector = read(folder / f"{row.name}.safetensors")
    size = parameters(detector)  # counted before normalisation is folded into the weights
    detector = ready(detector, settings.device)
    data = settings.testing()
    rules = Comparison.on(data, PROTOCOLS[settings.protocol])
    pages = spread(len(data), settings.pages or len(data))
    products = _multiply_adds(detector, data, pages[0])  # also warms the detector up
    seconds, found, raw = [], [], []
    for i in pages:
        image, space = data.image(i), data.staff_space(i)
        start = time.perf_counter()
        symbols = detector.detect(image, space)
        seconds.append(time.perf_counter() - start)
        found.append(_compared(data, rules, i, symbols))
        raw.append(_compared(data, rules, i, unrefined(detector, image, space)))
    memory = peak_memory(detector.device)
    truth = [_truth(data, rules, i) for i in pages]
    spaces = [data.staff_space(i) for i in pages]
    report, bare = evaluate(truth, found, spaces=spaces), evaluate(truth, raw)
    Outcomes.of([data.piece(i) for i in pages], truth, found).write(folder / f"{row.name}.outcomes.npz")
    frequent = [of for of in report.classes if of.count >= LEAST_INSTANCES]
    return Figures(
        map50=report.map50,
        ap75=report.ap75,
        ap=report.ap,
        groups={name: of.ap if of.count else None for name, of in report.groups.items()},
        seconds=statistics.median(seconds),
        memory=memory,
        parameters=size,
        multiply_adds=products,
        pages=len(pages),
        symbols=report.count,
        classes=len(report.classes),
        candidates=sum(len(page.symbols) for page in found),
        frequent_map50=float(np.mean([of.ap50 for of in frequent])) if frequent else 0.0,
        frequent_ap=float(np.mean([of.ap for of in frequent])) if frequent else 0.0,
        weighted_map50=report.weighted_map50,
        raw_map50=bare.map50,
        raw_ap=bare.ap,
    )


def _compared(data: Dataset, rules: Comparison, i: int, symbols: Sequence[Symbol]) -> Page:
    """Bring what was found on page `i` into the names of the protocol."""
    page = data[i].with_symbols(symbols)
    if rules.target != "core":  # names such as noteheadBlackOnLine need the staves
        page = replace(page, staves=tuple(find_staves(data.image(i))))
    return rules.found(page)


def _truth(data: Dataset, rules: Comparison, i: int) -> Page:
    """Read the truth of page `i` in the names of the protocol."""
    core = rules.target == "core"
    return rules.truth(data.core(i) if core else data[i], "core" if core else None)


def _multiply_adds(detector: Detector, data: Dataset, page: int) -> float:
    """Count the multiply-adds for the middle of a page: the cost of some heads depends on the ink."""
    small = at_space(data.image(page), data.staff_space(page), detector.space)
    wanted = MULTIPLE * round(SIDE * detector.space / CANONICAL_SPACE / MULTIPLE)
    top, left = (max(0, (side - wanted) // 2) for side in small.shape)
    middle = small[top : top + wanted, left : left + wanted]
    square = np.full((wanted, wanted), WHITE, np.uint8)
    square[: middle.shape[0], : middle.shape[1]] = middle
    ink = to_ink(square).to(detector.device)
    return multiply_adds(lambda: detector.find(ink))
