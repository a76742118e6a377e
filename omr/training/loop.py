"""One training loop for every detector, on a CPU, a GPU or several."""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import torch
from lightning_fabric import Fabric
from lightning_fabric.plugins import MixedPrecision
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from torch import Tensor, nn
from torch.utils.data import DataLoader
from torch.utils.data import Dataset as TorchDataset

from omr.datasets import Dataset
from omr.datasets.crops import CROWD, Crops
from omr.detectors import Detector, weights
from omr.detectors.layers import fold_norms
from omr.detectors.tiling import MULTIPLE
from omr.errors import InputError
from omr.evaluation.detection import Report, evaluate
from omr.registry import load
from omr.training.thresholds import predict, spread, tune

MOST_LOST = 10
"""Steps in a row without a finite gradient after which a training has diverged."""


@dataclass(frozen=True)
class Plan:
    """How to train; all of it goes into the weights' header.

    Attributes
    ----------
    steps : int
        Optimiser steps, each on `batch` crops (a device).
    size : int
        Height and width of a crop, in pixels at the detector's staff space.
    rate : float
        Peak learning rate of AdamW; it rises over `warmup` steps and falls to
        nothing along a cosine.
    average : float
        Decay of the moving average of the weights, which is what is saved.
    strength : float
        Of the degradation of the crops.
    wide : int
        Every so many steps see one crop with the area of the whole batch: brackets, hairpins
        and braces are longer than a crop. 0 for none.
    practise : tuple of str
        Classes that a quarter of the crops show: what is still found badly.
    validate_every, checkpoint_every : int
        In steps.
    validation_pages, tuning_pages : int
        Whole pages that each validation reads, and that thresholds are chosen on in the end.
    """

    steps: int = 4000
    batch: int = 4
    size: int = 512
    rate: float = 2e-3
    warmup: int = 200
    decay: float = 0.02
    average: float = 0.998
    strength: float = 1.0
    seed: int = 0
    workers: int = 1
    wide: int = 4
    practise: tuple[str, ...] = ()
    validate_every: int = 500
    validation_pages: int = 6
    tuning_pages: int = 16
    checkpoint_every: int = 100

    def crops(self, step: int) -> tuple[int, int]:
        """How many crops a step learns from, and their size."""
        if self.wide and step % self.wide == self.wide - 1:
            return 1, round(self.size * self.batch**0.5 / MULTIPLE) * MULTIPLE
        return self.batch, self.size


class TrainingCrops(TorchDataset[tuple[Tensor, dict[str, Tensor]]]):
    """Crops with a detector's targets, by number and size: what the data loader asks for."""

    def __init__(self, crops: Crops, detector: Detector) -> None:
        self.crops = crops
        self.targets, self.overlook = detector.targets, detector.overlook
        self.with_masks = detector.learns_masks

    def __getitem__(self, key: tuple[int, int]) -> tuple[Tensor, dict[str, Tensor]]:
        image, boxes, labels = self.crops.crop(*key)
        ink = 1 - torch.from_numpy(image)[None].float() / 255
        crowd = labels == CROWD
        targets = self.targets(boxes[~crowd], labels[~crowd], image.shape)
        if crowd.any():
            targets = self.overlook(targets, boxes[crowd])
        if self.with_masks and (instances := self.crops.instances(*key)) is not None:
            targets["instances"] = torch.from_numpy(instances)
        return ink, targets


def collate(batch: list[tuple[Tensor, dict[str, Tensor]]]) -> tuple[Tensor, list[dict[str, Tensor]]]:
    images, targets = zip(*batch, strict=True)
    return torch.stack(images), list(targets)


class _Autocast(MixedPrecision):
    """Mixed precision that leaves a net's inputs alone.

    Fabric's own rounds every tensor that goes into the model, and the right
    edge of a crop is off by half a cell in bfloat16: more than a stem is wide.
    """

    def convert_input(self, data: Any) -> Any:
        return data


