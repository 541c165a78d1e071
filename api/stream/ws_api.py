"""`/ws-api/v3`: requests and their answers over one WebSocket, and users' events.

The connection's own query may say `returnRateLimits=false` and `timeUnit=MICROSECOND`.
"""

from typing import Final

from fastapi import APIRouter, WebSocket

from api.calls import charge_address
from api.errors import ApiError, bad_request
from api.parameters import Parameters
from api.responses import error_response
from api.stream.admission import admitted
from api.stream.rendering import TIME_UNITS
from api.stream.ws_api_calls import request_of
from api.stream.ws_api_session import HERE, WsApiSession

CONNECTING_WEIGHT: Final = 2

router = APIRouter()


@router.websocket("/ws-api/v3")
async def ws_api(websocket: WebSocket) -> None:
    """Serve one client."""
    try:
        rate_limits, microseconds = _read_query(websocket.scope["query_string"])
        await charge_address(request_of(websocket, HERE), CONNECTING_WEIGHT)
    except ApiError as error:
        await websocket.send_denial_response(error_response(error))
        return
    async with admitted(websocket) as connection:
        if connection is not None:
            session = WsApiSession(
                websocket, connection, rate_limits=rate_limits, microseconds=microseconds
            )
            await session.run()


def _read_query(query: bytes) -> tuple[bool, bool]:
    parameters = Parameters(query)
    rate_limits = parameters.flag("returnRateLimits", default=True)
    unit = parameters.text("timeUnit") or "MILLISECOND"
    if unit.upper() not in TIME_UNITS:
        raise bad_request(
            -1194, "Invalid value for time unit; expected either MICROSECOND or MILLISECOND."
        )
    parameters.finish()
    return rate_limits, TIME_UNITS[unit.upper()]
