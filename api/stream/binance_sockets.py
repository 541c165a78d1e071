"""The market streams as Binance offers them: `/ws` bare events, `/stream` wrapped ones.

`/ws/a/b` and `/stream?streams=a/b` begin with streams; others subscribe by control messages.
ccxt.pro connects to `/ws/0`, `/ws/1`, …: a number is no stream. It may take `/stream/ws` for its
base and reads bare events there too.
"""

from urllib.parse import parse_qs

from fastapi import APIRouter, WebSocket

from api.dependencies import dependencies_of
from api.errors import ApiError
from api.responses import error_response
from api.stream.admission import admitted
from api.stream.market_session import COME_AGAIN, MarketSession, TooManyStreams
from api.stream.names import names_of
from api.stream.offered import OfferedStreams, UnknownStream
from api.stream.rendering import TIME_UNITS

router = APIRouter()


@router.websocket("/ws")
@router.websocket("/ws/{streams:path}")
@router.websocket("/stream/ws")
@router.websocket("/stream/ws/{streams:path}")
async def raw(websocket: WebSocket, streams: str = "") -> None:
    """Events as they are."""
    await _serve(websocket, _in_path(streams), combined=False)


@router.websocket("/stream")
async def combined(websocket: WebSocket) -> None:
    """Events with the name of their stream: `{"stream": …, "data": …}`."""
    asked = _query(websocket).get("streams", "")
    await _serve(websocket, _in_path(asked), combined=True)


async def _serve(websocket: WebSocket, asked: tuple[str, ...], *, combined: bool) -> None:
    dependencies = dependencies_of(websocket)
    limits = dependencies.settings.streams
    offered = OfferedStreams(names_of(tuple(dependencies.instruments)), dependencies.user_streams)
    try:
        microseconds = _in_microseconds(websocket)
        await offered.resolve(asked)
        if len(asked) > limits.subscriptions:
            raise TooManyStreams(f"at most {limits.subscriptions} streams on a connection")
    except ValueError as error:
        refusal = ApiError(400, -1130, f"Invalid request: {error}.")
        await websocket.send_denial_response(error_response(refusal))
        return
    async with admitted(websocket) as connection:
        if connection is None:
            return
        session = MarketSession(
            connection,
            dependencies.hub,
            offered,
            limits,
            combined=combined,
            microseconds=microseconds,
        )
        try:
            await session.follow(asked)
            await connection.run(session.receive)
        except UnknownStream:  # a listenKey that ended meanwhile
            await websocket.close(COME_AGAIN)
        finally:
            session.leave()


def _in_microseconds(websocket: WebSocket) -> bool:
    unit = _query(websocket).get("timeUnit", "MILLISECOND")
    if unit.upper() not in TIME_UNITS:
        raise ValueError(f"timeUnit must be MILLISECOND or MICROSECOND, not {unit[:20]!r}")
    return TIME_UNITS[unit.upper()]


def _in_path(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in text.split("/") if name and not name.isdecimal()))


def _query(websocket: WebSocket) -> dict[str, str]:
    """A plus is a plus: clients write `@+08:00` as it is, and no value here holds a space."""
    query = parse_qs(websocket.scope["query_string"].decode("latin-1").replace("+", "%2B"))
    return {name: values[-1] for name, values in query.items()}
