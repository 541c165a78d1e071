"""Market watches kept current by the exchange's streams, and by REST where those break off."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import structlog
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from simulator.api import ApiRefused
from simulator.market_watch import MarketWatch
from simulator.pauses import Pauses
from simulator.polled_feed import PolledFeed

BOOK: Final = "depth20@100ms"
TRADES: Final = "aggTrade"
QUIET_S: Final = 10.0  # a market may stand still; then one look makes sure
OPEN_WITHIN_S: Final = 10.0
AGAIN_S: Final = 2.0  # an address may open 300 connections in 5 minutes
MESSAGE_BYTES_MAX: Final = 1_048_576

log = structlog.get_logger()


class StreamedFeed:
    """Two streams a market on one connection. `url`: of the combined streams, ws://…/stream.

    After each connect it looks once by REST, so that nothing of a gap is missed; trades that
    come both ways are told apart by their ids.
    """

    def __init__(self, url: str, watches: Sequence[MarketWatch], polled: PolledFeed) -> None:
        self._watches = {watch.market.symbol.lower(): watch for watch in watches}
        names = [f"{symbol}@{kind}" for symbol in self._watches for kind in (BOOK, TRADES)]
        self._url = f"{url}?streams={'/'.join(names)}"
        self._polled = polled

    async def run(self) -> None:
        """Listen until cancelled; without a connection, look by REST and connect again later."""
        pauses = Pauses()
        while True:
            try:
                await self._listen(pauses)
            except (OSError, WebSocketException, ApiRefused) as error:
                log.info("simulator.streams_broke_off", error=repr(error))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(pauses.grow(), AGAIN_S)):
                    await self._polled.run()

    async def _listen(self, pauses: Pauses) -> None:
        async with connect(
            self._url, open_timeout=OPEN_WITHIN_S, max_size=MESSAGE_BYTES_MAX
        ) as socket:
            await self._polled.look()
            pauses.forget()
            while True:
                try:
                    async with asyncio.timeout(QUIET_S):
                        text = await socket.recv()
                except TimeoutError:
                    await self._polled.look()
                else:
                    self._show(msgspec.json.decode(text))

    def _show(self, message: dict[str, Any]) -> None:
        symbol, _, kind = message["stream"].partition("@")
        if kind == BOOK:
            self._watches[symbol].show_book(message["data"])
        elif kind == TRADES:
            self._watches[symbol].show_trade(message["data"])
        self._polled.saw()
