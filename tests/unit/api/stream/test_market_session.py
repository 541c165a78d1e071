"""What a client that reads slowly is still told."""

import json
from typing import cast

from starlette.websockets import WebSocket

from api.stream.connection import Connection
from api.stream.hub import Hub
from api.stream.market_session import MarketSession
from api.stream.names import StreamNames
from api.stream.offered import OfferedStreams
from config.settings import StreamSettings
from tests.unit.api.stream.fake_socket import FakeWebSocket, FakeWire

KLINE, MINI = "btcusdt@kline_1m", "!miniTicker@arr"


def kline(opens: int, close: int, *, over: bool) -> str:
    text = json.dumps({"e": "kline", "k": {"t": opens, "c": close, "x": over}})
    return text.replace(" ", "")


async def told_after_a_stall(*frames: tuple[str, str]) -> list[str]:
    """What comes out once a client reads again that did not while these were published."""
    wire, hub, limits = FakeWire(), Hub(), StreamSettings()
    socket = FakeWebSocket(wire)
    connection = Connection(cast(WebSocket, socket), limits, wire=wire)
    offered = OfferedStreams(StreamNames(("BTCUSDT",)))
    session = MarketSession(connection, hub, offered, limits, combined=False, microseconds=False)
    await session.follow(tuple({name for name, _ in frames}))
    wire.reads(False)
    for name, payload in frames:
        hub.publish(name, payload)
    connection.finish()
    wire.reads(True)
    await connection.run(session.receive)
    await socket.release()
    session.leave()
    return wire.texts


async def test_a_slow_client_gets_every_candle_that_is_over_in_order() -> None:
    candles = [
        kline(0, 1, over=False),
        kline(0, 2, over=True),
        kline(1, 3, over=False),
        kline(1, 4, over=False),
        kline(1, 5, over=True),
        kline(2, 6, over=False),
    ]
    told = await told_after_a_stall(*((KLINE, text) for text in candles))
    assert told == [candles[1], candles[4], candles[5]]


async def test_a_slow_client_gets_every_markets_ticker() -> None:
    told = await told_after_a_stall((MINI, '[{"s":"A"}]'), (MINI, '[{"s":"B"}]'))
    assert told == ['[{"s":"A"}]', '[{"s":"B"}]']
