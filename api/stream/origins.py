"""Which web pages may open a socket. Source: OWASP's WebSocket cheat sheet, CSWSH."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from api.dependencies import dependencies_of
from api.errors import ApiError
from api.responses import error_response


async def from_allowed_origin(websocket: WebSocket) -> bool:
    """Whether the handshake may go on; if not, it was answered 403.

    Allowed are pages of this host and of `settings.streams.origins`. Who sends no Origin is no
    browser, and nobody's browser can be led to do it.
    """
    if is_allowed(websocket, dependencies_of(websocket).settings.streams.origins):
        return True
    refusal = ApiError(403, -1002, "WebSockets are not open to pages of this origin.")
    await websocket.send_denial_response(error_response(refusal))
    return False


def is_allowed(connection: HTTPConnection, origins: Collection[str]) -> bool:
    """Whether the request's Origin is its own host, one of `origins`, or not there."""
    origin = connection.headers.get("origin")
    if origin is None or origin in origins:
        return True
    try:
        return urlsplit(origin).netloc == connection.headers["host"] != ""
    except (ValueError, KeyError):
        return False
