"""What a user sees when something can't be used: a single clear line, never a traceback."""

import sys


class InputError(ValueError):
    """Something the user gave can't be used.

    The message is one line that names the file, what is wrong with it and what
    to do. The command line prints it and exits with status 2.
    """


def complain(what: object) -> None:
    """Tell the user in one line on stderr."""
    print("omr:", " ".join(str(what).split()), file=sys.stderr)
