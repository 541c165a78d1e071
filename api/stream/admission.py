"""The door of every socket: who may come in, and how often."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.responses import Response
from starlette.websockets import WebSocket

from api.dependencies import dependencies_of, ip_of
from api.errors import ApiError
from api.rate_limits import LimitReached, Window
from api.responses import error_response
from api.stream.connection import Connection

FIVE_MINUTES_S: Final = 300


@asynccontextmanager
async def admitted(
    websocket: WebSocket, subprotocol: str | None = None
) -> AsyncIterator[Connection | None]:
    """Accept the handshake and give the client its way out, to be `run` by the caller. Its place
    is taken from before the handshake until the block ends.

    None where it was refused: 503 when this gateway is full, 429 with Retry-After when the
    address has opened too many (Binance: 300 in 5 minutes).
    """
    dependencies = dependencies_of(websocket)
    limits, figures = dependencies.settings.streams, dependencies.stream_figures
    if figures.admitted >= limits.connections:
        await websocket.send_denial_response(_full())
        yield None
        return
    figures.admitted += 1
    try:
        yield await _accepted(websocket, subprotocol)
    finally:
        figures.admitted -= 1


async def _accepted(websocket: WebSocket, subprotocol: str | None) -> Connection | None:
    dependencies = dependencies_of(websocket)
    limits, figures = dependencies.settings.streams, dependencies.stream_figures
    window = Window(
        name="sockets",
        subject=ip_of(websocket),
        cost=1,
        limit=limits.connections_per_5m,
        seconds=FIVE_MINUTES_S,
    )
    try:
        await dependencies.rate_limits.take([window])
    except LimitReached as reached:
        await websocket.send_denial_response(_too_often(reached))
        return None
    await websocket.accept(subprotocol)
    return Connection(websocket, limits, figures)


def _full() -> Response:
    return error_response(ApiError(503, -1008, "Server is busy: too many WebSocket connections."))


def _too_often(reached: LimitReached) -> Response:
    message = f"Too many WebSocket connections; current limit is {reached.window.limit} in 5m."
    headers = {"Retry-After": str(reached.retry_after_s)}
    return error_response(ApiError(429, -1003, message, headers))
