"""A relay with a planted fault, and partners of a relay that a test is not about."""

from collections.abc import Sequence

from adapters.mysql import in_transaction
from config.markets import load_markets
from contracts.matching import HaltMarket, OrderBatch
from contracts.user_events import UserEvent
from orders import projector, repository
from orders.relay import Relay

MARKETS = load_markets()


class TellsAtOnce(Relay):
    """The planted fault: an own event is signalled as it comes, answered or not."""

    async def take(
        self, partition: int, offset: int, next_offset: int, batches: list[OrderBatch]
    ) -> None:
        await super().take(partition, offset, next_offset, batches)
        states = projector.project(batches, MARKETS).own
        owners = await in_transaction(self._engine, lambda c: repository.owners(c, sorted(states)))
        await self._signal_all(owners, states)


async def no_halt(command: HaltMarket) -> None:
    """Where nothing contradicts itself."""
    raise AssertionError(command)


async def tell_nobody(_: Sequence[UserEvent]) -> None:
    """Where users are nobody's concern."""
