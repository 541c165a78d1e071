"""`/sockjs`: STOMP over SockJS 0.3.3, its WebSocket transport alone.

Source: sockjs.github.io/sockjs-protocol/sockjs-protocol-0.3.3.html. The transports for browsers
without WebSockets answer 404.
"""

import secrets
from collections.abc import Sequence
from typing import Final

import msgspec
from fastapi import APIRouter, Request, Response, WebSocket
from starlette.exceptions import HTTPException

from api.dependencies import dependencies_of
from api.responses import json_response
from api.stream.admission import admitted
from api.stream.origins import from_allowed_origin, is_allowed
from api.stream.stomp_frames import StompError
from api.stream.stomp_outlet import Framing
from api.stream.stomp_peer import StompPeer

OPEN: Final = "o"
HEART_BEAT: Final = "h"
NO_STORE: Final = "no-store, no-cache, no-transform, must-revalidate, max-age=0"
_METHODS: Final = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"]

router = APIRouter(prefix="/sockjs", include_in_schema=False)


@router.websocket("/{server}/{session}/websocket")
async def websocket_transport(websocket: WebSocket) -> None:
    """Serve one client; `server` and `session` are any names, each socket is a session."""
    if not await from_allowed_origin(websocket):
        return
    async with admitted(websocket) as connection:
        if connection is not None:
            connection.send(OPEN)
            await StompPeer(dependencies_of(websocket), connection, SOCKJS).run()


@router.get("/info")
async def info(request: Request) -> Response:
    """What sockjs-client asks for before it chooses a transport."""
    answer = json_response(
        {
            "websocket": True,
            "origins": ["*:*"],
            "cookie_needed": False,
            "entropy": secrets.randbits(32),
        }
    )
    answer.headers["Cache-Control"] = NO_STORE
    origin = request.headers.get("origin")
    if origin is not None and is_allowed(
        request, dependencies_of(request).settings.streams.origins
    ):
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Allow-Credentials"] = "true"  # sockjs-client insists
        answer.headers["Vary"] = "Origin"
    return answer


@router.api_route("/{rest:path}", methods=_METHODS)
async def other_transports() -> Response:
    """Not offered: every browser has WebSockets."""
    raise HTTPException(404, "Only SockJS's WebSocket transport is offered")


def wrapped(text: str) -> str:
    """One message, as an array of one."""
    return f"a[{msgspec.json.encode(text).decode()}]"


def joined(texts: Sequence[str]) -> str:
    """One array of the messages of several."""
    return f"a[{','.join(text[2:-1] for text in texts)}]"


def unwrapped(text: str) -> list[str]:
    """The messages in one text of sockjs-client: an array of texts, or one text; none if empty.

    Raises:
        StompError: anything else.
    """
    if not text:
        return []
    try:
        found = _messages.decode(text)
    except msgspec.DecodeError:
        raise StompError(
            "Not a SockJS message", 'Send a JSON array of texts, ["…"], or use /stomp.'
        ) from None
    return [found] if isinstance(found, str) else found


def closing(code: int, reason: str) -> str:
    """SockJS's last frame."""
    return f"c{msgspec.json.encode([code, reason]).decode()}"


_messages: Final = msgspec.json.Decoder(str | list[str])
SOCKJS: Final = Framing("sockjs", wrapped, unwrapped, joined, closing, HEART_BEAT)
