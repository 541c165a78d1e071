"""What is live in the engines, for reconciliation: a read-only view."""

from collections.abc import Mapping

from contracts.message import Message
from contracts.orders import Side
from matching.engine import Engine
from matching.market import Market
from matching.order import Order
from matching.state import state_hash


class OpenOrder(Message, frozen=True, kw_only=True):
    """One live order, in ticks and lots. `resting` is false where it waits off the book.

    `reservation_id` is where the wallet holds its budget (0: under its own id), `list_id` the
    list whose other leg shares that budget.
    """

    order_id: int
    user_id: int
    side: Side
    price_ticks: int
    remaining_lots: int
    filled_lots: int
    resting: bool = True
    reservation_id: int = 0
    list_id: int = 0


class OpenOrders(Message, frozen=True, kw_only=True):
    """Symbol → live orders as of `next_offsets` (by partition): those that rest in priority,
    bids first, then by id those that wait for their stop price or their turn.

    `state_hashes` (by partition) are there where they were asked for: they cost time.
    """

    orders: dict[str, tuple[OpenOrder, ...]]
    next_offsets: dict[int, int]
    state_hashes: dict[int, str]


def open_orders(
    engines: Mapping[int, Engine], symbol: str | None = None, *, with_hashes: bool = False
) -> OpenOrders:
    """The live orders of one symbol, or of all where none is named."""
    return OpenOrders(
        orders={
            name: _live(engine, market)
            for engine in engines.values()
            for name, market in engine.markets.items()
            if symbol is None or name == symbol
        },
        next_offsets={partition: engine.next_offset for partition, engine in engines.items()},
        state_hashes={partition: state_hash(engine) for partition, engine in engines.items()}
        if with_hashes
        else {},
    )


def _live(engine: Engine, market: Market) -> tuple[OpenOrder, ...]:
    resting = [*market.book.bids.in_priority(), *market.book.asks.in_priority()]
    ids = sorted(order_id for ids in market.users.values() for order_id in ids)
    waiting = [engine.live[order_id] for order_id in ids if engine.live[order_id].level is None]
    return tuple([_open_order(order) for order in (*resting, *waiting)])


def _open_order(order: Order) -> OpenOrder:
    return OpenOrder(
        order_id=order.order_id,
        user_id=order.user_id,
        side=order.side,
        price_ticks=order.price,
        remaining_lots=order.remaining,
        filled_lots=order.filled,
        resting=order.level is not None,
        reservation_id=order.reservation_id,
        list_id=order.list_id,
    )
