"""Write files whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from omr.errors import InputError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path that takes the place of a file once the block is done.

    The temporary file lies in the folder of the file, so that moving it there is one step of the
    operating system: other processes see the old file or the new one, never a part. When the block
    raises, the temporary file is deleted and the old file stays.

    Parameters
    ----------
    path : Path
        The file to write. Its folder is made where it is missing.

    Yields
    ------
    Path
        The temporary path to write to; its suffix is that of `path`.

    Raises
    ------
    InputError
        When the operating system refuses the folder, the file or the move.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "figures.json"
    >>> with replacing(file) as part:
    ...     _ = part.write_text("{}")
    >>> file.read_text()
    '{}'
    """
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        raise InputError(
            f"{path}: can't be written ({error.strerror or error}); give another place"
        ) from error
    finally:
        with suppress(OSError):
            part.unlink()
