"""One training loop for every detector, on a CPU, a GPU or several."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

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
from torch import Tensor

from omr.datasets import Dataset
from omr.datasets.crops import Crops
from omr.detectors import Detector, weights
from omr.detectors.devices import fastest_precision, find_device
from omr.detectors.layers import fold_norms
from omr.errors import InputError
from omr.registry import load_tensors
from omr.training.batches import TrainingCrops, batch_loader
from omr.training.checkpoint import Learning, load_checkpoint, save_checkpoint
from omr.training.log import append_row, cut_log, draw_log
from omr.training.optimisation import moving_average, warmup_then_cosine
from omr.training.plan import Plan
from omr.training.thresholds import select_thresholds, spread, validate

MAX_LOST_STEPS = 10
"""Steps in a row without a finite gradient after which a training has diverged (release 0.1.0)."""

MAX_GRADIENT_NORM = 10.0
"""Norm of the gradient of all weights above which it is scaled down to this (release 0.1.0)."""

LOG_EVERY = 10
"""Steps from one row of the log to the next."""


class _Autocast(MixedPrecision):
    """Mixed precision that leaves a net's inputs alone.

    Fabric's own rounds every tensor that goes into the model, and the right edge of a crop is off by half
    a cell in bfloat16: more than a stem is wide.
    """

    def convert_input(self, data: Any) -> Any:
        return data


class Trainer:
    """Trains a detector and writes its files.

    Beside the weights ``x.safetensors`` lie ``x.ckpt`` (to resume), ``x.jsonl`` (the log) and ``x.png``
    (its curves).

    Parameters
    ----------
    detector : Detector
        It is trained in place.
    datasets : sequence of Dataset
        To learn from.
    validation : Dataset or None
        To measure on while training, and to select thresholds on after it.
    out : Path
        The weights to write.
    plan : Plan
    about : dict, optional
        More for the header of the weights: the data, and under "init" the weights that it starts from.
    device : str
        "auto", "cpu", "cuda", ...
    processes : int
        Processes that train together, each on a batch of its own; 0 is one for every GPU, and one on a
        CPU. On a CPU two processes of a thread each are faster than one of two threads.

    Raises
    ------
    InputError
        When the datasets have no symbol that the detector knows, or the device does not exist.
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
        self.fabric = _fabric(device, processes)
        self.fabric.launch()
        self.fabric.seed_everything(plan.seed, verbose=False)
        self.crops = Crops(
            datasets,
            detector.classes,
            detector.space,
            plan.size,
            plan.seed,
            strength=plan.strength,
            oversample=plan.oversample,
        )
        if not (about or {}).get("init"):  # trained weights stay fitted to the data that they learnt from
            detector.fit_to(*self.crops.truth())
        detector.to(memory_format=torch.channels_last)
        self.bare = detector
        optimizer = torch.optim.AdamW(detector.parameters(), lr=plan.rate, weight_decay=plan.weight_decay)
        self.scheduler = warmup_then_cosine(optimizer, plan.warmup, plan.steps)
        self.model, self.optimizer = self.fabric.setup(detector, optimizer)
        self.average = moving_average(detector, plan.ema_decay)
        self.step = 0
        self.seconds = 0.0  # spent on learning so far, without validation
        self._lost_steps = 0  # in a row, without a finite gradient

    @property
    def checkpoint(self) -> Path:
        """The file to resume from."""
        return self.out.with_suffix(".ckpt")

    def run(self) -> None:
        """Train to the end of the plan, from the checkpoint where there is one; write the weights.

        Raises
        ------
        InputError
            When the checkpoint is of another release or plan, the training has diverged, or a file can't
            be written.
        """
        self.out.parent.mkdir(parents=True, exist_ok=True)
        if self.checkpoint.exists():
            self._resume()
        with self._progress() as progress:
            task = progress.add_task("training", total=self.plan.steps, completed=self.step, loss="")
            start = time.perf_counter() - self.seconds
            for images, targets in self._batches():
                rate = self.scheduler.get_last_lr()[0]
                losses = self._learn(images, targets)
                self.seconds = time.perf_counter() - start
                progress.update(task, completed=self.step, loss=f"loss {sum(losses.values()):.3f}")
                if self.step % LOG_EVERY == 0:
                    self._log(**losses, rate=rate, time=round(time.time(), 1))
                if self.step % self.plan.checkpoint_every == 0:
                    self._save_checkpoint()
                if self.validation is not None and self.step % self.plan.validate_every == 0:
                    self._validate(self.validation, progress)
                    start = time.perf_counter() - self.seconds
        self._save_checkpoint()
        if self.fabric.is_global_zero:
            self._finish()

    def averaged(self) -> Detector:
        """Copy the detector with the moving average of its weights.

        Returns
        -------
        Detector
            In evaluation mode, on the CPU.
        """
        detector = copy.deepcopy(self.bare).cpu()
        detector.load_state_dict(self.average.module.state_dict())
        return detector.eval()

    # a step

    def _batches(self) -> Iterator[tuple[Tensor, list[dict[str, Tensor]]]]:
        """Give the batches of this process from the present step on."""
        crops = TrainingCrops(self.crops, self.bare)
        loader = batch_loader(crops, self.plan, self.step, self.fabric.global_rank, self.fabric.world_size)
        ready: Any = self.fabric.setup_dataloaders(loader, use_distributed_sampler=False)
        yield from ready

    def _learn(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, float]:
        """Learn from a batch; return its losses by name."""
        self.model.train()
        losses = self.model(images.contiguous(memory_format=torch.channels_last), targets)
        self.fabric.backward(torch.stack(list(losses.values())).sum())
        norm = self.fabric.clip_gradients(
            self.model, self.optimizer, max_norm=MAX_GRADIENT_NORM, error_if_nonfinite=False
        )
        self._lost_steps = 0 if norm is None or norm.isfinite() else self._lost_steps + 1
        if self._lost_steps == MAX_LOST_STEPS:
            raise InputError(f"{self.out}: the training has diverged; delete its checkpoint, lower --rate")
        if not self._lost_steps:  # one batch whose gradient overflowed must not cost a day's training
            self.optimizer.step()
            self.scheduler.step()
        self.optimizer.zero_grad()
        self.average.update_parameters(self.bare)
        self.step += 1
        return {key: round(float(value.detach()), 5) for key, value in losses.items()}

    # validation, and the end

    def _validate(self, dataset: Dataset, progress: Progress) -> None:
        """Measure the moving average on validation pages; write it and the curves."""
        if not self.fabric.is_global_zero:
            return
        detector = self.averaged().to(self.fabric.device)
        fold_norms(detector)
        with self.fabric.autocast():
            report = validate(detector, dataset, spread(len(dataset), self.plan.validation_pages))
        self._log(map50=round(report.map50, 4), ap=round(report.ap, 4))
        progress.console.print(f"step {self.step}: validation {report.summary}")
        weights.save(self.averaged(), self.out, self.about)
        draw_log(self.out.with_suffix(".jsonl"), self.out.with_suffix(".png"))

    def _finish(self) -> None:
        """Write the weights, with thresholds selected on validation pages where there are any."""
        detector = self.averaged()
        weights.save(detector, self.out, self.about)
        if self.validation is not None:
            ready = load_tensors(self.out, str(self.fabric.device))
            select_thresholds(ready, self.validation, spread(len(self.validation), self.plan.selection_pages))
            detector.set_thresholds(ready.thresholds)
            weights.save(detector, self.out, self.about)
        draw_log(self.out.with_suffix(".jsonl"), self.out.with_suffix(".png"))

    # log and checkpoint

    @property
    def _learning(self) -> Learning:
        return Learning(self.bare, self.average, self.optimizer, self.scheduler)

    def _save_checkpoint(self) -> None:
        save_checkpoint(self.fabric, self.checkpoint, self._learning, self.plan, self.step, self.seconds)

    def _resume(self) -> None:
        self.step, self.seconds = load_checkpoint(self.fabric, self.checkpoint, self._learning, self.plan)
        cut_log(self.out.with_suffix(".jsonl"), self.step)

    def _log(self, **facts: Any) -> None:
        if self.fabric.is_global_zero:
            append_row(self.out.with_suffix(".jsonl"), {"step": self.step} | facts)

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


def _fabric(device: str, processes: int) -> Fabric:
    """Lightning's Fabric for a device, in bfloat16 where the hardware multiplies it natively."""
    target = find_device(device)
    fast = fastest_precision(target) == torch.bfloat16
    return Fabric(
        accelerator=device.partition(":")[0],
        devices=processes or "auto",
        plugins=_Autocast("bf16-mixed", target.type) if fast else None,
    )