class Average:
    """The moving average of a model's weights and statistics; better than any single step's."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.steps = 0
        self.state = {key: value.detach().clone() for key, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for key, value in model.state_dict().items():
            if value.is_floating_point():
                self.state[key].lerp_(value, 1 - decay)
            else:
                self.state[key].copy_(value)


class Trainer:
    """Trains a detector and keeps its files: weights, checkpoint, log, picture.

    Beside the weights ``x.safetensors`` lie ``x.ckpt`` (to resume), ``x.jsonl``
    (a JSON object a line) and ``x.png`` (loss and mAP).

    Parameters
    ----------
    datasets : sequence of Dataset
    validation : Dataset or None
    out : Path
    plan : Plan
    about : dict, optional
        More to say in the header of the weights: what the training started from.
    device : str
        "auto", "cpu", "cuda", ...
    processes : int
        That train side by side, each on a batch of its own; 0 is one for every GPU, and one on a CPU.
        On a CPU two processes of a thread each are faster than one of two threads.
    """

    def __init__(
        self,
        detector: Detector,
        datasets: Sequence[Dataset],
        validation: Dataset | None,
        out: Path,
        plan: Plan,
        about: dict[str, Any] | None = None,
        device: str = "auto",
        processes: int = 0,
    ) -> None:
        self.plan, self.out, self.validation = plan, out, validation
        self.about = {"plan": asdict(plan)} | (about or {})
        target = weights.find_device(device)
        fast = weights.fastest_precision(target) == torch.bfloat16
        self.fabric = Fabric(
            accelerator=device.partition(":")[0],
            devices=processes or "auto",
            plugins=_Autocast("bf16-mixed", target.type) if fast else None,
        )
        self.fabric.launch()
        self.fabric.seed_everything(plan.seed, verbose=False)
        self.crops = Crops(
            datasets,
            detector.classes,
            detector.space,
            plan.size,
            plan.seed,
            strength=plan.strength,
            practise=plan.practise,
        )
        if not (about or {}).get("init"):  # what has learnt stays fitted to what it learnt from
            detector.fit_to(*self.crops.truth())
        detector.to(memory_format=torch.channels_last)
        self.bare = detector
        optimizer = torch.optim.AdamW(detector.parameters(), lr=plan.rate, weight_decay=plan.decay)
        self.model, self.optimizer = self.fabric.setup(detector, optimizer)
        self.average = Average(detector, plan.average)
        self.step = 0
        self._lost = 0  # steps in a row whose gradient was no number
        self.seconds = 0.0  # spent on learning so far, validation not counted

    # files beside the weights

    @property
    def checkpoint(self) -> Path:
        return self.out.with_suffix(".ckpt")

    def log(self, **facts: Any) -> None:
        if self.fabric.is_global_zero:
            with self.out.with_suffix(".jsonl").open("a") as file:
                file.write(json.dumps({"step": self.step} | facts) + "\n")

    def save_checkpoint(self) -> None:
        part = self.checkpoint.with_name(self.checkpoint.name + ".part")
        self.fabric.save(
            part,
            {
                "model": self.bare.state_dict(),
                "average": self.average.state,
                "optimizer": self.optimizer,
                "step": self.step,
                "seconds": self.seconds,
                "plan": asdict(self.plan),
            },
        )
        if self.fabric.is_global_zero:
            part.replace(self.checkpoint)

    def resume(self) -> None:
        """Go on from the checkpoint, exactly where it was left.

        Raises
        ------
        InputError
            When it was written under another plan: the result would be neither.
        """
        state = self.fabric.load(self.checkpoint)
        ours = asdict(self.plan)
        free = {"workers", "tuning_pages", "validation_pages"}  # these change no weight
        differ = [key for key in ours if key not in free and state["plan"].get(key) != ours[key]]
        if differ:
            raise InputError(
                f"{self.checkpoint}: was trained with another {', '.join(differ)}; "
                "use the same options to go on, or delete it to start afresh"
            )
        self.bare.load_state_dict(state["model"])
        self.average.state = state["average"]
        self.average.steps = self.step = state["step"]
        self.seconds = state.get("seconds", 0.0)
        self.optimizer.load_state_dict(state["optimizer"])
        _cut_log(self.out.with_suffix(".jsonl"), self.step)

    # the loop

    def run(self) -> None:
        """Train to the plan's end, from the checkpoint where there is one; write the weights."""
        self.out.parent.mkdir(parents=True, exist_ok=True)
        if self.checkpoint.exists():
            self.resume()
        with self._progress() as progress:
            task = progress.add_task("training", total=self.plan.steps, completed=self.step, loss="")
            start = time.perf_counter() - self.seconds
            for images, targets in self._batches():
                losses = self._learn(images, targets)
                self.seconds = time.perf_counter() - start
                progress.update(task, completed=self.step, loss=f"loss {sum(losses.values()):.3f}")
                if self.step % 10 == 0:
                    self.log(**losses, rate=self.optimizer.param_groups[0]["lr"], time=round(time.time(), 1))
                if self.step % self.plan.checkpoint_every == 0:
                    self.save_checkpoint()
                if self.validation is not None and self.step % self.plan.validate_every == 0:
                    self._validate(progress)
                    start = time.perf_counter() - self.seconds
        self.save_checkpoint()
        if self.fabric.is_global_zero:
            self._finish()

    def _progress(self) -> Progress:
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[loss]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            disable=not self.fabric.is_global_zero,
        )

    def _batches(self) -> Iterator[tuple[Tensor, list[dict[str, Tensor]]]]:
        """Crops from where the training stands; every process takes its share."""
        plan, fabric = self.plan, self.fabric
        cv2.setNumThreads(1)  # threads that have run here would be missed by the workers forked from here
        batches = [
            [((step * plan.batch + i) * fabric.world_size + fabric.global_rank, size) for i in range(count)]
            for step in range(self.step, plan.steps)
            for count, size in [plan.crops(step)]
        ]
        loader = DataLoader(
            TrainingCrops(self.crops, self.bare),
            batch_sampler=batches,
            num_workers=plan.workers,
            collate_fn=collate,
            prefetch_factor=4 if plan.workers else None,
            worker_init_fn=_single_threaded,
        )
        ready: Any = fabric.setup_dataloaders(loader, use_distributed_sampler=False)
        yield from ready

    def _learn(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, float]:
        for group in self.optimizer.param_groups:
            group["lr"] = self.plan.rate * _schedule(self.step, self.plan)
        self.model.train()
        losses = self.model(images.contiguous(memory_format=torch.channels_last), targets)
        self.fabric.backward(torch.stack(list(losses.values())).sum())
        norm = self.fabric.clip_gradients(self.model, self.optimizer, max_norm=10.0, error_if_nonfinite=False)
        self._lost = 0 if norm is None or norm.isfinite() else self._lost + 1
        if self._lost == MOST_LOST:
            raise InputError(f"{self.out}: the training has diverged; delete its checkpoint, lower --rate")
        if not self._lost:  # one batch whose gradient overflowed must not cost a day's training
            self.optimizer.step()
        self.optimizer.zero_grad()
        self.average.update(self.bare)
        self.step += 1
        return {key: round(float(value.detach()), 5) for key, value in losses.items()}

    def averaged(self) -> Detector:
        """A copy of the detector with the averaged weights, on the CPU, ready to be saved."""
        detector = copy.deepcopy(self.bare).cpu()
        detector.load_state_dict(self.average.state)
        return detector.eval()

    def _finish(self) -> None:
        """Write the weights; with validation pages at hand, choose on them what training leaves open."""
        detector = self.averaged()
        weights.save(detector, self.out, self.about)
        if self.validation is not None:
            ready = load(self.out, str(self.fabric.device))
            tune(ready, self.validation, spread(len(self.validation), self.plan.tuning_pages))
            detector.tune(ready.tuning)
            weights.save(detector, self.out, self.about)
        draw_log(self.out.with_suffix(".jsonl"), self.out.with_suffix(".png"))

    def _validate(self, progress: Progress) -> None:
        if not self.fabric.is_global_zero or self.validation is None:
            return
        detector = self.averaged().to(self.fabric.device)
        fold_norms(detector)
        with self.fabric.autocast():
            report = score(detector, self.validation, self.plan.validation_pages)
        self.log(map50=round(report.map50, 4), ap=round(report.ap, 4))
        progress.console.print(f"step {self.step}: validation {report.summary}")
        weights.save(self.averaged(), self.out, self.about)
        draw_log(self.out.with_suffix(".jsonl"), self.out.with_suffix(".png"))


