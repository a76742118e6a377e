"""Store what the results of a folder were made from: commit of the program, and hashes of the pages."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Any

from omr.benchmark.settings import Settings, read_json, write_json
from omr.datasets import Dataset
from omr.errors import InputError


def keep_origin(settings: Settings, folder: Path) -> None:
    """Store the origin of results in ``origin.json``, or compare it with the one stored there.

    Several commits may add to a folder, and all of them are listed; pages must be the same.

    Parameters
    ----------
    settings : Settings
    folder : Path
        Of the results; must exist.

    Raises
    ------
    InputError
        When the folder has results on other pages.
    """
    validation = settings.validation()
    pages = {
        "training": hash_of(settings.training(), images=False),
        "validation": hash_of(validation) if validation is not None else "",
        "test": hash_of(settings.testing()),
    }
    file = folder / "origin.json"
    known: dict[str, Any] = read_json(file) if file.exists() else {"commits": [], "pages": pages}
    if differ := [part for part, value in pages.items() if known["pages"].get(part) != value]:
        raise InputError(f"{folder}: has results on other {', '.join(differ)} pages; give another folder")
    commits = list(known["commits"])
    if (commit := commit_of(Path(__file__).parent)) not in commits:
        commits.append(commit)
    write_json(file, {"commits": commits, "pages": pages})


def commit_of(folder: Path) -> str:
    """Name the commit that a folder is checked out from.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    str
        As ``git describe`` names it, with "-dirty" where files were changed since; "unknown" outside a
        repository.
    """
    command = ["git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return "unknown"
    return done.stdout.strip() or "unknown"


def hash_of(data: Dataset, *, images: bool = True) -> str:
    """Hash the pages of a dataset.

    Parameters
    ----------
    data : Dataset
    images : bool
        Whether the pixels count, too, and not the truth alone.

    Returns
    -------
    str
        The first 16 hexadecimal digits of SHA-256.
    """
    digest = hashlib.sha256()
    for i in range(len(data)):
        digest.update(repr(data[i].symbols).encode())
        if images:
            digest.update(data.image(i).tobytes())
    return digest.hexdigest()[:16]
