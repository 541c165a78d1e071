"""The engine's language: commands on `orders.incoming`, and what comes out.

Integers throughout: prices in ticks, quantities in lots, money in units of 0.00000001 (`_e8`).
Output is a pure function of the log, so an event's identity is where it comes from:
(partition, input offset, position). The three output topics carry one batch per message; each
batch holds whole entries, one per command, with a hash that tells two engines' outputs apart.
"""

from hashlib import blake2b
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from contracts.message import Message, encode
from contracts.orders import (
    ExpiryReason,
    OrderStatus,
    OrderType,
    Refusal,
    SelfTradePrevention,
    Side,
    TimeInForce,
)


class AddSymbol(Message, frozen=True, kw_only=True):
    """Open a market. The same again changes nothing."""

    command_id: UUID
    symbol: str
    base: str
    quote: str
    tick_e8: int
    lot_e8: int


class HaltMarket(Message, frozen=True, kw_only=True):
    """From here on submits are refused (MARKET_CLOSED); cancels still work.

    Here and in the three other commands of operators, `by_user_id` says which of them asked; it
    is left out where the exchange itself did. The engine's event says it again.
    """

    command_id: UUID
    symbol: str
    reason: str
    by_user_id: int | UnsetType = UNSET


class ResumeMarket(Message, frozen=True, kw_only=True):
    command_id: UUID
    symbol: str
    by_user_id: int | UnsetType = UNSET


class SetBand(Message, frozen=True, kw_only=True):
    """How far from the last price an order's price may be, in parts per million of it.

    Binance's PERCENT_PRICE_BY_SIDE with `avgPriceMins` 0. `reference_ticks` stands in for the
    last price until there is a trade; where both are missing (0), no band applies.

    Without `by_operator` it is the configuration's, which every provisioning sends again: it
    holds where no operator has set one, and waits beneath an operator's.
    """

    command_id: UUID
    symbol: str
    reference_ticks: int
    bid_up_ppm: int
    bid_down_ppm: int
    ask_up_ppm: int
    ask_down_ppm: int
    by_operator: bool = False
    by_user_id: int | UnsetType = UNSET


class RestoreBand(Message, frozen=True, kw_only=True):
    """The operator's band is taken away: the configuration's holds again."""

    command_id: UUID
    symbol: str
    by_user_id: int | UnsetType = UNSET


class Tick(Message, frozen=True, kw_only=True):
    """Nothing but time: lets good-till dates pass in a quiet market. The log's time counts."""

    command_id: UUID
    symbol: str


class ClaimPartition(Message, frozen=True, kw_only=True):
    """An engine takes over a partition; any other engine that reads this steps down.

    The claim's own offset is its epoch: the log itself says who is last.
    """

    command_id: UUID
    symbol: str
    engine_id: str


class SubmitOrder(Message, frozen=True, kw_only=True):
    """An order whose funds are reserved. `budget_e8` is what may be spent, never more.

    The budget is in quote currency for a buy, in base currency for a sell. `price_ticks` is the
    limit; for an order that takes any price it is the worst price it may take. A market order
    by value has `quantity_lots` 0 and `quote_e8` > 0. `stop_ticks` is the last price that
    activates a conditional order. `iceberg_lots` is how much the book shows at a time (0: all).
    `reservation_id` is the order under whose id the wallet holds the budget (0: its own).
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
    self_trade_prevention: SelfTradePrevention = SelfTradePrevention.NONE
    quote_e8: int = 0
    stop_ticks: int = 0
    iceberg_lots: int = 0
    expires_at_ms: int = 0
    reservation_id: int = 0


class SubmitOrderList(Message, frozen=True, kw_only=True):
    """One-cancels-the-other: both legs enter or neither; the first to fill or to be triggered
    expires the other; a cancel of one cancels both. They share one budget."""

    command_id: UUID
    symbol: str
    list_id: int
    legs: tuple[SubmitOrder, SubmitOrder]


class CancelOrder(Message, frozen=True, kw_only=True):
    """Take an order off the book. An id never seen is remembered, so that it never trades.

    `client_cancel_id` is the id that the user gave to the cancel; empty where no user asked.
    """

    command_id: UUID
    symbol: str
    order_id: int
    client_cancel_id: str = ""


class CancelAllOrders(Message, frozen=True, kw_only=True):
    """Take every order of one user in one market off the book, in one step."""

    command_id: UUID
    symbol: str
    user_id: int


class AmendOrder(Message, frozen=True, kw_only=True):
    """Reduce a resting order's quantity; it keeps its place in the queue."""

    command_id: UUID
    symbol: str
    order_id: int
    new_quantity_lots: int


