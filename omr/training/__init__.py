"""Training: one loop for every detector, threshold selection, and adaptation to pages without truth."""

from omr.training.plan import Plan
from omr.training.trainer import Trainer

__all__ = ["Plan", "Trainer"]
