"""What a writer is given, and the files that several writers write."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

from omr.datasets.base import Dataset
from omr.page import Page
from omr.vocabulary import Names
from omr.vocabulary.translation import classes_of


class Job(NamedTuple):
    """Describe what to write.

    Attributes
    ----------
    parts : dict of str to Dataset
        The splits by name.
    folder : Path
        An empty folder to write to.
    core : bool
        Write core names; otherwise names as published.
    """

    parts: dict[str, Dataset]
    folder: Path
    core: bool = False

    @property
    def names(self) -> Names:
        """The vocabulary of the names written."""
        return "core" if self.core else next(iter(self.parts.values())).names

    @property
    def categories(self) -> list[str]:
        """Every class that can be written, in the order of its number in the files."""
        if self.core:
            return list(classes_of("core"))
        return sorted({name for part in self.parts.values() for name in part.categories})

    def page(self, part: Dataset, i: int) -> Page:
        """Read a page in the names to write.

        Parameters
        ----------
        part : Dataset
            One of `parts`.
        i : int

        Returns
        -------
        Page
        """
        return part.core(i) if self.core else part[i]

    def stems(self, part: Dataset) -> list[str]:
        """Choose a file name for each page.

        Parameters
        ----------
        part : Dataset
            One of `parts`.

        Returns
        -------
        list of str
            Without suffix, all different.
        """
        seen: dict[str, int] = {}
        stems = []
        for page in part:
            stem = Path(page.source).stem or "page"
            seen[stem] = seen.get(stem, 0) + 1
            stems.append(stem if seen[stem] == 1 else f"{stem}-{seen[stem]}")
        return stems

    def write_image(self, part: Dataset, i: int, path: Path) -> None:
        """Write the image of a page; its folder is made where it is missing.

        Parameters
        ----------
        part : Dataset
            One of `parts`.
        i : int
        path : Path
            The suffix decides the format.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(part.image(i)).save(path)


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8; its folder is made where it is missing.

    Parameters
    ----------
    path : Path
    text : str
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_json(
    file: Path,
    header: dict[str, Any],
    lists: dict[str, Iterable[Any]],
    objects: dict[str, Iterable[tuple[str, Any]]] | None = None,
) -> None:
    """Write a JSON object some of whose members are too long to hold, one entry at a time.

    Parameters
    ----------
    file : Path
    header : dict
        The short members; at least one.
    lists : dict of str to iterable
        Members that are lists, by key.
    objects : dict of str to iterable of (str, object), optional
        Members that are objects, by key: the keys and values of their members.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as out:
        out.write(json.dumps(header)[:-1])
        for key, entries in lists.items():
            out.write(f", {json.dumps(key)}: [")
            out.writelines(_separated(map(json.dumps, entries)))
            out.write("]")
        for key, members in (objects or {}).items():
            out.write(f", {json.dumps(key)}: {{")
            out.writelines(_separated(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in members))
            out.write("}")
        out.write("}\n")


def _separated(entries: Iterable[str]) -> Iterator[str]:
    """Put a comma and a newline between entries."""
    for i, entry in enumerate(entries):
        yield f",\n{entry}" if i else entry
