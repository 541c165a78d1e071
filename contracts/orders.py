"""The words of an order: sides, types, statuses, and the messages of its saga."""

from enum import StrEnum
from uuid import UUID

from contracts.amounts import Amount
from contracts.message import Message


class Side(StrEnum):
    BUY = "BUY"
    SELL = "SELL"


class OrderType(StrEnum):
    LIMIT = "LIMIT"


class TimeInForce(StrEnum):
    GTC = "GTC"


class OrderStatus(StrEnum):
    """The order row's status. OPEN means that the engine has said so."""

    PENDING_VALIDATION = "PENDING_VALIDATION"
    OPEN = "OPEN"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    FILLED = "FILLED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    REJECTED = "REJECTED"

    @property
    def terminal(self) -> bool:
        return self in _TERMINAL


_TERMINAL = frozenset(
    {OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.EXPIRED, OrderStatus.REJECTED}
)


class SagaState(StrEnum):
    """How far the saga of an order has come: search attribute and query."""

    STARTED = "STARTED"
    FUNDS_RESERVED = "FUNDS_RESERVED"
    MATCHING_SUBMITTED = "MATCHING_SUBMITTED"
    COMPENSATING = "COMPENSATING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class Refusal(StrEnum):
    """Why an order or a cancel was refused. The gateway alone turns these into HTTP."""

    DUPLICATE_ORDER = "DUPLICATE_ORDER"
    INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS"
    MARKET_CLOSED = "MARKET_CLOSED"
    UNKNOWN_SYMBOL = "UNKNOWN_SYMBOL"
    INVALID_ORDER = "INVALID_ORDER"
    TOMBSTONED = "TOMBSTONED"  # cancelled before the engine ever saw it
    NO_ANSWER = "NO_ANSWER"  # the engine was silent for 30 s; the order was cancelled there
    UNKNOWN_ORDER = "UNKNOWN_ORDER"


class PlaceOrder(Message, frozen=True, kw_only=True):
    """A validated order on its way into the saga. `body_hash` decides what is a duplicate."""

    order_id: int
    user_id: int
    client_order_id: str
    symbol: str
    base: str
    quote: str
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    price: Amount
    quantity: Amount
    price_ticks: int
    quantity_lots: int
    reserve_currency: str
    reserve_amount: Amount
    maker_fee_ppm: int
    taker_fee_ppm: int
    partition: int
    body_hash: str
    accepted_at_ms: int
    correlation_id: str


class Fill(Message, frozen=True, kw_only=True):
    """One execution of one order. The commission is in the currency that the order receives."""

    trade_id: int
    price: Amount
    quantity: Amount
    quote_quantity: Amount
    commission: Amount
    commission_asset: str
    is_maker: bool
    executed_at_ms: int


class OrderState(Message, frozen=True, kw_only=True):
    """An order after the engine's event number `sequence`: cumulative, so the newest wins.

    `own` tells that the order's own submit or cancel caused the event, not a counterparty.
    """

    order_id: int
    sequence: int
    status: OrderStatus
    filled_quantity: Amount
    filled_quote: Amount
    commission: Amount
    filled_lots: int
    at_ms: int
    own: bool
    refusal: Refusal | None = None


class PlacementAnswer(Message, frozen=True, kw_only=True):
    """What the client is told of its order: the first state, or why there is none.

    `fills` are those of the order's first match. `repeated` marks the answer to a request
    that had been answered before.
    """

    order_id: int
    client_order_id: str
    status: OrderStatus
    filled_quantity: Amount
    filled_quote: Amount
    transact_time_ms: int
    fills: tuple[Fill, ...] = ()
    refusal: Refusal | None = None
    repeated: bool = False


class CancelRequest(Message, frozen=True, kw_only=True):
    """A user's wish to cancel one order. `cancel_id` is the same in every retry of it."""

    order_id: int
    cancel_id: UUID
    client_cancel_id: str
    requested_at_ms: int


class CancelAnswer(Message, frozen=True, kw_only=True):
    """The order after the cancel, or why it could not be cancelled (UNKNOWN_ORDER)."""

    order_id: int
    status: OrderStatus
    filled_quantity: Amount
    filled_quote: Amount
    transact_time_ms: int
    refusal: Refusal | None = None


class OrderOutcome(Message, frozen=True, kw_only=True):
    """How an order's saga ended."""

    order_id: int
    status: OrderStatus
    filled_quantity: Amount
    filled_quote: Amount
    refusal: Refusal | None = None


class SagaStep(Message, frozen=True, kw_only=True):
    """One step that the saga has taken, and when (Temporal's time)."""

    name: str
    at_ms: int
    detail: str = ""


class SagaView(Message, frozen=True, kw_only=True):
    """What ops see of a running or finished saga."""

    order_id: int
    state: SagaState
    status: OrderStatus
    steps: tuple[SagaStep, ...]


class FinalizeOrder(Message, frozen=True, kw_only=True):
    """`order.finalize`: the saga is over; the orders worker makes the row terminal."""

    command_id: UUID
    order_id: int
    user_id: int
    symbol: str
    state: OrderState
    refusal: Refusal | None
    saga_state: SagaState
    correlation_id: str


class OrderFinalized(Message, frozen=True, kw_only=True):
    """On `orders.audit`: the order row has reached its last status."""

    message_id: UUID
    order_id: int
    user_id: int
    symbol: str
    status: OrderStatus
    filled_quantity: Amount
    filled_quote: Amount
    refusal: Refusal | None
    at_ms: int
    correlation_id: str
