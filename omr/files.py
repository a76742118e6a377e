"""Write files whole or not at all, and keep file names that others wrote inside a folder."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from omr.errors import InputError

STALE_SECONDS = 24 * 3600
"""Age in seconds at which the temporary file of another machine's process is taken as left over. A process
of this machine is asked for in place of its age. A page takes minutes at most."""

_PART = re.compile(r"^\..*\.(?P<host>[0-9a-z]+)-(?P<process>\d+)\.part(\.[^.]*)?$")
"""Names of temporary files: machine and process that write them."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path that takes the place of a file once the block is done.

    The temporary file lies in the folder of the file, so that moving it there is one step of the
    operating system: other processes see the old file or the new one, never a part. When the block
    raises, the temporary file is deleted and the old file stays. Temporary files that a killed process
    left are deleted by `sweep`.

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
    part = path.with_name(f".{path.stem}.{_host()}-{os.getpid()}.part{path.suffix}")
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


def sweep(folder: Path) -> int:
    """Delete the temporary files that killed processes left in a folder.

    Parameters
    ----------
    folder : Path
        Folders in it are not looked into. It need not exist.

    Returns
    -------
    int
        Number of files deleted.
    """
    swept = 0
    with suppress(OSError):
        for file in folder.iterdir():
            if (match := _PART.match(file.name)) and _is_left_over(
                file, match["host"], int(match["process"])
            ):
                with suppress(OSError):
                    file.unlink()
                    swept += 1
    return swept


def check_writable(path: Path) -> None:
    """Refuse a file that can't be written: call it before work that takes long.

    Parameters
    ----------
    path : Path
        Its folder may be missing.

    Raises
    ------
    InputError
        When it is a folder, below a file, or in a folder that refuses new files.
    """
    if path.is_dir():
        raise InputError(f"{path}: can't be written (is a folder); give another place")
    folder = path.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not folder.is_dir():
        raise InputError(f"{path}: can't be written ({folder} is not a folder); give another place")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"{path}: can't be written (no permission in {folder}); give another place")


def inside(folder: Path, name: str) -> Path:
    """Join a folder and a file name that somebody else wrote, and refuse a name that leads out of it.

    Names are compared as text, without following links: a link in the folder is the user's own.

    Parameters
    ----------
    folder : Path
    name : str
        As found in a file; with slashes for folders in it.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        When the name is empty, has a null character, or leads out of the folder.

    Examples
    --------
    >>> inside(Path("scans"), "a/1.png").as_posix()
    'scans/a/1.png'
    """
    if not name or "\0" in name:
        raise InputError(f"{name!r}: is no file name; write the file that has it again")
    root = os.path.normpath(Path(folder).absolute())
    whole = os.path.normpath(os.path.join(root, name.replace("\\", "/")))  # noqa: PTH118 (text, not a path)
    if whole == root or os.path.commonpath([root, whole]) != root:
        raise InputError(
            f"{name!r}: leads out of {folder}, where it is looked for; give the folder that holds it"
        )
    return Path(folder) / os.path.relpath(whole, root)


def _host() -> str:
    """Name this machine by letters and digits."""
    name = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    return re.sub(r"[^0-9a-z]", "", name.lower()) or "host"


def _is_left_over(file: Path, host: str, process: int) -> bool:
    """Tell whether the process that wrote a temporary file is gone."""
    if host != _host():
        return time.time() - file.stat().st_mtime > STALE_SECONDS
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass
    return False
