"""Staves drawn with known courses are found where they are; pages without any give none."""

from __future__ import annotations

import json
import os
import re
import tarfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from omr.images import load_pages
from omr.staves import find_staves, staff_space

DATA = os.environ.get("OMR_DATA")


def sheet(
    space: float = 16.0,
    slope: float = 0.0,
    bulge: float = 0.0,
    tops: tuple[float, ...] = (150.0, 400.0, 700.0),
    size: tuple[int, int] = (1000, 1300),
) -> tuple[np.ndarray, list[np.ndarray]]:
    """A page of staves crowded with stems, heads and beams; the lines of each, array (5, width)."""
    rng = np.random.default_rng(7)
    height, width = size
    page = np.full((height, width), 255, np.uint8)
    xs = np.arange(width)
    truth = []
    for top in tops:
        lines = np.array([top + k * space + slope * xs + bulge * np.sin(xs / width * 5) for k in range(5)])
        for line in lines:
            points = np.stack([xs[100:-100], line[100:-100]], axis=1)
            cv2.polylines(
                page, [np.round(points * 16).astype(np.int32)], False, 0, max(1, round(space / 8)), 8, 4
            )
        for x in rng.integers(130, width - 130, 40):
            y = int(lines[0, x] + rng.integers(-2, 10) * space / 2)
            cv2.ellipse(page, (int(x), y), (round(0.6 * space), round(0.45 * space)), -20, 0, 360, 0, -1)
            cv2.line(page, (int(x + 0.6 * space), y), (int(x + 0.6 * space), round(y - 3.5 * space)), 0, 2)
        for x in rng.integers(130, width - 230, 5):
            y = int(lines[0, x] - 1.2 * space)
            cv2.line(page, (int(x), y), (int(x + 5 * space), y + 5), 0, round(0.5 * space))
        truth.append(lines)
    return page, truth


def assert_found(
    page: np.ndarray, truth: list[np.ndarray], space: float, left: float = 100, right: float = 1200
) -> None:
    staves = find_staves(page)
    assert len(staves) == len(truth)
    for staff, lines in zip(staves, truth, strict=True):
        middle = np.linspace(left + 1, right - 1, 50).astype(int)
        found = np.array([staff.lines_at(x) for x in middle + 0.5]).T
        assert np.abs(found - (lines[:, middle] + 0.5)).mean() < 0.06 * space
        assert abs(staff.xs[0] - left) < space and abs(staff.xs[-1] - right) < space
        assert staff.space == pytest.approx(space, rel=0.04)


@pytest.mark.parametrize("space", [7.0, 12.5, 24.0, 40.0])
def test_find_staves_at_any_resolution(space: float) -> None:
    tops = (6 * space, 20 * space)
    page, truth = sheet(space, tops=tops, size=(int(32 * space), 1300))
    assert_found(page, truth, space)


@pytest.mark.parametrize("slope, bulge", [(0.08, 0), (-0.08, 0), (0, 25), (0.02, -20)])
def test_find_staves_skewed_and_curved(slope: float, bulge: float) -> None:
    page, truth = sheet(slope=slope, bulge=bulge)
    assert_found(page, truth, 16)


def test_find_staves_in_shadow_and_noise() -> None:
    page, truth = sheet()
    light = np.linspace(0.35, 0.9, page.shape[1])[None]
    faint = 255 - (255.0 - page) * 0.4
    noisy = faint * light + np.random.default_rng(0).normal(0, 4, page.shape)
    assert_found(np.clip(noisy, 0, 255).astype(np.uint8), truth, 16)


