"""Read many pages with some broken ones among them, kill the job at random, and check that nothing is lost.

    python benchmarks/batch.py                     # 300 small pages, 3 kills, processes
    python benchmarks/batch.py --engine ray        # the same on a local Ray cluster
    python benchmarks/batch.py --book 500          # one PDF of 500 pages: time and peak memory
    python benchmarks/batch.py --scaling 60        # pages per second of one job and of two

The pages are systems cut from `examples/minuet.png`, each shifted by another number of pixels, so that all
contents differ. What is printed goes into RESULTS.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from omr.images import load_pages

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "minuet.png"

SYSTEM = slice(120, 420)
"""Rows of the example that hold its first system."""

BROKEN_SHARE = 0.05
"""Share of the files that can't be read."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--engine", default="processes")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--book", type=int, metavar="PAGES")
    parser.add_argument("--scaling", type=int, metavar="PAGES")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        if options.book:
            book(options.book)
        elif options.scaling:
            scaling(options.scaling)
        else:
            survival(options)


def survival(options: argparse.Namespace) -> None:
    """Kill a job several times, resume it, and compare what is there with what must be."""
    chance = random.Random(options.seed)
    broken = set(chance.sample(range(options.pages), round(BROKEN_SHARE * options.pages)))
    for number in range(options.pages):
        write_page(Path("in") / f"{number:04}.png", number, cut=number in broken)
    command = detect("in", "-o", "out/", "--to", "musicxml,json,png", "--engine", options.engine)
    command += ["--jobs", str(options.jobs)]
    kills = 0
    started = time.monotonic()
    while kills < options.kills:
        job = subprocess.Popen([*command, *(["--resume"] if Path("out/.omr").exists() else [])])
        goal = done() + chance.randint(5, options.pages // (options.kills + 1))
        while job.poll() is None and done() < goal:
            time.sleep(0.05)
        if job.poll() is None:
            os.kill(job.pid, signal.SIGKILL)
            kills += 1
            print(f"killed with {done()} of {options.pages - len(broken)} pages done", flush=True)
        job.wait()
    status = subprocess.run([*command, "--resume"], check=False).returncode
    print(f"{options.pages} files, {len(broken)} broken, {kills} kills: {time.monotonic() - started:.0f} s")
    check(options.pages, broken, status)


def check(pages: int, broken: set[int], status: int) -> None:
    """Stop with a message where a result is missing, half-written, or too much."""
    records = [json.loads(line) for line in Path("out/report.jsonl").read_text().splitlines()]
    states = {Path(record["input"]).stem: record["state"] for record in records}
    expected = {f"{n:04}": "failed" if n in broken else "done" for n in range(pages)}
    assert len(records) == pages and states == expected, "the report differs"
    assert status == 2, status
    ends = (".musicxml", ".coco.json", ".overlay.png")
    files = {str(file.relative_to("out")) for file in Path("out").rglob("*") if file.is_file()}
    results = {file for file in files if not file.startswith(".omr/records/")} - {"report.jsonl"}
    assert results == {f"{n:04}{end}" for n in range(pages) if n not in broken for end in ends}, results
    for file in sorted(results):
        content = Path("out", file).read_bytes()
        if file.endswith(".json"):
            json.loads(content)
        elif file.endswith(".png"):
            Image.open(f"out/{file}").load()
        else:
            assert content.rstrip().endswith(b"</score-partwise>"), file
    print(f"every good page once, nothing half-written, {len(broken)} broken files named")


def book(pages: int) -> None:
    """Measure the time and the memory of a long PDF."""
    page = Image.open(EXAMPLE).convert("L")
    page.save("book.pdf", save_all=True, append_images=[page] * (pages - 1), resolution=200)
    started = time.monotonic()
    command = detect("book.pdf", "-o", "out/", "--to", "musicxml,json", "--jobs", "1", "--no-words")
    job = subprocess.Popen(command)
    peak = 0
    while job.poll() is None:
        peak = max(peak, *map(peak_bytes, [job.pid, *children(job.pid)]))
        time.sleep(0.2)
    seconds = time.monotonic() - started
    print(f"{pages} pages: {seconds:.0f} s, largest process {peak / 1e9:.2f} GB, status {job.returncode}")


def scaling(pages: int) -> None:
    """Measure the pages per second of one job and of two, start-up included."""
    for number in range(pages):
        write_page(Path("in") / f"{number:04}.png", number)
    speeds = []
    for jobs in (1, 2):
        started = time.monotonic()
        subprocess.run(detect("in", "-o", f"out{jobs}/", "--jobs", str(jobs)), check=True)
        speeds.append(pages / (time.monotonic() - started))
        print(f"--jobs {jobs}: {speeds[-1]:.2f} pages/s", flush=True)
    print(f"ratio {speeds[1] / speeds[0]:.2f}")


def detect(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "omr", "detect", *arguments]


def write_page(path: Path, number: int, cut: bool = False) -> None:
    path.parent.mkdir(exist_ok=True)
    grey = next(load_pages(EXAMPLE)).grey[SYSTEM]
    Image.fromarray(np.roll(grey, number, axis=1)).save(path)
    if cut:
        path.write_bytes(path.read_bytes()[:1000])


def done() -> int:
    """Count the pages whose last result is written."""
    return len(list(Path("out").glob("*.musicxml")))


def children(process: int) -> list[int]:
    try:
        return list(map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()))
    except OSError:
        return []


def peak_bytes(process: int) -> int:
    """Read the largest memory that a process has had."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
        return 1024 * int(status.partition("VmHWM:")[2].split()[0])
    except (OSError, IndexError):
        return 0


if __name__ == "__main__":
    main()
