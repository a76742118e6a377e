"""RapidOCR: PaddleOCR's networks, whose weights come inside the wheel, on ONNX Runtime or OpenVINO."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any

import cv2
import numpy as np

from omr.page import Box
from omr.text.recogniser import Grey, Letters

_NOTHING = Letters("", (), 0.0)

_SHORTEST = (3, 48, 96)
"""Channels, height and least width in pixels to which a line is scaled: syllables are shorter than the 320
pixels of RapidOCR, and reading takes time in proportion to the width."""


class Rapid:
    """The recogniser of the package rapidocr."""

    def __init__(self) -> None:
        from rapidocr import EngineType, RapidOCR

        engine = EngineType.ONNXRUNTIME if find_spec("onnxruntime") else EngineType.OPENVINO
        self._engine: Any = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.max_side_len": 10000,  # pages are scaled before they come here
                "Det.engine_type": engine,
                "Rec.engine_type": engine,
                "Det.limit_type": "min",
                "Det.limit_side_len": 32,
                "Rec.rec_img_shape": list(_SHORTEST),
            }
        )

    def find(self, grey: Grey) -> list[Box]:
        """Find pieces of lines of words.

        Parameters
        ----------
        grey : array (height, width) of uint8
            A page or part of it.

        Returns
        -------
        list of Box
            In pixels of the picture.
        """
        found = self._engine(_colour(grey), use_det=True, use_cls=False, use_rec=False)
        corners = () if found.boxes is None else found.boxes
        return [Box(*map(float, (*np.min(c, axis=0), *np.max(c, axis=0)))) for c in corners]

    def read(self, grey: Grey) -> Letters:
        """Read one piece of a line.

        Parameters
        ----------
        grey : array (height, width) of uint8
            A picture of nothing else.

        Returns
        -------
        Letters
        """
        found = self._engine(_colour(grey), use_det=False, use_cls=False, use_rec=True, return_word_box=True)
        if not found.txts or not found.txts[0].strip():
            return _NOTHING
        text = found.txts[0]
        return Letters(text, _places(text, found.word_results[0]), float(found.scores[0]))


def _colour(grey: Grey) -> np.ndarray[Any, Any]:
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))


def _places(text: str, info: Any) -> tuple[float, ...]:
    """Place every character, from the network's columns; spaces lie between their neighbours."""
    columns: Iterator[int] = (column for word in info.word_cols for column in word)
    places = [
        None if character.isspace() else (next(columns, 0) + 0.5) / max(info.line_txt_len, 1)
        for character in text
    ]
    return tuple(_between(places, i) for i in range(len(places)))


def _between(places: Sequence[float | None], i: int) -> float:
    """Give the place of a character, of a space the mean of the letters around it."""
    here = places[i]
    if here is not None:
        return min(here, 1.0)
    before = next((p for p in places[:i][::-1] if p is not None), 0.0)
    after = next((p for p in places[i:] if p is not None), 1.0)
    return min((before + after) / 2, 1.0)
