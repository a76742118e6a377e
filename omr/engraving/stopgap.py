"""Pieces and fonts until the real modules are here."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

TEST = {"haydn", "joplin", "schumann_clara", "handel", "schubert", "verdi", "weber", "beach"}
VAL = {"mozart", "schumann_robert"}


@dataclass(frozen=True)
class Font:
    name: str
    archive: Path | None = None


@dataclass(frozen=True)
class Piece:
    id: str
    path: Path

    def load(self) -> str:
        z = zipfile.ZipFile(self.path)
        data = z.read(next(n for n in z.namelist() if not n.startswith("META")))
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")


class corpus:
    @staticmethod
    def pieces(split: str) -> list[Piece]:
        import music21

        root = Path(music21.__file__).parent / "corpus"
        found = []
        for f in sorted(root.rglob("*.mxl")):
            who = f.relative_to(root).parts[0]
            if split == ("test" if who in TEST else "val" if who in VAL else "train"):
                found.append(Piece(str(f.relative_to(root)), f))
        return found


class fonts:
    @staticmethod
    def fonts(split: str) -> list[Font]:
        if split == "test":
            return [Font("Leland")]
        return [Font(n) for n in ("Leipzig", "Bravura", "Petaluma", "Gootville")]
