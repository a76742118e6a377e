"""Decide what happens to files that are there already: no file of the user's is replaced unasked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from omr.commands.messages import say
from omr.errors import InputError
from omr.formats import is_ours
from omr.images import split_pages

if TYPE_CHECKING:
    from omr.batch.settings import OnExists


@dataclass(frozen=True)
class Placing:
    """What happens to files that are there already.

    Attributes
    ----------
    inputs : iterable of str
        Paths that are never written to, by whatever name.
    on_exists : {"skip", "overwrite", "number"} or None
        None replaces files that this program wrote and refuses all others.
    """

    inputs: Iterable[str]
    on_exists: OnExists | None = None
    written: set[Path] = field(default_factory=set)

    def numbering(self) -> Placing:
        """Give one that leaves every file as it is and writes beside it."""
        return replace(self, on_exists="number")

    def check(self, path: str | Path) -> None:
        """Refuse a path that would be refused later: before work that takes long.

        Parameters
        ----------
        path : str or Path
            Folders are not looked at.

        Raises
        ------
        InputError
            As `place`.
        """
        if not str(path).endswith("/") and not Path(path).is_dir():
            self._refuse(Path(path))

    def place(self, path: Path) -> Path | None:
        """Choose the file to write.

        Parameters
        ----------
        path : Path

        Returns
        -------
        Path or None
            None for none.

        Raises
        ------
        InputError
            When it is an input, or a file that may not be replaced.
        """
        chosen: Path | None = path
        self._refuse(path)
        if path in self.written or (path.exists() and self.on_exists == "number"):
            number = 2
            while (other := path.with_stem(f"{path.stem}~{number}")).exists() or other in self.written:
                number += 1
            chosen = other
        elif path.exists() and self.on_exists == "skip":
            say(f"left {path} as it is")
            chosen = None
        elif path.exists():
            say(f"replacing {path}")
        if chosen:
            self.written.add(chosen)
        return chosen

    def _refuse(self, path: Path) -> None:
        for source in self.inputs:
            file, _ = split_pages(source)
            if path.exists() and file.exists() and path.samefile(file):
                raise InputError(f"{path}: is an input, which is never overwritten; give another name")
        if self.on_exists is None and path.exists() and path not in self.written and not is_ours(path):
            raise InputError(
                f"{path}: is there already, and not as this program wrote it; give another name, or "
                "--on-exists overwrite, number or skip"
            )
