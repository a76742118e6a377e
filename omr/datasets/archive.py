"""Archives, unpacked once into the cache, never outside of it."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

from omr.datasets import cache
from omr.errors import InputError

SUFFIXES = (".tar.xz", ".tar.gz", ".tgz", ".tar", ".zip")

MOST_BYTES = 20_000_000_000
"""An archive that unpacks to more is refused; MUSCIMA++ takes 86 million."""


def is_archive(path: Path) -> bool:
    return path.is_file() and path.name.lower().endswith(SUFFIXES)


def unpacked(archive: Path) -> Path:
    """The folder with the content of an archive.

    Raises
    ------
    InputError
        When the archive is broken, too large, or holds a name that leads out of its folder.
    """

    def unpack(folder: Path) -> None:
        folder.mkdir()
        try:
            (_unzip if archive.name.lower().endswith(".zip") else _untar)(archive, folder)
        except tarfile.FilterError as error:
            raise InputError(f"{archive}: refused, {error}; get it from its publisher") from error
        except (tarfile.TarError, zipfile.BadZipFile, EOFError, ValueError) as error:
            raise InputError(f"{archive}: is a broken archive ({error}); download it again") from error

    return cache.made(cache.place(archive), unpack)


def _untar(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as tar:
        _check_size(archive, sum(member.size for member in tar))
        tar.extractall(folder, filter="data")  # refuses links and names that lead outside, and devices


def _unzip(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as content:
        _check_size(archive, sum(member.file_size for member in content.infolist()))
        for name in content.namelist():
            if not (folder / name).resolve().is_relative_to(folder.resolve()):
                raise InputError(f"{archive}: refused, {name!r} leads out of it; get it from its publisher")
        content.extractall(folder)


def _check_size(archive: Path, size: int) -> None:
    if size > MOST_BYTES:
        raise InputError(f"{archive}: refused, it unpacks to {size / 1e9:.0f} GB; unpack it yourself")
