"""JSON read one value at a time."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omr.json_stream import JsonStream

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


def walked(stream: JsonStream, like: Any) -> Any:
    """Read a value by walking its containers."""
    if isinstance(like, dict):
        return {key: walked(stream, like[json.loads(json.dumps(key))]) for key in stream.members()}
    if isinstance(like, list):
        return [walked(stream, like[i]) for i, _ in enumerate(stream.members())]
    return stream.value()


@settings(deadline=None, max_examples=60)
@given(values, st.sampled_from([None, 1]), st.integers(1, 7))
def test_json_stream_reads_like_json(value: Any, indent: int | None, chunk: int) -> None:
    text = json.dumps(value, indent=indent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("omr.json_stream.CHUNK", chunk)
        assert walked(JsonStream(io.BytesIO(text.encode())), value) == value
        assert JsonStream(io.BytesIO(text.encode())).value() == value


@settings(deadline=None, max_examples=60)
@given(values.filter(lambda value: isinstance(value, dict | list)), st.data())
def test_json_stream_of_a_cut_file(value: Any, data: st.DataObject) -> None:
    text = json.dumps(value)
    cut = text[: data.draw(st.integers(0, len(text) - 1))]
    with pytest.raises(ValueError):
        walked(JsonStream(io.BytesIO(cut.encode())), value)


def test_json_stream_positions_are_bytes() -> None:
    text = '{"ä": 1, "b": "日本", "c": [true]}'.encode()
    stream = JsonStream(io.BytesIO(text))
    spans = []
    for _ in stream.members():
        start = stream.position
        stream.value()
        spans.append(text[start : stream.position].decode())
    assert spans == ["1", '"日本"', "[true]"]
