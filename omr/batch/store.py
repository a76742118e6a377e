"""Where results are kept: a folder, or any place that fsspec knows by a URL. Files are there whole or not."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from omr.errors import InputError
from omr.files import inside, replacing, sweep


class Store(Protocol):
    """A place for results; names are paths with slashes below it."""

    def exists(self, name: str) -> bool:
        """Tell whether there is a file of that name.

        Parameters
        ----------
        name : str

        Returns
        -------
        bool
        """
        ...

    def read(self, name: str) -> bytes | None:
        """Read a file.

        Parameters
        ----------
        name : str

        Returns
        -------
        bytes or None
            None where there is none.
        """
        ...

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole or not at all, in place of one of that name.

        Parameters
        ----------
        name : str
        content : bytes
        """
        ...

    def delete(self, name: str) -> None:
        """Delete a file, if it is there.

        Parameters
        ----------
        name : str
        """
        ...

    def shown(self, name: str) -> str:
        """Name a file as a user knows it.

        Parameters
        ----------
        name : str

        Returns
        -------
        str
        """
        ...


@dataclass(frozen=True)
class Folder(Store):
    """Results in a folder.

    Attributes
    ----------
    path : Path
        It is made when the first file is written.
    """

    path: Path

    def exists(self, name: str) -> bool:
        """Tell whether there is a file of that name."""
        return inside(self.path, name).exists()

    def read(self, name: str) -> bytes | None:
        """Read a file; None where there is none."""
        try:
            return inside(self.path, name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole or not at all; temporary files that killed processes left beside it go."""
        file = inside(self.path, name)
        sweep(file.parent)
        with replacing(file) as part:
            part.write_bytes(content)

    def delete(self, name: str) -> None:
        """Delete a file, if it is there, and its folder, if that was the last one."""
        file = inside(self.path, name)
        with suppress(OSError):
            file.unlink()
            file.parent.rmdir()

    def shown(self, name: str) -> str:
        """Name a file by its path."""
        return str(self.path / name)


@dataclass(frozen=True)
class Remote(Store):
    """Results below a URL.

    Attributes
    ----------
    url : str
        Such as ``s3://bucket/results``.
    """

    url: str

    def exists(self, name: str) -> bool:
        """Tell whether there is a file of that name."""
        system, path = self._at(name)
        return bool(system.exists(path))

    def read(self, name: str) -> bytes | None:
        """Read a file; None where there is none."""
        system, path = self._at(name)
        try:
            return bytes(system.cat_file(path))
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Write a file beside its place and move it there."""
        system, path = self._at(name)
        part = f"{path}.{socket.gethostname()}-{os.getpid()}.part"
        try:
            system.makedirs(path.rpartition("/")[0], exist_ok=True)
            system.pipe_file(part, content)
            if system.exists(path):
                system.rm_file(path)  # some systems refuse to move onto a file
            system.mv(part, path)
        except OSError as error:
            raise InputError(f"{self.shown(name)}: can't be written ({error}); give another place") from error

    def delete(self, name: str) -> None:
        """Delete a file, if it is there."""
        system, path = self._at(name)
        with suppress(FileNotFoundError):
            system.rm_file(path)

    def shown(self, name: str) -> str:
        """Name a file by its URL."""
        return f"{self.url.rstrip('/')}/{name}"

    def _at(self, name: str) -> tuple[Any, str]:
        return file_system(self.shown(name))


def open_store(where: str) -> Store:
    """Open a place for results.

    Parameters
    ----------
    where : str
        A folder or a URL.

    Returns
    -------
    Store

    Raises
    ------
    InputError
        When the package fsspec, or the one that it needs for the URL, is missing.
    """
    if "://" not in where:
        return Folder(Path(where))
    file_system(where)
    return Remote(where)


def file_system(url: str) -> tuple[Any, str]:
    """Find the file system of a URL.

    Parameters
    ----------
    url : str

    Returns
    -------
    system : fsspec.AbstractFileSystem
    path : str
        The path there.

    Raises
    ------
    InputError
        When the package fsspec, or the one that it needs for the URL, is missing.
    """
    try:
        import fsspec
    except ImportError as error:
        raise InputError(f"{url}: URLs need fsspec; run `pip install fsspec`") from error
    try:
        system, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise InputError(f"{url}: can't be opened ({error})") from error
    return system, str(path)
