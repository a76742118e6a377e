"""Compare the runtimes: start-up, first page, seconds a page, peak memory.

    python benchmarks/runtimes.py [--threads 2] [--rounds 7]

Every figure is of a process of its own with the environment variable OMR_RUNTIME. Start-up is
`omr detect` with a file that does not exist; the first page is `omr detect examples/minuet.png -o FILE`; the
page of 2000 x 2000 pixels is that of `benchmarks/speed.py`, warm, from file to symbols and to MusicXML. The
runtimes take turns, so that other work on the machine slows all of them.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import typer
from speed import write_pages

from omr.runtime import installed

ROOT = Path(__file__).parents[1]

WARM = """
import resource, statistics, sys, time
from omr.inference import Reader
reader = Reader("printed", words=False)
page = reader.detect(sys.argv[1])
symbols, music = [], []
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    page = reader.detect(sys.argv[1])
    symbols.append(time.perf_counter() - start)
    page.export("musicxml")
    music.append(time.perf_counter() - start)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(statistics.median(symbols), min(symbols), statistics.median(music), peak)
"""


def main(threads: int = 2, rounds: int = 7) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        page, _ = write_pages(Path(folder))
        rows = {name: Row(name, threads) for name in installed()}
        for _ in range(rounds):
            for row in rows.values():
                row.start(folder)
        print("| runtime | wrong argument | first page | 2000 x 2000 (best) | to MusicXML | peak GiB |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for name, row in rows.items():
            symbols, best, music, peak = row.warm(page, rounds)
            wrong, first = map(statistics.median, (row.wrong, row.first))
            times = f"{wrong:.2f} | {first:.2f} | {symbols:.2f} ({best:.2f}) | {music:.2f}"
            print(f"| {name} | {times} | {peak:.2f} |")


class Row:
    """The figures of one runtime."""

    def __init__(self, name: str, threads: int) -> None:
        self.environment = os.environ | {"OMR_RUNTIME": name, "OMP_NUM_THREADS": str(threads)}
        self.wrong: list[float] = []
        self.first: list[float] = []

    def start(self, folder: str) -> None:
        """Time a wrong argument, and a first page."""
        omr = [sys.executable, "-m", "omr", "detect", "--no-words"]
        self.wrong.append(self._timed([*omr, "nonesuch.png"]))
        example = str(ROOT / "examples" / "minuet.png")
        self.first.append(self._timed([*omr, example, "-o", f"{folder}/x.json", "--on-exists", "overwrite"]))

    def warm(self, page: Path, rounds: int) -> list[float]:
        """Time pages in a warm process: median and best to symbols, median to MusicXML, peak GiB."""
        command = [sys.executable, "-c", WARM, str(page), str(rounds)]
        done = subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True)
        return [float(value) for value in done.stdout.split()]

    def _timed(self, command: list[str]) -> float:
        start = time.perf_counter()
        subprocess.run(command, env=self.environment, check=False, capture_output=True)
        return time.perf_counter() - start


if __name__ == "__main__":
    typer.run(main)