def test_find_staves_with_broken_lines() -> None:
    page, truth = sheet()
    gone = np.random.default_rng(0).random((page.shape[0] // 4, page.shape[1] // 4)) < 0.3
    page[cv2.resize(gone.astype(np.uint8), page.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0] = 255
    assert_found(page, truth, 16)


def test_find_staves_that_lost_two_lines_beside_whole_ones() -> None:
    def staves(*whole: bool) -> np.ndarray:
        page = np.full((1000, 1300), 255, np.uint8)
        for top, complete in zip((150, 400, 700), whole, strict=True):
            for line in range(5):
                if complete or line not in (1, 3):
                    page[top + 16 * line : top + 16 * line + 2, 100:1200] = 0
        return page

    assert len(find_staves(staves(True, False, True))) == 3
    assert find_staves(staves(False, False, False)) == []


@pytest.mark.parametrize("height", [9, 13, 14, 20])
def test_find_staves_ignores_verses_between_staves(height: int) -> None:
    page, truth = sheet(14, tops=(150, 400, 900), size=(1200, 900))
    text = words(height)
    text[:550] = text[800:] = 255
    assert_found(np.minimum(page, text), truth, 14, right=800)


def test_find_staves_of_two_sizes() -> None:
    page, _ = sheet(20, tops=(150, 600), size=(1000, 1300))
    small, _ = sheet(13, tops=(400,), size=(1000, 1300))
    spaces = [s.space for s in find_staves(np.minimum(page, small))]
    assert spaces == pytest.approx([20, 13, 20], rel=0.04)
    assert staff_space(page) == pytest.approx(20, rel=0.02)


def test_find_staves_side_by_side() -> None:
    page, _ = sheet(tops=(200,))
    page[:, 500:800] = 255
    left, right = sorted(find_staves(page), key=lambda staff: staff.xs[0])
    assert left.xs[-1] == pytest.approx(500, abs=16) and right.xs[0] == pytest.approx(800, abs=16)


def words(height: int) -> np.ndarray:
    page = np.full((1200, 900), 255, np.uint8)
    for y in range(100, 1150, int(1.5 * height)):
        cv2.putText(
            page, "Sing, O goddess, the anger of Achilles son of Peleus", (50, y), 0, height / 30, 0, 2
        )
    return page


@pytest.mark.parametrize(
    "page",
    [
        np.full((1000, 800), 255, np.uint8),
        np.zeros((1000, 800), np.uint8),
        np.full((32, 32), 255, np.uint8),
        np.full((1, 1), 0, np.uint8),
        np.full((2, 3000), 0, np.uint8),
        np.random.default_rng(0).integers(0, 255, (800, 800)).astype(np.uint8),
        words(14),
        words(24),
        np.tile(np.repeat([0, 255], [3, 37]).astype(np.uint8)[:, None], (20, 900)),  # ruled paper
        np.indices((900, 900)).sum(axis=0).astype(np.uint8),
    ],
    ids=["blank", "black", "tiny", "dot", "sliver", "noise", "small text", "text", "ruled", "stripes"],
)
def test_find_staves_without_music(page: np.ndarray) -> None:
    assert find_staves(page) == []
    assert staff_space(page) is None


@pytest.mark.data
@pytest.mark.parametrize(
    "name, counts, space",
    [
        ("BachInvention5.jpg", [12], 16.7),
        ("Dichterliebe01.pdf", [9, 12], 18.75),
        ("SchbAvMaSample.pdf", [11], 18.75),
        ("allegretto.png", [6], 21.5),
        ("carmen.png", [10], 21.4),
        ("chula.png", [6], 21.4),
        ("cucaracha.png", [6], 21.4),
        ("zizi.png", [4], 21.4),
    ],
)
def test_find_staves_on_scans(name: str, counts: list[int], space: float) -> None:
    pages = [p.grey for p in load_pages(Path(DATA or "") / "scans" / name)]
    found = [find_staves(page) for page in pages]
    assert [len(staves) for staves in found] == counts
    assert all(s.space == pytest.approx(space, rel=0.04) for staves in found for s in staves)


@pytest.mark.data
def test_find_staves_agrees_with_deepscores_annotations() -> None:
    folder = Path(DATA or "") / "deepscores-v2-sample"
    sample = json.loads((folder / "deepscores_v2_sample.json").read_text())
    names = {key: category["name"] for key, category in sample["categories"].items()}
    boxes = sorted(
        (a["a_bbox"] for a in sample["annotations"].values() if names[a["cat_id"][0]] == "staff"),
        key=lambda b: b[1],
    )
    (page,) = load_pages(folder / "images" / sample["images"][0]["filename"])
    staves = find_staves(page.grey)
    assert len(staves) == len(boxes) == 12
    for staff, box in zip(staves, boxes, strict=True):
        assert np.abs(np.subtract(staff.box, box)).max() < 0.5 * staff.space


def rebuilt_muscima_page(name: str) -> tuple[np.ndarray, list[tuple[float, float]]]:
    """The page painted from its masks, and the mean height and left end of every staff line."""
    folder = Path(DATA or "") / "muscima-pp"
    size = json.loads((folder / "page_sizes.json").read_text())[name]
    page = np.full((size["height"], size["width"]), 255, np.uint8)
    with tarfile.open(folder / "muscima-pp-2.0.tar.xz") as archive:
        member = next(m for m in archive if m.name.endswith(f"{name}.xml"))
        text = archive.extractfile(member).read().decode()  # type: ignore[union-attr]
    fields = r"\s*".join(
        rf"<{tag}>(.*?)</{tag}>" for tag in ("ClassName", "Top", "Left", "Width", "Height", "Mask")
    )
    lines = []
    for label, *numbers, runs in re.findall(fields, text):
        if label in ("staff", "staffSpace", "measureSeparator", "staffGrouping"):
            continue
        top, left, width, height = map(int, numbers)
        values, counts = np.array([run.split(":") for run in runs.split()], int).T
        mask = np.repeat(values, counts).reshape(height, width) > 0
        page[top : top + height, left : left + width][mask] = 0
        if label == "staffLine":
            lines.append((top + float(np.nonzero(mask)[0].mean()) + 0.5, float(left)))
    return page, sorted(lines)


@pytest.mark.data
def test_find_staves_on_a_handwritten_page() -> None:
    page, lines = rebuilt_muscima_page("CVC-MUSCIMA_W-01_N-10_D-ideal")
    staves = find_staves(page)
    assert len(lines) == 5 * len(staves)
    heights = np.array([y for y, _ in lines]).reshape(-1, 5)
    for staff, truth, (_, left) in zip(staves, heights, lines[::5], strict=True):
        assert np.abs(staff.ys.mean(axis=1) - truth).max() < 0.1 * staff.space
        assert abs(staff.xs[0] - left) < staff.space


def test_find_staves_with_faint_lines_in_coarse_grain() -> None:
    page, _ = sheet(28, tops=(150, 600), size=(1000, 1300))
    rng = np.random.default_rng(1)
    grain = cv2.GaussianBlur(rng.normal(0, 26, page.shape), None, 1.2)
    dim = np.clip(170 - 26 * (page < 128) + grain, 0, 255).astype(np.uint8)
    assert [staff.space for staff in find_staves(dim)] == pytest.approx([28, 28], rel=0.02)
