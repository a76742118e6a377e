"""All detectors on equal terms: the same crops, the same budget, the same pages, one table."""

from __future__ import annotations

from omr.benchmark.results import Result
from omr.benchmark.rows import ROWS, Row
from omr.benchmark.run import run
from omr.benchmark.setup import Setup

__all__ = ["ROWS", "Result", "Row", "Setup", "run"]