def _single_threaded(_: int) -> None:
    """A worker that spawned threads would starve the net of its cores."""
    cv2.setNumThreads(1)
    torch.set_num_threads(1)


def _schedule(step: int, plan: Plan) -> float:
    """The learning rate's share of its peak: a linear rise, then half a cosine down."""
    if step < plan.warmup:
        return (step + 1) / plan.warmup
    return 0.5 * (1 + math.cos(math.pi * (step - plan.warmup) / max(1, plan.steps - plan.warmup)))


def score(detector: Detector, dataset: Dataset, count: int) -> Report:
    """COCO figures on `count` whole pages spread over a dataset."""
    return evaluate(*predict(detector, dataset, spread(len(dataset), count)))


def _cut_log(path: Path, step: int) -> None:
    """Drop what was logged after the checkpoint: it will be logged again."""
    if path.exists():
        lines = [line for line in path.read_text().splitlines() if json.loads(line)["step"] <= step]
        path.write_text("".join(line + "\n" for line in lines))


def draw_log(log: Path, picture: Path) -> None:
    """The losses and the validation figures over the steps."""
    from matplotlib.figure import Figure

    rows = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    figure = Figure(figsize=(9, 5), layout="constrained")
    left = figure.subplots()
    right = left.twinx()
    parts = [key for key in (rows[0] if rows else {}) if key not in ("step", "rate", "time", "map50", "ap")]
    for key in parts:
        steps, values = zip(*((row["step"], row[key]) for row in rows if key in row), strict=True)
        left.plot(steps, values, label=key, linewidth=1)
    for key, label in (("map50", "mAP50"), ("ap", "AP")):
        points = [(row["step"], 100 * row[key]) for row in rows if key in row]
        if points:
            right.plot(*zip(*points, strict=True), "o--", label=label)
    left.set(xlabel="step", ylabel="loss", yscale="log")
    right.set(ylabel="validation, %", ylim=(0, 100))
    if rows:
        figure.legend(loc="outside upper center", ncols=6)
    figure.savefig(picture, dpi=120)
