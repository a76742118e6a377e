"""One training loop for every detector, the choice of its thresholds, and adaptation to unlabelled pages."""

from omr.training.loop import (
    Average,
    Plan,
    Trainer,
    TrainingCrops,
    collate,
    draw_log,
    score,
)

__all__ = ["Average", "Plan", "Trainer", "TrainingCrops", "collate", "draw_log", "score"]
