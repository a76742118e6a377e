"""What a row asks for, each in a process of its own: its pace, its training, its figures."""

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
from omr.benchmark.results import Figures, Training
from omr.benchmark.rows import Row
from omr.benchmark.setup import Setup, read_json, write_json
from omr.datasets import Dataset
from omr.detectors import Detector
from omr.detectors.base import CANONICAL_SPACE, at_space, to_ink
from omr.detectors.tiling import MULTIPLE
from omr.detectors.weights import ready, save
from omr.evaluation.detection import Report, evaluate
from omr.evaluation.detection.protocols import PROTOCOLS, Comparison
from omr.page import Page
from omr.registry import DETECTORS, new_detector, read
from omr.staves import find_staves
from omr.training import Plan, Trainer
from omr.training.thresholds import select_thresholds, spread
from omr.vocabulary import CORE

SIDE = 512
"""Pixels a side of what multiply-adds are counted on, at the canonical staff space."""


class _Timed(Trainer):
    """Notes when each step was over."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.ends: list[float] = []

    def _learn(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, float]:
        losses = super()._learn(images, targets)
        self.ends.append(time.perf_counter())
        return losses


def measure_pace(setup: Setup, row: Row) -> float:
    """Seconds of a step: the mean of two rounds of ordinary and wide crops, after a round to warm up."""
    round_ = max(1, setup.plan(row, 1).large_crop_every)
    plan = replace(setup.plan(row, 3 * round_), checkpoint_every=10**9)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        trainer = _trainer(_Timed, setup, row, plan, Path(folder) / "pace.safetensors", validate=False)
        trainer.run()
    assert isinstance(trainer, _Timed)
    return (trainer.ends[-1] - trainer.ends[round_ - 1]) / (2 * round_)


def train(setup: Setup, row: Row, steps: int, folder: Path) -> None:
    """Write ``FOLDER/<row>.safetensors`` and, when all is done, ``<row>.training.json``."""
    plan = setup.plan(row, steps)
    out = folder / f"{row.name}.safetensors"
    trainer = _trainer(Trainer, setup, row, plan, out, validate=True)
    trainer.run()
    if trainer.fabric.is_global_zero:
        memory = peak_memory(trainer.fabric.device)
        curve = tuple(_curve(out.with_suffix(".jsonl")))
        done = Training(steps, trainer.seconds, memory, plan.rate, curve)
        write_json(folder / f"{row.name}.training.json", asdict(done))


def take_over(setup: Setup, row: Row, folder: Path) -> None:
    """Write what `train` writes: the weights of another row, and what validation chooses for this one."""
    learnt = read(folder / f"{row.weights}.safetensors")
    detector = DETECTORS[row.detector](**learnt.config | dict(row.options))
    detector.load_state_dict(learnt.state_dict())
    if (pages := setup.validation()) is not None:
        trial = ready(copy.deepcopy(detector), setup.device)
        select_thresholds(trial, pages, spread(len(pages), setup.validation_pages))
        detector.set_thresholds(trial.thresholds)
    save(detector, folder / f"{row.name}.safetensors", {"weights": row.weights})
    write_json(folder / f"{row.name}.training.json", read_json(folder / f"{row.weights}.training.json"))


def _trainer(
    kind: type[Trainer], setup: Setup, row: Row, plan: Plan, out: Path, *, validate: bool
) -> Trainer:
    torch.manual_seed(setup.seed)
    detector = new_detector(row.detector, CORE, **row.options)
    return kind(
        detector,
        [setup.training()],
        setup.validation() if validate else None,
        out,
        plan,
        {"data": [setup.dataset]},
        setup.device,
        setup.processes,
    )


def _curve(log: Path) -> list[tuple[int, float]]:
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return [(line["step"], line["map50"]) for line in map(json.loads, lines) if "map50" in line]


def measure(setup: Setup, row: Row, folder: Path) -> Figures:
    """Read the test pages."""
    detector = read(folder / f"{row.name}.safetensors")
    size = parameters(detector)  # before normalisation is folded into the weights
    detector = ready(detector, setup.device)
    data = setup.testing()
    rules = Comparison.on(data, PROTOCOLS[setup.protocol])
    pages = spread(len(data), setup.pages or len(data))
    products = _multiply_adds(detector, data, pages[0])  # warms up, too
    seconds, found = [], []
    for i in pages:
        image, space = data.image(i), data.staff_space(i)
        start = time.perf_counter()
        symbols = detector.detect(image, space)
        seconds.append(time.perf_counter() - start)
        page = data[i].with_symbols(symbols)
        if rules.target != "core":  # staves tell what the looks don't
            page = replace(page, staves=tuple(find_staves(image)))
        found.append(rules.found(page))
    memory = peak_memory(detector.device)
    report = _report(data, rules, pages, found)
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
    )


def _report(data: Dataset, rules: Comparison, pages: Sequence[int], found: list[Page]) -> Report:
    core = rules.target == "core"
    truth = [rules.truth(data.core(i) if core else data[i], "core" if core else None) for i in pages]
    return evaluate(truth, found, spaces=[data.staff_space(i) for i in pages])


def _multiply_adds(detector: Detector, data: Dataset, page: int) -> float:
    """Of the middle of a page: what some heads cost depends on the ink."""
    small = at_space(data.image(page), data.staff_space(page), detector.space)
    wanted = MULTIPLE * round(SIDE * detector.space / CANONICAL_SPACE / MULTIPLE)
    top, left = (max(0, (side - wanted) // 2) for side in small.shape)
    middle = small[top : top + wanted, left : left + wanted]
    square = np.full((wanted, wanted), 255, np.uint8)
    square[: middle.shape[0], : middle.shape[1]] = middle
    ink = to_ink(square).to(detector.device)
    return multiply_adds(lambda: detector.find(ink))
