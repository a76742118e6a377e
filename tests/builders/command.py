"""Run the command line inside the test."""

from __future__ import annotations

import sys

import pytest

from omr.cli import main


def omr(*arguments: object) -> int:
    """Run a command line and return its exit status."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["omr", *map(str, arguments)])
        try:
            main()
        except SystemExit as end:
            return int(end.code or 0)
    return 0
