"""Messages to the user of the command line: one line each, on stderr."""

from __future__ import annotations

import logging
import sys


def complain(what: object) -> None:
    """Print a message in one line on stderr."""
    print("omr:", " ".join(str(what).split()), file=sys.stderr)


class _Complaints(logging.Handler):
    """Prints what the library logs."""

    def emit(self, record: logging.LogRecord) -> None:
        complain(record.getMessage())


def show_log() -> None:
    """Print the library's warnings from now on."""
    log = logging.getLogger("omr")
    if not any(isinstance(handler, _Complaints) for handler in log.handlers):
        log.addHandler(_Complaints(logging.WARNING))
