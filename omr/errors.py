"""The one exception a user may see as a message: a single clear line, never a traceback."""


class InputError(ValueError):
    """Something the user gave can't be used.

    The message is one line that names the file, what is wrong with it and what
    to do. The command line prints it and exits with status 2.
    """
