"""Checkpoints of a training: all that it needs to go on as if it had not stopped."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lightning_fabric import Fabric
from torch import nn, optim
from torch.optim.lr_scheduler import LRScheduler
from torch.optim.swa_utils import AveragedModel

from omr.errors import InputError
from omr.training.plan import Plan

FORMAT = 2
"""Of the file; 1 (release 0.1.0, without this key) held the moving average as a bare state dict."""

FREE = frozenset({"workers", "selection_pages", "validation_pages"})
"""Fields of a plan that may differ on resuming: they change no weight."""


@dataclass(frozen=True)
class Learning:
    """What a training changes as it goes.

    Attributes
    ----------
    model : module
        The detector, without Fabric's wrapper.
    average : AveragedModel
        The moving average of its weights.
    optimizer : Optimizer
    scheduler : LRScheduler
        Of the learning rate.
    """

    model: nn.Module
    average: AveragedModel
    optimizer: optim.Optimizer
    scheduler: LRScheduler


def save_checkpoint(
    fabric: Fabric, path: Path, learning: Learning, plan: Plan, step: int, seconds: float
) -> None:
    """Write a checkpoint, whole or not at all.

    Parameters
    ----------
    fabric : Fabric
        Every process must call; the first one writes.
    path : Path
    learning : Learning
    plan : Plan
    step : int
        Steps done.
    seconds : float
        Spent on them.
    """
    part = path.with_name(path.name + ".part")  # one name for all processes, so not `omr.files.replacing`
    fabric.save(
        part,
        {
            "format": FORMAT,
            "model": learning.model.state_dict(),
            "average": learning.average.state_dict(),
            "optimizer": learning.optimizer,
            "scheduler": learning.scheduler.state_dict(),
            "step": step,
            "seconds": seconds,
            "plan": asdict(plan),
        },
    )
    if fabric.is_global_zero:
        part.replace(path)


def load_checkpoint(fabric: Fabric, path: Path, learning: Learning, plan: Plan) -> tuple[int, float]:
    """Bring a training to where a checkpoint was written.

    Parameters
    ----------
    fabric : Fabric
    path : Path
    learning : Learning
        Its parts are changed in place.
    plan : Plan
        Must be that of the checkpoint but for `FREE` fields.

    Returns
    -------
    step : int
        Steps done.
    seconds : float
        Spent on them.

    Raises
    ------
    InputError
        When the file is of another release, or was written under another plan.
    """
    state: dict[str, Any] = fabric.load(path)
    if state.get("format") != FORMAT:
        raise InputError(f"{path}: a checkpoint of another release of omr; delete it to start afresh")
    ours = asdict(plan)
    differ = [key for key in ours if key not in FREE and state["plan"].get(key) != ours[key]]
    if differ:
        raise InputError(
            f"{path}: was trained with another {', '.join(differ)}; "
            "use the same options to go on, or delete it to start afresh"
        )
    learning.model.load_state_dict(state["model"])
    learning.average.load_state_dict(state["average"])
    learning.optimizer.load_state_dict(state["optimizer"])
    learning.scheduler.load_state_dict(state["scheduler"])
    return int(state["step"]), float(state["seconds"])
