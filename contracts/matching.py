"""The engine's language: commands on `orders.incoming`, and what comes out.

Integers throughout: prices in ticks, quantities in lots, money in units of 0.00000001 (`_e8`).
Output is a pure function of the log, so an event's identity is where it comes from:
(partition, input offset, position). The three output topics carry one batch per message; each
batch holds whole entries, one per command, with a hash that tells two engines' outputs apart.
"""

from hashlib import blake2b
from uuid import UUID

from contracts.message import Message, encode
from contracts.orders import OrderStatus, OrderType, Refusal, Side, TimeInForce


class AddSymbol(Message, frozen=True, kw_only=True):
    """Open a market. The same again changes nothing."""

    command_id: UUID
    symbol: str
    base: str
    quote: str
    tick_e8: int
    lot_e8: int


class HaltMarket(Message, frozen=True, kw_only=True):
    """From here on submits are refused (MARKET_CLOSED); cancels still work."""

    command_id: UUID
    symbol: str
    reason: str


class ResumeMarket(Message, frozen=True, kw_only=True):
    command_id: UUID
    symbol: str


class SubmitOrder(Message, frozen=True, kw_only=True):
    """An order whose funds are reserved. `budget_e8` is what may be spent, never more.

    The budget is in quote currency for a buy, in base currency for a sell.
    """

    command_id: UUID
    symbol: str
    order_id: int
    user_id: int
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    price_ticks: int
    quantity_lots: int
    budget_e8: int
    maker_fee_ppm: int
    taker_fee_ppm: int
    accepted_at_ms: int


class CancelOrder(Message, frozen=True, kw_only=True):
    """Take an order off the book. An id never seen is remembered, so that it never trades."""

    command_id: UUID
    symbol: str
    order_id: int


EngineCommand = AddSymbol | HaltMarket | ResumeMarket | SubmitOrder | CancelOrder


class OrderEvent(Message, frozen=True, kw_only=True, tag=None):
    """What all events of one order carry: cumulative figures, so that the newest wins.

    `sequence` counts the order's own changes without a gap; `caused_by` is the order whose
    command made this happen, so `caused_by == order_id` marks an own event.
    """

    symbol: str
    order_id: int
    user_id: int
    sequence: int
    caused_by: int
    status: OrderStatus
    quantity_lots: int
    filled_lots: int
    filled_quote_e8: int
    commission_e8: int

    @property
    def own(self) -> bool:
        return self.caused_by == self.order_id


class OrderAccepted(OrderEvent, frozen=True, kw_only=True, tag=True):
    pass


class OrderRejected(OrderEvent, frozen=True, kw_only=True, tag=True):
    refusal: Refusal


class OrderFilled(OrderEvent, frozen=True, kw_only=True, tag=True):
    """One execution. The commission is in base for a buyer, in quote for a seller."""

    trade_id: int
    price_ticks: int
    last_lots: int
    last_quote_e8: int
    last_commission_e8: int
    side: Side
    is_maker: bool


class OrderCancelled(OrderEvent, frozen=True, kw_only=True, tag=True):
    pass


class OrderStatusReported(OrderEvent, frozen=True, kw_only=True, tag=True):
    """The present state, told again: a repeated submit or a cancel of a closed order.

    `sequence` is that of the state, not a new one.
    """

    refusal: Refusal | None = None


class CancelRejected(Message, frozen=True, kw_only=True):
    """The order was never seen; from now on it is refused should it come."""

    symbol: str
    order_id: int
    refusal: Refusal


class CommandRejected(Message, frozen=True, kw_only=True):
    """The command makes no sense in this partition, such as a halt of an unknown symbol."""

    symbol: str
    refusal: Refusal


class MarketOpened(Message, frozen=True, kw_only=True):
    symbol: str


class MarketHalted(Message, frozen=True, kw_only=True):
    symbol: str
    reason: str


class MarketResumed(Message, frozen=True, kw_only=True):
    symbol: str


AnyOrderEvent = OrderAccepted | OrderRejected | OrderFilled | OrderCancelled | OrderStatusReported
EngineEvent = (
    AnyOrderEvent | CancelRejected | CommandRejected | MarketOpened | MarketHalted | MarketResumed
)


class TradeExecuted(Message, frozen=True, kw_only=True):
    """One execution, complete enough to be settled without asking anybody.

    The buyer's commission is in base, the seller's in quote. `buyer_refund_e8` is the price
    improvement: what the buyer had reserved for this quantity beyond what it costs.
    `*_filled_lots` are cumulative, after this trade.
    """

    symbol: str
    base: str
    quote: str
    trade_id: int
    price_ticks: int
    quantity_lots: int
    price_e8: int
    quantity_e8: int
    quote_e8: int
    buyer_order_id: int
    buyer_user_id: int
    buyer_filled_lots: int
    buyer_commission_e8: int
    buyer_refund_e8: int
    buyer_is_maker: bool
    seller_order_id: int
    seller_user_id: int
    seller_filled_lots: int
    seller_commission_e8: int


class BookUpdated(Message, frozen=True, kw_only=True):
    """New totals of the levels that one command changed; a total of zero removes the level.

    `book_seq` rises by one per update of a symbol (Binance's `U` and `u`).
    """

    symbol: str
    book_seq: int
    bids: tuple[tuple[int, int], ...]  # (price_e8, quantity_e8)
    asks: tuple[tuple[int, int], ...]


class OrderEntry(Message, frozen=True, kw_only=True):
    """All that one command did to orders and markets. Time is the log's."""

    offset: int
    command_id: UUID
    at_ms: int
    hash: str
    events: tuple[EngineEvent, ...]


class TradeEntry(Message, frozen=True, kw_only=True):
    offset: int
    at_ms: int
    hash: str
    trades: tuple[TradeExecuted, ...]


class BookEntry(Message, frozen=True, kw_only=True):
    offset: int
    at_ms: int
    hash: str
    update: BookUpdated


class OrderBatch(Message, frozen=True, kw_only=True):
    """One message on `orders.events`: entries in input order, offsets strictly rising."""

    partition: int
    entries: tuple[OrderEntry, ...]


class TradeBatch(Message, frozen=True, kw_only=True):
    """One message on `trades.executed`."""

    partition: int
    entries: tuple[TradeEntry, ...]


class BookBatch(Message, frozen=True, kw_only=True):
    """One message on `orderbook.updates`."""

    partition: int
    entries: tuple[BookEntry, ...]


def content_hash(content: object) -> str:
    """16 hex digits over the encoded events: the same identity must have the same hash."""
    return blake2b(encode(content), digest_size=8).hexdigest()
