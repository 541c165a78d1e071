"""Orders that rest, trade and go, for as long as something else happens."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from contracts.matching import EngineCommand
from contracts.orders import Side
from tests.integration.market_data.logged_engine import LoggedEngine
from tests.support.engine_commands import cancel, submit


class Traffic:
    """Each time other orders."""

    _next_id = 1_000_000

    def __init__(self, engine: LoggedEngine) -> None:
        self._engine = engine
        self._random = random.Random(Traffic._next_id)  # noqa: S311

    async def run(self, count: int) -> None:
        commands: list[EngineCommand] = []
        for _ in range(count):
            Traffic._next_id += 1
            if self._random.random() < 0.3:
                commands.append(cancel(Traffic._next_id - self._random.randint(1, 20)))
            else:
                side = self._random.choice((Side.BUY, Side.SELL))
                price, lots = self._random.randint(90, 110), self._random.randint(1, 60)
                commands.append(submit(Traffic._next_id, side, price, lots))
        await self._engine.run(commands)

    async def go_on(self, stop: asyncio.Event) -> None:
        """Until stopped; never cancelled, which would lose what the engine has done."""
        while not stop.is_set():
            await self.run(10)
            await asyncio.sleep(0.02)


@asynccontextmanager
async def traffic(engine: LoggedEngine) -> AsyncIterator[None]:
    """Orders all the time."""
    stop = asyncio.Event()
    task = asyncio.create_task(Traffic(engine).go_on(stop))
    try:
        yield
    finally:
        stop.set()
        await task
