"""Evaluate detections: COCO's figures, precision and recall, confusions, the worst pages.

`evaluate` computes COCO's figures over all candidates. A `Study` adds everything that depends on the
score threshold in use.
"""

from __future__ import annotations

from omr.evaluation.detection.coco import ClassFigures, Report, evaluate
from omr.evaluation.detection.matching import best_threshold, matches
from omr.evaluation.detection.study import Study

__all__ = ["ClassFigures", "Report", "Study", "best_threshold", "evaluate", "matches"]
