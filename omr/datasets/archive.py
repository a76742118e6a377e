"""Archives, unpacked once into the cache, never outside of it."""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from pathlib import Path

from omr.datasets import cache
from omr.errors import InputError

SUFFIXES = (".tar.xz", ".tar.gz", ".tgz", ".tar", ".zip")
"""Suffixes of the archives that can be unpacked."""

_BROKEN = (
    tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, RuntimeError,
)  # fmt: skip
"""What unpacking raises on broken and on encrypted archives."""

MOST_BYTES = 20_000_000_000
"""Bytes; an archive that unpacks to more is refused. MUSCIMA++ takes 86 million."""


MOST_RATIO = 200
"""Largest ratio of unpacked to packed bytes of an archive above `SURELY_SMALL` bytes: XML packs by 20 to 50,
zeros by 1,000."""

SURELY_SMALL = 100_000_000
"""Bytes to which any archive may unpack."""


def is_archive(path: Path) -> bool:
    """Tell whether a path is a file with the suffix of an archive.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
    """
    return path.is_file() and path.name.lower().endswith(SUFFIXES)


def unpacked(archive: Path) -> Path:
    """Unpack an archive into the cache, once.

    Parameters
    ----------
    archive : Path
        With one of `SUFFIXES`.

    Returns
    -------
    Path
        The folder with its content.

    Raises
    ------
    InputError
        When the archive is broken, too large, or holds a name that leads out of its folder.
    """

    def unpack(folder: Path) -> None:
        folder.mkdir()
        try:
            (_unzip if archive.name.lower().endswith(".zip") else _untar)(archive, folder)
        except InputError:
            raise
        except (
            tarfile.TarError,
            zipfile.BadZipFile,
            EOFError,
            ValueError,
            zlib.error,
            lzma.LZMAError,
            RuntimeError,
        ) as error:
            raise InputError(f"{archive}: is a broken archive ({error}); download it again") from error

    return cache.made(cache.place(archive), unpack)


def _untar(archive: Path, folder: Path) -> None:
    """Unpack a tar archive of files and folders."""
    # Python 3.11.4 and later check the same with the filter "data"
    with tarfile.open(archive) as tar:
        members = tar.getmembers()
        _check_size(archive, sum(member.size for member in members))
        for member in members:
            _check_name(archive, member.name, folder)
            if not (member.isfile() or member.isdir()):
                raise InputError(
                    f"{archive}: refused, {member.name!r} is a link or a device; get it from its publisher"
                )
            member.mode = 0o755 if member.isdir() else 0o644
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        tar.extractall(folder, members, **safely)  # type: ignore[arg-type]


def _unzip(archive: Path, folder: Path) -> None:
    """Unpack a zip archive."""
    with zipfile.ZipFile(archive) as content:
        _check_size(archive, sum(member.file_size for member in content.infolist()))
        for name in content.namelist():
            _check_name(archive, name, folder)
        content.extractall(folder)


def _check_name(archive: Path, name: str, folder: Path) -> None:
    """Refuse a name that leads out of the folder."""
    if not (folder / name).resolve().is_relative_to(folder.resolve()):
        raise InputError(f"{archive}: refused, {name!r} leads out of it; get it from its publisher")


def _check_size(archive: Path, size: int) -> None:
    """Refuse an archive that unpacks to more than any dataset of its size would."""
    if size > MOST_BYTES or size > max(SURELY_SMALL, MOST_RATIO * archive.stat().st_size):
        raise InputError(
            f"{archive}: refused, its {archive.stat().st_size / 1e6:.1f} MB unpack to {size / 1e6:.0f} MB; "
            "unpack it yourself if you trust it"
        )
