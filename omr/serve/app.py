"""The server's addresses: the list of scans, the page of a piece, its edits, pictures and downloads."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from omr import formats
from omr.errors import InputError
from omr.export.html import viewer
from omr.export.html.content import piece_content
from omr.page import Page
from omr.serve import signs
from omr.serve.edits import Edit, from_entry
from omr.serve.guard import Guard
from omr.serve.pieces import Piece
from omr.serve.workspace import Workspace

DOWNLOADS = {
    "musicxml": ".musicxml",
    "mxl": ".mxl",
    "midi": ".mid",
    "mei": ".mei",
    "coco": ".json",
    "mung": ".xml",
    "html": ".html",
}
"""Formats to download with the suffixes of their files."""

REQUEST_LIMIT = 2**20
"""Bytes of the body of an edit at most."""

_Handler = Callable[[Request], Awaitable[Response]]


def make_app(workspace: Workspace, token: str, hosts: frozenset[str]) -> Guard:
    """Make the server.

    Parameters
    ----------
    workspace : Workspace
    token : str
        First part of every address.
    hosts : frozenset of str
        What the header ``Host`` may say, such as "127.0.0.1:8000".

    Returns
    -------
    ASGI application
    """
    routes = [
        Route("/", _start),
        Route("/static/{name}", _static),
        Route("/scans", _scans),
        Route("/upload", _upload, methods=["POST"]),
        Route("/piece/{key}/", _page),
        Route("/piece/{key}/content", _content),
        Route("/piece/{key}/picture/{number:int}/{kind}", _picture),
        Route("/piece/{key}/edit", _edit, methods=["POST"]),
        Route("/piece/{key}/steps", _steps, methods=["POST"]),
        Route("/piece/{key}/download/{name}", _download),
    ]
    app = Starlette(routes=routes)
    app.state.workspace = workspace
    return Guard(app, token, hosts)


def _said(handler: _Handler) -> _Handler:
    """Turn what a user should know into status 400 with one line."""

    @wraps(handler)
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except InputError as error:
            return JSONResponse({"fault": str(error)}, 400)

    return answer


async def _body(request: Request) -> Any:
    """Read the JSON of a request."""
    text = bytearray()
    async for chunk in request.stream():
        text += chunk
        if len(text) > REQUEST_LIMIT:
            raise InputError("the request is too large; make the edit in several steps")
    try:
        return json.loads(bytes(text))
    except (ValueError, RecursionError) as error:
        raise InputError("the request is not JSON") from error


# --- pages and files ----------------------------------------------------------------------------------


async def _start(request: Request) -> Response:
    """Answer with the list of scans."""
    text = viewer.page(
        title="Scans",
        style=viewer.read(viewer.STYLE),
        imports=_imports("static/"),
        content=None,
        start="scans.js",
        template="scans.html.jinja",
        nonce=request.scope["nonce"],
    )
    return HTMLResponse(text)


async def _page(request: Request) -> Response:
    """Answer with the page of a piece."""
    text = viewer.page(
        title="omr",
        style=viewer.read(viewer.STYLE),
        imports=_imports("../../static/"),
        content=None,
        start="editor.js",
        editing=True,
        nonce=request.scope["nonce"],
    )
    return HTMLResponse(text)


def _imports(base: str) -> dict[str, Any]:
    """Lead the names of modules to files of this server; `base` is relative to the page."""
    names = (*viewer.MODULES, *viewer.EDITING)
    return {"imports": {f"viewer/{name}": f"./{base}{name}" for name in names}}


async def _static(request: Request) -> Response:
    """Answer with a module of the viewer."""
    name = request.path_params["name"]
    if name not in (*viewer.MODULES, *viewer.EDITING):
        return Response("There is no such file.", 404)
    return Response(viewer.read(name), media_type="text/javascript")


async def _scans(request: Request) -> Response:
    return JSONResponse(request.app.state.workspace.listed())


@_said
async def _upload(request: Request) -> Response:
    """Take the body of the request as a file."""
    name = request.query_params.get("name", "")
    key = await request.app.state.workspace.take(name, request.stream())
    return JSONResponse({"key": key})


# --- a piece ------------------------------------------------------------------------------------------


def _piece(request: Request) -> Piece:
    workspace: Workspace = request.app.state.workspace
    return workspace.piece(request.path_params["key"])


@_said
async def _content(request: Request) -> Response:
    return JSONResponse(await run_in_threadpool(lambda: _shown(_piece(request))))


def _shown(piece: Piece) -> dict[str, Any]:
    """Collect what the viewer shows of a piece; pictures are loaded by their addresses."""
    reading, pages = piece.reading, piece.pages
    numbers = {id(page): number for number, page in enumerate(pages)}
    on_view = {(page.source, page.number): number for number, page in enumerate(pages)}

    def address(page: Page) -> str:
        if id(page) in numbers:
            return f"picture/{numbers[id(page)]}/scan"
        return f"picture/{on_view[page.source, page.number]}/straight"

    content = piece_content(pages, reading, address)
    for number, (page, shown) in enumerate(zip(pages, content["pages"], strict=True)):
        shown["gaps"] = signs.gaps(page, reading.piece, number)
    labels = [edit.label for edit in piece.edits]
    return {**content, "title": piece.scan.name, "edits": labels, "position": piece.position}


@_said
async def _picture(request: Request) -> Response:
    """Answer with the picture of a page."""
    number, straight = request.path_params["number"], request.path_params["kind"] == "straight"
    url = await run_in_threadpool(lambda: _piece(request).picture(number, straight=straight))
    kind, _, text = url.removeprefix("data:").partition(";base64,")
    return Response(base64.b64decode(text), media_type=kind)


@_said
async def _edit(request: Request) -> Response:
    """Apply an edit and answer with the mended piece."""
    entry = await _body(request)

    def mend() -> dict[str, Any]:
        piece = _piece(request)
        piece.apply(_wanted(piece, entry))
        return _shown(piece)

    return JSONResponse(await run_in_threadpool(mend))


def _wanted(piece: Piece, entry: Any) -> Edit:
    """Make the edit that the browser asks for: changes of symbols, or what is to be read somewhere."""
    if not isinstance(entry, dict):
        raise InputError("the edit is no object")
    ask = entry.get("set")
    if ask is None:
        return from_entry(entry, "edit")
    try:
        number, linked = int(entry["page"]), piece.reading.piece
        if not 0 <= number < len(piece.pages):
            raise InputError("there is no such page; load the piece again")
        page = piece.pages[number]
        if ask == "key":
            return signs.set_key(page, linked, number, int(entry["measure"]), int(entry["fifths"]))
        if ask == "metre":
            beats, unit = int(entry["beats"]), int(entry["unit"])
            return signs.set_metre(page, linked, number, int(entry["measure"]), beats, unit)
        if ask == "duration":
            value, dots = str(entry["value"]), int(entry["dots"])
            return signs.set_duration(page, linked, number, int(entry["index"]), value, dots)
        if ask == "join":
            return signs.set_join(page, linked, number, int(entry["upper"]), bool(entry["joined"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"edit: is not as documented ({type(error).__name__}: {error})") from error
    raise InputError(f"edit: {ask!r} can't be set")


@_said
async def _steps(request: Request) -> Response:
    """Undo or redo."""
    entry = await _body(request)
    if not isinstance(entry, dict) or not isinstance(entry.get("position"), int):
        raise InputError("position: is missing")

    def go() -> dict[str, Any]:
        piece = _piece(request)
        piece.go_to(entry["position"])
        return _shown(piece)

    return JSONResponse(await run_in_threadpool(go))


@_said
async def _download(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in DOWNLOADS:
        return Response("There is no such format.", 404)
    piece = await run_in_threadpool(_piece, request)
    content = await run_in_threadpool(_rendered, piece, name)
    file = quote(f"{piece.scan.stem}{DOWNLOADS[name]}")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{file}"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def _rendered(piece: Piece, name: str) -> str | bytes:
    """Write the mended piece in a format."""
    form = formats.named(name)
    if isinstance(form, formats.ScoreFormat):
        return form.render(piece.reading.score)
    if not form.many and len(piece.pages) > 1:
        raise InputError(f"{name}: holds one page, and the piece has {len(piece.pages)}")
    return form.render(piece.pages, None)
