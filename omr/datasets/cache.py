"""Cache of what is made from a dataset once: unpacked archives and indices.

It is never inside a dataset, which may be read-only or shared. ``OMR_CACHE`` names another
folder; deleting it loses nothing but time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs

from omr.errors import InputError


def folder() -> Path:
    """Find the cache folder; it need not exist yet.

    Returns
    -------
    Path
        As ``OMR_CACHE`` names it, else the user's cache folder of the platform.
    """
    named = os.environ.get("OMR_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("omr", appauthor=False)


def place(source: Path, suffix: str = "") -> Path:
    """Choose where the thing made from a source is kept; a changed source has another place.

    Parameters
    ----------
    source : Path
        A file or folder that exists.
    suffix : str
        Tells apart several things made from one source.

    Returns
    -------
    Path
        In the cache folder.
    """
    state = source.stat()
    key = f"{source.resolve()} {state.st_size} {state.st_mtime_ns}"
    return folder() / f"{source.name}-{hashlib.sha256(key.encode()).hexdigest()[:12]}{suffix}"


def made(target: Path, make: Callable[[Path], None]) -> Path:
    """Make a file or folder in the cache unless it is there.

    It is made whole or not at all, however many processes try at once.

    Parameters
    ----------
    target : Path
        A place in the cache, as `place` gives it.
    make : callable
        Writes the file or folder at the path it is given, which does not exist yet.

    Returns
    -------
    Path
        `target`.

    Raises
    ------
    InputError
        When the cache can't be written.
    """
    if target.exists():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".making-") as scratch:
            part = Path(scratch) / "part"
            make(part)
            _settle(part, target)
    except OSError as error:
        reason = error.strerror or error
        raise InputError(
            f"{target}: can't be written ({reason}); let OMR_CACHE name a folder with room"
        ) from error
    return target


def _settle(part: Path, target: Path) -> None:
    """Rename into place, unless another process was faster."""
    try:
        part.replace(target)
    except OSError:
        if not target.exists():
            raise
        if part.is_dir():
            shutil.rmtree(part)
