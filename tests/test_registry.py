"""The registry: its names are those of the classes, and looking at it imports no detector."""

from __future__ import annotations

import subprocess
import sys

import pytest

from omr.errors import InputError
from omr.registry import DETECTORS, new_detector


def test_detectors_names_are_those_of_their_classes() -> None:
    assert {name: kind.name for name, kind in DETECTORS.items()} == {name: name for name in DETECTORS}


def test_new_detector_unknown_name_lists_the_choices() -> None:
    with pytest.raises(InputError, match=f"oak: no such detector; choose one of {', '.join(DETECTORS)}"):
        new_detector("oak", ("stem",))


def test_new_detector_unknown_trunk_is_refused_in_one_line() -> None:
    with pytest.raises(InputError, match="no trunk is called"):
        new_detector("dwdnet", ("stem",), trunk="oak")


def test_summaries_import_no_pytorch() -> None:
    code = "import sys, omr.registry as r; r.DETECTORS.summaries; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
