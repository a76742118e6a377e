"""Nothing heavy is imported before the arguments are checked; PyTorch never, to read a page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

MINUET = Path(__file__).parents[1] / "examples" / "minuet.png"

HEAVY = {
    "cv2", "matplotlib", "music21", "onnxruntime", "openvino", "rapidocr", "scipy", "torch", "torchvision",
}  # fmt: skip
"""Packages that take over a tenth of a second to import."""

PROGRAM = """
import sys
try:
    from omr.cli import main
    main()
except SystemExit as end:
    print("status", end.code)
print("imported", *(name for name in {heavy} if name in sys.modules))
"""


def run(folder: Path, *arguments: str) -> tuple[set[str], str]:
    """Run the command line in a process of its own; return the heavy packages it imported and its words."""
    program = [sys.executable, "-c", PROGRAM.format(heavy=HEAVY), *arguments]
    result = subprocess.run(program, cwd=folder, capture_output=True, text=True, check=True)
    *said, imported = result.stdout.splitlines()
    assert imported.startswith("imported")
    return set(imported.split()[1:]), "\n".join(said) + result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--help"], "Usage"),
        (["--version"], "omr "),
        (["models"], "openvino"),
        (["detect", "nonesuch.png"], "nonesuch.png: "),
        (["detect", str(MINUET), "-o", "minuet.docx"], "minuet.docx: "),
        (["detect", str(MINUET), "--min-score", "2"], "min-score"),
        (["detect", str(MINUET), "--weights", "nonesuch"], "nonesuch: no such weights"),
        (["export", "nonesuch.json", "-o", "minuet.musicxml"], "nonesuch.json: "),
        (["export-model", "printed", "-o", "minuet.png"], "minuet.png: "),
    ],
    ids=lambda value: " ".join(value[:1] + value[-2:]) if isinstance(value, list) else "",
)
def test_command_line_imports_nothing_heavy_before_arguments_are_checked(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    imported, printed = run(tmp_path, *arguments)
    assert said in printed
    assert not imported


@pytest.mark.slow
def test_detect_imports_no_pytorch_and_no_package_for_other_formats(tmp_path: Path) -> None:
    imported, printed = run(tmp_path, "detect", str(MINUET), "--no-words", "-o", "minuet.musicxml")
    assert "wrote minuet.musicxml" in printed
    assert not {"torch", "torchvision", "music21", "matplotlib", "rapidocr"} & imported


def test_import_of_omr_imports_nothing_heavy() -> None:
    program = "import sys, omr; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {*HEAVY, "numpy"} & set(loaded.stdout.split())
