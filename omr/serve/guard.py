"""Checks of every request: it comes from this machine's browser, from the server's own page, with its token.

Another web page in the same browser can send requests to 127.0.0.1, by its address or by a name of its own
that leads there (DNS rebinding). It knows no token, its requests carry its own origin, and theirs name
another host: each of the three is refused.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; connect-src 'self'; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Headers of every response. Styles may stand in elements: engravings and the viewer set some."""


class Guard:
    """Refuses requests that the server's own page did not send.

    Parameters
    ----------
    app : ASGI application
        Sees paths without the token, and finds the nonce of its page's scripts in the scope, as ``nonce``.
    token : str
        First part of every path.
    hosts : frozenset of str
        What the header ``Host`` may say, such as "127.0.0.1:8000".
    """

    def __init__(self, app: ASGIApp, token: str, hosts: frozenset[str]) -> None:
        self.app, self.token, self.hosts = app, token, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it with status 403 or 404."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        refusal = self._refusal(scope)
        scope["nonce"] = secrets.token_urlsafe(16)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name.encode(), text.replace("{nonce}", scope["nonce"]).encode())
                        for name, text in HEADERS.items()
                    ),
                ]
            await send(message)

        if refusal:
            return await PlainTextResponse(refusal, 403)(scope, receive, send_with_headers)
        inner = "/" + scope["path"].lstrip("/").partition("/")[2]
        await self.app({**scope, "path": inner, "raw_path": inner.encode()}, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> str:
        """Say why a request is refused; "" where it isn't."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if headers.get("host") not in self.hosts:
            return "This server answers to its own address only."
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}" for host in self.hosts}:
            return "This server answers to its own page only."
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return "This server answers to its own page only."
        token = scope["path"].lstrip("/").partition("/")[0]
        if not secrets.compare_digest(token.encode(), self.token.encode()):
            return "The address lacks the token: open the one that `omr serve` printed."
        if ".." in scope["path"].split("/"):
            return "There is no such address."
        return ""