EngineCommand = (
    AddSymbol
    | HaltMarket
    | ResumeMarket
    | SetBand
    | RestoreBand
    | Tick
    | ClaimPartition
    | SubmitOrder
    | SubmitOrderList
    | CancelOrder
    | CancelAllOrders
    | AmendOrder
)


class OrderEvent(Message, frozen=True, kw_only=True, tag=None):
    """What all events of one order carry: cumulative figures, so that the newest wins.

    `sequence` counts the order's own changes without a gap; `caused_by` is the order whose
    command made this happen, so `caused_by == order_id` marks an own event. It is 0 where no
    order's command did: time, or a cancel of all orders.
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
    """`working` is false for a conditional order, which waits for its stop price."""

    working: bool = True
    list_id: int = 0


class OrderTriggered(OrderEvent, frozen=True, kw_only=True, tag=True):
    """The last price has reached the stop price: the order is active from here on."""


class OrderAmended(OrderEvent, frozen=True, kw_only=True, tag=True):
    """`quantity_lots` is the new quantity; `freed_e8` of the budget is no longer needed."""

    freed_e8: int


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
    """The end of an order that is not filled: cancelled, or expired for a reason.

    `client_cancel_id` is that of the cancel. It is left out where there is none, so that an
    old log still gives the entries, and the hashes, that it gave before there was one.
    """

    reason: ExpiryReason | None = None
    client_cancel_id: str | UnsetType = UNSET


class OrderStatusReported(OrderEvent, frozen=True, kw_only=True, tag=True):
    """The present state, told again: a repeated submit or a cancel of a closed order.

    `sequence` is that of the state, not a new one.
    """

    refusal: Refusal | None = None
    working: bool = True
    reason: ExpiryReason | None = None


class MatchPrevented(Message, frozen=True, kw_only=True):
    """Two orders of one user would have traded; `*_prevented_lots` is what expired instead."""

    symbol: str
    prevented_match_id: int
    user_id: int
    taker_order_id: int
    maker_order_id: int
    mode: SelfTradePrevention
    price_ticks: int
    taker_prevented_lots: int
    maker_prevented_lots: int


class SubmitIndeterminate(Message, frozen=True, kw_only=True):
    """The submit is older than the engine's memory of closed orders: neither yes nor no."""

    symbol: str
    order_id: int


class AmendRejected(Message, frozen=True, kw_only=True):
    """The order stays as it is: it is not open, or the new quantity makes no sense."""

    symbol: str
    order_id: int
    refusal: Refusal


class CancelRejected(Message, frozen=True, kw_only=True):
    """The order was never seen; from now on it is refused should it come."""

    symbol: str
    order_id: int
    refusal: Refusal


class CommandRejected(Message, frozen=True, kw_only=True):
    """The command makes no sense in this partition, such as a halt of an unknown symbol."""

    symbol: str
    refusal: Refusal
    by_user_id: int | UnsetType = UNSET


class MarketOpened(Message, frozen=True, kw_only=True):
    symbol: str


class MarketHalted(Message, frozen=True, kw_only=True):
    symbol: str
    reason: str
    by_user_id: int | UnsetType = UNSET


class MarketResumed(Message, frozen=True, kw_only=True):
    symbol: str
    by_user_id: int | UnsetType = UNSET


class PriceBand(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The figures of `SetBand`."""

    reference_ticks: int
    bid_up_ppm: int
    bid_down_ppm: int
    ask_up_ppm: int
    ask_down_ppm: int


class BandSet(Message, frozen=True, kw_only=True):
    """Which band holds from here on: the operator's, or without one the configuration's.

    `operator_band` is left out where there is none, so that a log of before there was one still
    gives the entries, and the hashes, that it gave.
    """

    symbol: str
    operator_band: PriceBand | UnsetType = UNSET
    by_user_id: int | UnsetType = UNSET


class PartitionClaimed(Message, frozen=True, kw_only=True):
    """`epoch` is the claim's offset: a later claim has a greater one."""

    symbol: str
    engine_id: str
    epoch: int


AnyOrderEvent = (
    OrderAccepted
    | OrderRejected
    | OrderTriggered
    | OrderAmended
    | OrderFilled
    | OrderCancelled
    | OrderStatusReported
)
EngineEvent = (
    AnyOrderEvent
    | MatchPrevented
    | SubmitIndeterminate
    | AmendRejected
    | CancelRejected
    | CommandRejected
    | MarketOpened
    | MarketHalted
    | MarketResumed
    | BandSet
    | PartitionClaimed
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
    buyer_reservation_id: int = 0  # where the wallet holds the money; 0: under the order's id
    seller_reservation_id: int = 0


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
