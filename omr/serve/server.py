"""Start the server on 127.0.0.1."""

from __future__ import annotations

import secrets
import socket
import webbrowser
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from omr.errors import InputError
from omr.serve.app import make_app
from omr.serve.workspace import Workspace

if TYPE_CHECKING:
    from omr.images import PageImage
    from omr.inference import Reader
    from omr.page import Page

HOST = "127.0.0.1"
"""The only address that the server listens on."""


def run(folder: Path, *, port: int, weights: str, device: str, browse: bool) -> None:
    """Serve a folder until it is interrupted.

    Parameters
    ----------
    folder : Path
    port : int
        0 takes any that is free.
    weights, device : str
        As for `omr.inference.Reader`; loaded when the first scan is read.
    browse : bool
        Whether to open the browser.

    Raises
    ------
    InputError
        When the folder is a file, or the port is taken.
    """
    import uvicorn

    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file; give a folder")

    @cache
    def reader() -> Reader:
        from omr.inference import Reader  # brings the runtime of the detector

        return Reader(weights, device)

    def find_symbols(image: PageImage) -> Page:
        return reader().page(image)

    listener = _listen(port)
    address = f"{HOST}:{listener.getsockname()[1]}"
    token = secrets.token_urlsafe(24)
    hosts = frozenset({address, f"localhost:{address.partition(':')[2]}"})
    app = make_app(Workspace(folder, find_symbols), token, hosts)
    url = f"http://{address}/{token}/"
    print(f"{folder.resolve()} is served at\n  {url}\nCtrl C ends it.", flush=True)
    if browse:
        webbrowser.open(url)
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", server_header=False)
    uvicorn.Server(config).run(sockets=[listener])


def _listen(port: int) -> socket.socket:
    """Open the port before anything is said about it."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        raise InputError(f"port {port}: can't be opened ({error.strerror}); choose another --port") from error
    return listener
