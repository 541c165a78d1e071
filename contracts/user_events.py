"""What a user's own sockets are told of orders: `user.events`, keyed by user, in order per user.

The relay publishes it after the order's row says the same. A report may come twice, so
`sequence` counts an order's changes, and the pair of list and status names a list's; the truth
is in the rows. An order that the engine refused never was, and is not reported.
"""

from enum import StrEnum

from contracts.amounts import Amount
from contracts.message import Message
from contracts.orders import (
    ExpiryReason,
    Fill,
    OrderStatus,
    OrderType,
    SelfTradePrevention,
    Side,
    TimeInForce,
)


class Execution(StrEnum):
    """What happened to the order: Binance's execution types (`x`)."""

    NEW = "NEW"  # accepted; or active from here on, where it was conditional
    REPLACED = "REPLACED"  # its quantity was reduced
    TRADE = "TRADE"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"
    TRADE_PREVENTION = "TRADE_PREVENTION"


class ListStatus(StrEnum):
    """How a list of orders stands."""

    EXECUTING = "EXECUTING"
    ALL_DONE = "ALL_DONE"


class PreventedMatch(Message, frozen=True, kw_only=True):
    """The match that ended the order: what it and its counterpart would have traded.

    `prevented_quantity` is what expired of this order; `match_quantity` is what would have been
    traded, where both orders expired and it is known.
    """

    prevented_match_id: int
    counter_order_id: int
    price: Amount
    prevented_quantity: Amount
    match_quantity: Amount | None = None


class OrderReported(Message, frozen=True, kw_only=True):
    """One change of one order: Binance's `executionReport`.

    The figures are cumulative and exact as of this change; times are the log's, in ms.
    `working_at_ms` is 0 until the order is active. `client_cancel_id` is that of the request
    which cancelled the order; empty where there was none, or none that had an id.
    """

    user_id: int
    order_id: int
    symbol: str
    sequence: int
    execution: Execution
    status: OrderStatus
    client_order_id: str
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    price: Amount
    quantity: Amount
    filled_quantity: Amount
    filled_quote: Amount
    quote_quantity: Amount
    stop_price: Amount
    iceberg_quantity: Amount
    self_trade_prevention: SelfTradePrevention
    list_id: int
    created_at_ms: int
    at_ms: int
    working: bool
    working_at_ms: int
    expires_at_ms: int = 0
    client_cancel_id: str = ""
    expiry: ExpiryReason | None = None
    fill: Fill | None = None
    prevented: PreventedMatch | None = None


class ListedOrder(Message, frozen=True, kw_only=True):
    """One leg of a list."""

    order_id: int
    client_order_id: str


class ListReported(Message, frozen=True, kw_only=True):
    """A one-cancels-the-other list has begun, or both its orders are done: `listStatus`."""

    user_id: int
    list_id: int
    symbol: str
    list_client_order_id: str
    status: ListStatus
    orders: tuple[ListedOrder, ...]
    at_ms: int


UserEvent = OrderReported | ListReported
