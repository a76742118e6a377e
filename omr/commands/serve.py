"""`omr serve`: read and mend scans in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omr.extras import needing


def serve(
    folder: Annotated[
        Path,
        typer.Argument(help="Folder of the scans; what is read and mended is kept beside them."),
    ] = Path(),
    *,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 takes any that is free.")
    ] = 8642,
    weights: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="Shipped weights (`omr models` lists them) or a file.")
    ] = "printed",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, ...")] = "auto",
    browse: Annotated[bool, typer.Option(help="Open the browser.")] = True,
) -> None:
    """Read and mend scans in the browser, on this machine only.

    The server answers on 127.0.0.1, to the address with the token that it prints, and sees the files of the
    folder only. Ctrl C ends it.
    """
    with needing("serve"):
        from omr.serve.server import run

    run(folder, port=port, weights=weights, device=device, browse=browse)
