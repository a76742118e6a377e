"""Give a reader input that atheris makes: it must read it or raise InputError, in one line.

    python tests/fuzz.py image -max_total_time=60

Options after the name of the reader are those of libFuzzer.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


def main() -> None:
    import atheris

    with atheris.instrument_imports(include=["omr"]):
        from tests.builders.readers import READERS

    reader = READERS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, lambda content: check(reader, content))
    atheris.Fuzz()


def check(reader: Callable[[bytes, Path], object], content: bytes) -> None:
    """Read content in a folder of its own."""
    from omr.errors import InputError

    with tempfile.TemporaryDirectory() as folder:
        try:
            reader(content, Path(folder))
        except InputError as error:
            assert "\n" not in str(error), error


if __name__ == "__main__":
    main()
