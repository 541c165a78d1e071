"""What ops do to a market: a command in the engine's own log, as every decision is, with the id
of who asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final
from uuid import uuid4

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError

from api.current_markets import CurrentMarkets
from api.errors import OutcomeUnknown, Overloaded, band_refused
from contracts.matching import (
    BandSet,
    CommandRejected,
    HaltMarket,
    PriceBand,
    RestoreBand,
    ResumeMarket,
    SetBand,
)
from contracts.message import encode
from contracts.topology import ORDERS_INCOMING
from matching.client import MatchingClient
from matching.errors import MatchingUnavailable
from orders.market_band import band_of

PUBLISH_TIMEOUT_S: Final = 5.0
LISTEN_TIMEOUT_S: Final = 3.0
ANSWER_TIMEOUT_S: Final = 3.0


class LoggedMarkets:
    """Writes to the market's partition; orders behind the command see its effect.

    A band may be refused, so its answer is the engine's own. `open_consumer` gives a started
    consumer for that: ops ask rarely, and nobody else here reads what the engine says.
    """

    def __init__(
        self,
        producer: AIOKafkaProducer,
        markets: CurrentMarkets,
        open_consumer: Callable[[], Awaitable[AIOKafkaConsumer]],
    ) -> None:
        self._producer = producer
        self._markets = markets
        self._open_consumer = open_consumer

    async def halt(self, symbol: str, reason: str, by_user_id: int) -> None:
        """Refuse new orders from here on. Raises OutcomeUnknown where the log is silent."""
        await self._publish(
            HaltMarket(command_id=uuid4(), symbol=symbol, reason=reason, by_user_id=by_user_id)
        )

    async def resume(self, symbol: str, by_user_id: int) -> None:
        """Accept orders again. Raises OutcomeUnknown where the log is silent."""
        await self._publish(ResumeMarket(command_id=uuid4(), symbol=symbol, by_user_id=by_user_id))

    async def set_band(self, symbol: str, band: PriceBand, by_user_id: int) -> None:
        """Hold new orders to this band, above the configured one.

        Raises:
            OutcomeUnknown: the log or the engine is silent; the band may hold all the same.
            Overloaded: the engine cannot be heard, and was asked nothing.
            ApiError: the engine refuses.
        """
        figures = msgspec.structs.asdict(band)
        await self._ask(
            SetBand(
                command_id=uuid4(),
                symbol=symbol,
                by_operator=True,
                by_user_id=by_user_id,
                **figures,
            )
        )

    async def restore_band(self, symbol: str, by_user_id: int) -> None:
        """Hold new orders to the configured band again. Raises what `set_band` raises."""
        await self._ask(RestoreBand(command_id=uuid4(), symbol=symbol, by_user_id=by_user_id))

    async def _ask(self, command: SetBand | RestoreBand) -> None:
        """The engine's answer is known here at once, and by other gateways from the row."""
        async with self._engine(command.symbol) as engine:
            try:
                entry = await engine.send(command, ANSWER_TIMEOUT_S)
            except MatchingUnavailable as error:
                raise OutcomeUnknown from error
        if entry is None:
            raise OutcomeUnknown
        for event in entry.events:
            if isinstance(event, CommandRejected):
                raise band_refused(event.refusal)
            if isinstance(event, BandSet):
                self._markets.learn(command.symbol, band_of(event, entry.offset))

    @asynccontextmanager
    async def _engine(self, symbol: str) -> AsyncIterator[MatchingClient]:
        """The engine of that market, heard before anything is asked."""
        async with AsyncExitStack() as opened:
            try:
                async with asyncio.timeout(LISTEN_TIMEOUT_S):
                    consumer = await self._open_consumer()
                    opened.push_async_callback(consumer.stop)
                    market = {symbol: self._markets[symbol]}
                    engine = MatchingClient(self._producer, consumer, market)
                    opened.push_async_callback(engine.stop)
                    await engine.start()
            except (TimeoutError, KafkaError) as error:
                raise Overloaded from error
            yield engine

    async def _publish(self, command: HaltMarket | ResumeMarket) -> None:
        try:
            async with asyncio.timeout(PUBLISH_TIMEOUT_S):
                await self._producer.send_and_wait(
                    ORDERS_INCOMING,
                    encode(command),
                    key=command.symbol.encode(),
                    partition=self._markets[command.symbol].partition,
                )
        except (TimeoutError, KafkaError) as error:
            raise OutcomeUnknown from error
