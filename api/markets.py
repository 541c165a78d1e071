"""Halting and resuming a market: a command in the engine's own log, as every decision is."""

import asyncio
from collections.abc import Mapping
from typing import Final
from uuid import uuid4

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from api.errors import OutcomeUnknown
from contracts.instruments import Instrument
from contracts.matching import HaltMarket, ResumeMarket
from contracts.message import encode
from contracts.topology import ORDERS_INCOMING

PUBLISH_TIMEOUT_S: Final = 5.0


class LoggedMarkets:
    """Writes to the market's partition; orders behind the command see its effect."""

    def __init__(self, producer: AIOKafkaProducer, instruments: Mapping[str, Instrument]) -> None:
        self._producer = producer
        self._instruments = instruments

    async def halt(self, symbol: str, reason: str) -> None:
        """Refuse new orders from here on. Raises OutcomeUnknown where the log is silent."""
        await self._publish(HaltMarket(command_id=uuid4(), symbol=symbol, reason=reason))

    async def resume(self, symbol: str) -> None:
        """Accept orders again. Raises OutcomeUnknown where the log is silent."""
        await self._publish(ResumeMarket(command_id=uuid4(), symbol=symbol))

    async def _publish(self, command: HaltMarket | ResumeMarket) -> None:
        try:
            async with asyncio.timeout(PUBLISH_TIMEOUT_S):
                await self._producer.send_and_wait(
                    ORDERS_INCOMING,
                    encode(command),
                    key=command.symbol.encode(),
                    partition=self._instruments[command.symbol].partition,
                )
        except (TimeoutError, KafkaError) as error:
            raise OutcomeUnknown from error
