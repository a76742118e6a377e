"""Between a path and a page of symbols: scale, thresholds, names, warnings."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import omr
from omr.errors import InputError
from omr.images import PageImage
from omr.inference import Reader, ResolutionWarning, ScaleWarning, detect, detect_pages
from tests.builders.detector import FakeDetector, bare_staves


def reader(**options) -> Reader:  # type: ignore[no-untyped-def]
    return Reader(detector=FakeDetector(), **options)  # type: ignore[arg-type]


def found(image: np.ndarray, **options) -> omr.Page:  # type: ignore[no-untyped-def]
    return reader(**options).page(PageImage(image, "page.png", 3))


def test_a_page_brings_all_there_is_to_know() -> None:
    page = found(bare_staves())
    assert (page.width, page.height, page.source, page.number) == (900, 500, "page.png", 3)
    assert page.image is not None and page.image.shape == (500, 900)
    assert len(page.staves) == 2
    assert [s.name for s in page.symbols] == ["clefG", "noteheadBlack"]  # the stem scores less than min_score


def test_the_detector_is_told_the_measured_staff_space() -> None:
    for space in (12, 20):
        wants = reader()
        wants.page(PageImage(bare_staves(space), "x"))
        ((shape, told),) = wants.detector.seen  # type: ignore[attr-defined]
        assert shape == (500, 900) and told == pytest.approx(space, rel=0.01)


def test_a_given_staff_space_wins_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for image in (bare_staves(), np.full((400, 600), 255, np.uint8)):
            wants = reader(staff_space=14.5)
            wants.page(PageImage(image, "x"))
            assert wants.detector.seen[0][1] == 14.5  # type: ignore[attr-defined]


def test_without_staves_nothing_is_read_and_that_is_said() -> None:
    wants = reader()
    noise = np.random.default_rng(0).integers(0, 256, (400, 1200)).astype(np.uint8)
    for image in (np.full_like(noise, 255), noise):
        with pytest.warns(ScaleWarning, match=r"blank\.png, page 1: no staff found.*--staff-space"):
            page = wants.page(PageImage(image, "blank.png"))
        assert page.staves == page.symbols == ()
    assert not wants.detector.seen  # type: ignore[attr-defined]


def test_low_resolution_is_said() -> None:
    with pytest.warns(ResolutionWarning, match=r"small\.png, page 1: has a low resolution.*200 dpi"):
        reader().page(PageImage(drawn_staves(), "small.png"))


def drawn_staves() -> np.ndarray:
    """Two staves of a page at 60 dpi: lines of one pixel, four pixels apart or a little more."""
    page = np.full((300, 600), 255, np.uint8)
    for top in (100, 200):
        page[top + np.round(4.5 * np.arange(5)).astype(int), 20:-20] = 0
    return page


def test_a_dataset_may_know_the_staff_space_where_none_is_seen() -> None:
    wants = reader()
    wants.page(PageImage(np.full((400, 1200), 255, np.uint8), "blank.png"), 17)
    wants.page(PageImage(bare_staves(12), "music.png"), 17)
    assert [told for _, told in wants.detector.seen] == [17, pytest.approx(12, rel=0.01)]  # type: ignore


def test_thresholds_names_and_classes() -> None:
    assert [s.name for s in found(bare_staves()).low_confidence] == ["stem"]
    page = found(bare_staves(), min_score=0.85)
    assert [s.name for s in page.detected or ()] == ["clefG", "noteheadBlack"]  # the music is read from these
    assert [s.name for s in page.low_confidence] == ["stem"]
    assert [s.name for s in found(bare_staves(), min_score=0).symbols] == ["clefG", "noteheadBlack", "stem"]
    assert [s.name for s in found(bare_staves(), min_score=0.85).symbols] == ["clefG"]
    assert [s.name for s in found(bare_staves(), classes=["noteheadBlack"]).symbols] == ["noteheadBlack"]
    named = found(bare_staves(), names="deepscores").symbols
    assert [s.name for s in named] == ["clefG", "noteheadBlackInSpace", "staff", "staff"]
    assert [s.name for s in found(bare_staves(), names="muscima", classes={"gClef"}).symbols] == ["gClef"]


@pytest.mark.parametrize(
    "options, complaint",
    [
        ({"classes": ["noteheadBlak"]}, "did you mean noteheadBlack"),
        ({"classes": ["noteheadBlack"], "names": "deepscores"}, "noteheadBlackOnLine"),
        ({"classes": ["%"]}, "there are brace"),
        ({"staff_space": 0.01}, "staff_space=.*give a number from 3 to 400"),
        ({"staff_space": float("nan")}, "staff_space=.*give a number from 3 to 400"),
    ],
)
def test_wishes_that_can_not_be_met(options, complaint: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match=complaint):
        reader(**options)


def test_detect_reads_the_first_page_and_detect_pages_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def load(weights: str, device: str) -> FakeDetector:
        asked.append((weights, device))
        return FakeDetector()

    monkeypatch.setattr("omr.registry.load", load)
    path = tmp_path / "book.tif"
    pages = [Image.fromarray(bare_staves(space)) for space in (12, 16)]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    assert detect(path).number == 1
    assert [p.number for p in detect_pages(path, "mine.safetensors", device="cpu")] == [1, 2]
    assert asked == [("printed", "auto"), ("mine.safetensors", "cpu")]
