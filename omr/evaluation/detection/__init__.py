"""How good detections are, told as the field tells it.

`evaluate` gives COCO's figures; a `Study` adds what happens at the threshold in
use: precision and recall, what is mistaken for what, which pages are worst.
"""

from __future__ import annotations

from omr.evaluation.detection.coco import ClassFigures, Report, evaluate
from omr.evaluation.detection.matching import best_threshold, matches
from omr.evaluation.detection.study import Study

__all__ = ["ClassFigures", "Report", "Study", "best_threshold", "evaluate", "matches"]
