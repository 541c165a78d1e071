"""`/stomp`: STOMP 1.2 over a WebSocket."""

from typing import Final

from fastapi import APIRouter, WebSocket

from api.dependencies import dependencies_of
from api.stream.admission import admitted
from api.stream.origins import from_allowed_origin
from api.stream.stomp_outlet import PLAIN
from api.stream.stomp_peer import StompPeer

SUBPROTOCOL: Final = "v12.stomp"

router = APIRouter()


@router.websocket("/stomp")
async def stomp(websocket: WebSocket) -> None:
    """Serve one client. The token comes in its CONNECT frame, never in the URL."""
    if not await from_allowed_origin(websocket):
        return
    offered = websocket.scope["subprotocols"]
    subprotocol = SUBPROTOCOL if SUBPROTOCOL in offered else None
    async with admitted(websocket, subprotocol) as connection:
        if connection is not None:
            await StompPeer(dependencies_of(websocket), connection, PLAIN).run()
