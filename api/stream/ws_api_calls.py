"""REST endpoints, asked from within the gateway: one implementation of every method.

The request goes through the same application as one from outside. Who sent it was established
before; that stands in the scope, where no client can write.
"""

from collections.abc import Mapping
from typing import Final

import msgspec
from starlette.requests import Request as HttpRequest
from starlette.types import Message, Scope
from starlette.websockets import WebSocket

from api.calls import VERIFIED, Verified
from api.errors import ApiError
from api.middleware import Surroundings
from api.responses import added_headers
from api.stream.ws_api_methods import Endpoint
from contracts.message import encode


class Answer(msgspec.Struct, frozen=True):
    """What an endpoint said. `body` is JSON text, `headers` are by lower-case name."""

    status: int
    body: str
    headers: Mapping[str, str]

    @property
    def good(self) -> bool:
        return self.status < 400


def answered(status: int, content: object, request: HttpRequest) -> Answer:
    """An answer that needs no endpoint, with the headers that charging it has left."""
    headers = {k.lower(): v for k, v in added_headers(request.scope).items()}
    return Answer(status, encode(content).decode(), headers)


def refused(error: ApiError, request: HttpRequest) -> Answer:
    """The answer to an error."""
    headers = {**added_headers(request.scope), **error.headers}
    body = encode(error.body).decode()
    return Answer(error.status, body, {k.lower(): v for k, v in headers.items()})


async def ask(
    websocket: WebSocket,
    endpoint: Endpoint,
    query: bytes,
    verified: Verified | None,
    *,
    microseconds: bool = False,
) -> Answer:
    """Ask an endpoint as this client; of its errors none is raised."""
    request = request_of(websocket, endpoint, query, microseconds=microseconds)
    if verified is not None:
        request.scope[VERIFIED] = verified
    response = _Response()
    await Surroundings(websocket.app, 0)(request.scope, _nothing, response.take)
    return response.answer()


def request_of(
    websocket: WebSocket,
    endpoint: Endpoint,
    query: bytes = b"",
    *,
    microseconds: bool = False,
) -> HttpRequest:
    """An HTTP request from the same client, without a body."""
    headers = [(b"x-mbx-time-unit", b"MICROSECOND")] if microseconds else []
    scope: Scope = {
        "type": "http",
        "asgi": websocket.scope["asgi"],
        "http_version": "1.1",
        "method": endpoint.verb,
        "scheme": "http",
        "path": endpoint.path,
        "raw_path": endpoint.path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": headers,
        "client": websocket.scope.get("client"),
        "server": websocket.scope.get("server"),
        "app": websocket.app,
    }
    return HttpRequest(scope, _nothing)


class _Response:
    """Gathers what an application sends."""

    def __init__(self) -> None:
        self._status = 0
        self._headers: dict[str, str] = {}
        self._body = bytearray()

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = {k.decode().lower(): v.decode() for k, v in message["headers"]}
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")

    def answer(self) -> Answer:
        return Answer(self._status, self._body.decode(), self._headers)


_EMPTY_BODY: Final[Message] = {"type": "http.request", "body": b"", "more_body": False}


async def _nothing() -> Message:
    return _EMPTY_BODY
