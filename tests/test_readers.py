"""Generated input: every reader reads it or says in one line why not."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omr.errors import InputError
from tests.builders.readers import READERS, SEEDS

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def check(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            READERS[name](content, Path(folder))
        except InputError as error:
            assert "\n" not in str(error), error


@pytest.mark.parametrize("name", SEEDS)
def test_a_reader_reads_its_seed(name: str, tmp_path: Path) -> None:
    READERS[name](SEEDS[name], tmp_path)


@pytest.mark.parametrize("name", SEEDS)
@QUICK
@given(
    place=st.floats(0, 1), length=st.integers(0, 20), patch=st.binary(max_size=12) | st.sampled_from(
        [b"NaN", b"-1", b"1e999", b"null", b"[]", b"{}", b"9" * 30, b'"', b"</", b"\xff\xfe"]
    )
)  # fmt: skip
def test_a_reader_meets_changed_content(name: str, place: float, length: int, patch: bytes) -> None:
    seed = SEEDS[name]
    start = int(place * len(seed))
    check(name, seed[:start] + patch + seed[start + length :])


@pytest.mark.parametrize("name", SEEDS)
@QUICK
@given(content=st.binary(max_size=200))
def test_a_reader_meets_noise(name: str, content: bytes) -> None:
    check(name, content)
