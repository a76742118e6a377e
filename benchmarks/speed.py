"""Measure the time and the memory of reading a page.

    python benchmarks/speed.py [--weights printed] [--threads 2]

The page is dense, has 2000 x 2000 pixels and a staff space of 17, as in DeepScoresV2. Printed are median
times from image file to symbols, by stage, and for comparison: torchvision's Faster R-CNN ResNet-50-FPN on
the same pixels, with random weights, which cost the same arithmetic; and U-Nets as J. Hajič jr. et al. use
them ("Towards Full-Pipeline Handwritten OMR with Musical Symbol Detection by U-Nets", ISMIR 2018), a net for
each class, run once. Peak memory is that of a process that reads a page of 5000 x 7000 pixels.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch
import typer

from omr.benchmark.cost import peak_memory
from omr.detectors import DeepWatershedDetector
from omr.detectors.base import to_ink
from omr.detectors.search import at_space
from omr.images import load_pages
from omr.inference import Reader
from omr.registry import load, load_tensors
from omr.staves import find_staves, median_space

ROUNDS = 7
"""Timed calls of each stage; the median counts."""

RIVAL_ROUNDS = 3
"""Timed calls of Faster R-CNN."""

SMALL = (2000, 2000, 17.0)
"""Width, height and staff space of the timed page, in pixels."""

LARGE = (5000, 7000, 42.0)
"""Width, height and staff space of the page that memory is measured on, in pixels."""

RIVAL_DETECTIONS = 1000
"""Detections that Faster R-CNN may return, as many as a dense page has symbols."""

WHITE = 255
"""Grey value of empty paper."""


def main(weights: str = "printed", threads: int = 2, memory_of: str = "") -> None:
    """Print the tables; with a file in `memory_of`, only the peak memory, in bytes, of reading it."""
    torch.set_num_threads(threads)
    cv2.setNumThreads(threads)
    if memory_of:
        list(Reader(detector=load(weights)).detect_pages(memory_of))
        print(peak_memory(torch.device("cpu")))
        return
    with tempfile.TemporaryDirectory() as folder:
        small, large = write_pages(Path(folder))
        stages(weights, small)
        again = [sys.executable, __file__, "--weights", weights, "--threads", str(threads)]
        peak = subprocess.run(
            [*again, "--memory-of", str(large)],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    print(f"\nPeak memory for a page of 5000 x 7000 pixels: {int(peak.split()[-1]) / 2**30:.2f} GiB")


def write_pages(folder: Path) -> tuple[Path, Path]:
    """Write the small and the large page with the same music and return their files."""
    from omr.engraving.glyphs import MusicFont
    from omr.engraving.layout import Layout
    from omr.engraving.random_music import random_mei
    from omr.engraving.verovio import engrave

    files = []
    for width, height, space in (SMALL, LARGE):
        sheet = np.full((height, width), WHITE, np.uint8)
        top, seed = 0, 0
        while top < height:
            score = random_mei(np.random.default_rng(seed))
            for page in engrave(score, MusicFont("Leipzig"), Layout(width, height, space)):
                strip = page.draw()[: height - top]
                sheet[top : top + len(strip)] = strip[:, :width]
                top += len(strip)
                if top >= height:
                    break
            seed += 1
        files.append(folder / f"{width}.png")
        cv2.imwrite(str(files[-1]), sheet)
    return files[0], files[1]


def stages(weights: str, file: Path) -> None:
    """Print the time of each stage and of the rivals."""
    detector = load_tensors(weights)
    assert isinstance(detector, DeepWatershedDetector)
    reader = Reader(detector=detector)
    image = next(load_pages(file)).grey
    space = median_space(find_staves(image)) or SMALL[2]
    ink = to_ink(at_space(image, space))
    with torch.inference_mode():
        maps = detector.maps(ink)
        whole = median(lambda: list(reader.detect_pages(file)))
        rows = {
            "image file to pixels": median(lambda: list(load_pages(file))),
            "staves": median(lambda: find_staves(image)),
            "scaling": median(lambda: to_ink(at_space(image, space))),
            "net": median(lambda: detector.maps(ink)),
            "heads and watershed": median(lambda: detector.instances(maps, detector.decoding)),
        }
    found = len(next(reader.detect_pages(file)).symbols)
    print(f"2000 x 2000 pixels, {found} symbols, {torch.get_num_threads()} threads, {detector.dtype}\n")
    print("| stage | seconds | share |\n| --- | ---: | ---: |")
    for stage, seconds in rows.items():
        print(f"| {stage} | {seconds:.3f} | {100 * seconds / whole:.0f} % |")
    print(f"| **image file to symbols** | **{whole:.3f}** | |")
    rival = faster_rcnn(image, detector.dtype)
    print(f"| Faster R-CNN ResNet-50-FPN, net alone, same pixels | {rival:.3f} | {rival / whole:.1f} x |")
    count = len(detector.classes)
    one, each = unets(ink, count, detector.dtype)
    print(f"| U-Net, one net for all classes, net alone | {one:.3f} | {one / whole:.1f} x |")
    print(f"| U-Net, a net for each of {count} classes, nets alone | {each:.1f} | {each / whole:.0f} x |")


def faster_rcnn(image: np.ndarray, dtype: torch.dtype) -> float:
    """Time torchvision's detector on the page at its own size, in the same precision; returns seconds."""
    from torchvision.models.detection import fasterrcnn_resnet50_fpn

    torch.manual_seed(0)
    model = fasterrcnn_resnet50_fpn(
        weights=None,
        weights_backbone=None,
        min_size=SMALL[0],
        max_size=SMALL[0],
        box_detections_per_img=RIVAL_DETECTIONS,
    ).eval()
    pixels = torch.from_numpy(image)[None].float().expand(3, -1, -1) / 255
    with torch.inference_mode(), torch.autocast("cpu", dtype, enabled=dtype != torch.float32):
        return median(lambda: model([pixels]), RIVAL_ROUNDS)


def unets(ink: torch.Tensor, classes: int, dtype: torch.dtype) -> tuple[float, float]:
    """Time the U-Net baseline's net on the page, once and once for each class; returns both in seconds."""
    from omr.baselines.unet import UNetSegmenter
    from omr.detectors.layers import fold_norms

    torch.manual_seed(0)
    net = UNetSegmenter(("noteheadBlack",)).eval()
    fold_norms(net)
    net.to(dtype).to(memory_format=torch.channels_last)
    page = ink.to(dtype)
    with torch.inference_mode():
        one = median(lambda: net.trunk.page_features(page))
        start = time.perf_counter()
        for _ in range(classes):
            net.trunk.page_features(page)
        return one, time.perf_counter() - start


def median(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median seconds of a call, after one call to warm up."""
    work()
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


if __name__ == "__main__":
    typer.run(main)
