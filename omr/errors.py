"""Errors for the user: one clear line, never a traceback.

- ValueError

  - InputError
"""


class InputError(ValueError):
    """A file or a value that the user gave can't be used.

    The message is one line with the file or value, its fault and the remedy. The command line prints it and
    exits with status 2.
    """
