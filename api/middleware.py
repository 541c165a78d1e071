"""Around every request: a correlation id, security headers, a body limit, no stack traces."""

import re
from functools import lru_cache
from typing import Final
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ApiError
from api.responses import added_headers, error_response
from api.time_unit import choose_unit

CORRELATION_HEADER: Final = "X-Correlation-Id"
_CORRELATION: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")
_EVERYWHERE: Final = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
_DOCS: Final = f"{_EVERYWHERE}; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'"
_SECURITY: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}

log = structlog.get_logger()


class Surroundings:
    """The outermost layer: whatever happens inside, the client gets a well-formed answer."""

    def __init__(self, app: ASGIApp, max_body_bytes: int) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        choose_unit(scope)
        headers = Headers(scope=scope)
        correlation_id = _correlation_id(headers.get(CORRELATION_HEADER))
        scope["tradeflow.correlation_id"] = correlation_id
        started = finished = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started, finished
            if message["type"] == "http.response.start":
                started = True
                _set_headers(
                    MutableHeaders(scope=message), scope, correlation_id, headers.get("host", "")
                )
            elif message["type"] == "http.response.body":
                finished = not message.get("more_body", False)
            await send(message)

        with structlog.contextvars.bound_contextvars(correlation_id=correlation_id):
            try:
                limited = _limited(receive, headers, self._max_body_bytes)
                await self._app(scope, limited, send_with_headers)
            except ApiError as error:
                await error_response(error)(scope, receive, send_with_headers)
            except Exception:
                log.exception("request.failed", path=scope["path"], method=scope["method"])
                if started and not finished:
                    raise  # half an answer: the connection must break
                if not started:
                    await error_response(defect())(scope, receive, send_with_headers)


def _correlation_id(sent: str | None) -> str:
    return sent if sent and _CORRELATION.fullmatch(sent) else str(uuid4())


def _set_headers(headers: MutableHeaders, scope: Scope, correlation_id: str, host: str) -> None:
    for name, value in {**_SECURITY, **added_headers(scope)}.items():
        headers[name] = value
    headers[CORRELATION_HEADER] = correlation_id
    path: str = scope["path"]
    headers["Content-Security-Policy"] = (
        _DOCS if path.startswith("/docs") else _page_policy(scope["scheme"], host)
    )
    if path.startswith(("/api/", "/v1/", "/sapi/")):
        headers["Cache-Control"] = "no-store"


@lru_cache(maxsize=64)
def _page_policy(scheme: str, host: str) -> str:
    """A page may talk to where it came from alone. Not every browser counts WebSockets of the
    same host as 'self', so they are named; a host that is none is not repeated."""
    sockets = f" {'wss' if scheme == 'https' else 'ws'}://{host}" if _HOST.fullmatch(host) else ""
    return f"{_EVERYWHERE}; connect-src 'self'{sockets}"


def _limited(receive: Receive, headers: Headers, max_bytes: int) -> Receive:
    """Count what comes in, so that a chunked body cannot be larger than one with a length."""
    declared = headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > max_bytes:
        raise too_large()
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > max_bytes:
                raise BodyTooLarge(413)
        return message

    return counted


def defect() -> ApiError:
    """The answer to what nobody foresaw. Of an order it says nothing: the outcome is unknown."""
    return ApiError(500, -1000, "An unknown error occurred while processing the request.")


class BodyTooLarge(HTTPException):
    """Raised while the body is read: an HTTPException is what FastAPI lets through there."""


def too_large() -> ApiError:
    """The answer to a body beyond the limit."""
    return ApiError(413, -1101, "Too many bytes sent: the request body is too large.")
