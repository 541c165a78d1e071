"""What rests in the books, for reconciliation: a read-only view of the engines."""

from collections.abc import Mapping

from contracts.message import Message
from contracts.orders import Side
from matching.engine import Engine
from matching.market import Market
from matching.state import state_hash


class OpenOrder(Message, frozen=True, kw_only=True):
    """One resting order, in ticks and lots."""

    order_id: int
    user_id: int
    side: Side
    price_ticks: int
    remaining_lots: int
    filled_lots: int


class OpenOrders(Message, frozen=True, kw_only=True):
    """Symbol → resting orders in priority, bids first, as of `next_offsets` (by partition).

    `state_hashes` (by partition) are there where they were asked for: they cost time.
    """

    orders: dict[str, tuple[OpenOrder, ...]]
    next_offsets: dict[int, int]
    state_hashes: dict[int, str]


def open_orders(
    engines: Mapping[int, Engine], symbol: str | None = None, *, with_hashes: bool = False
) -> OpenOrders:
    """The resting orders of one symbol, or of all where none is named."""
    return OpenOrders(
        orders={
            name: _resting(market)
            for engine in engines.values()
            for name, market in engine.markets.items()
            if symbol is None or name == symbol
        },
        next_offsets={partition: engine.next_offset for partition, engine in engines.items()},
        state_hashes={partition: state_hash(engine) for partition, engine in engines.items()}
        if with_hashes
        else {},
    )


def _resting(market: Market) -> tuple[OpenOrder, ...]:
    return tuple(
        OpenOrder(
            order_id=order.order_id,
            user_id=order.user_id,
            side=order.side,
            price_ticks=order.price,
            remaining_lots=order.remaining,
            filled_lots=order.filled,
        )
        for side in (market.book.bids, market.book.asks)
        for order in side.in_priority()
    )
