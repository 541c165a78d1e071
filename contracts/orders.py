"""The words of an order: sides, types, statuses, and the messages of its saga."""

from enum import StrEnum
from uuid import UUID

from contracts.amounts import Amount
from contracts.message import Message


class Side(StrEnum):
    BUY = "BUY"
    SELL = "SELL"


class OrderType(StrEnum):
    """Binance's spot types. A `STOP_LOSS` or `TAKE_PROFIT` becomes a market order, a `*_LIMIT`
    a limit order, once the last price reaches its stop price."""

    LIMIT = "LIMIT"
    MARKET = "MARKET"
    LIMIT_MAKER = "LIMIT_MAKER"
    STOP_LOSS = "STOP_LOSS"
    STOP_LOSS_LIMIT = "STOP_LOSS_LIMIT"
    TAKE_PROFIT = "TAKE_PROFIT"
    TAKE_PROFIT_LIMIT = "TAKE_PROFIT_LIMIT"

    @property
    def conditional(self) -> bool:
        """Whether the order waits for the last price to reach its stop price."""
        return self in _CONDITIONAL

    @property
    def takes_any_price(self) -> bool:
        """Whether, once active, it takes what there is and never rests."""
        return self in _TAKING_ANY_PRICE


_CONDITIONAL = frozenset(
    {
        OrderType.STOP_LOSS,
        OrderType.STOP_LOSS_LIMIT,
        OrderType.TAKE_PROFIT,
        OrderType.TAKE_PROFIT_LIMIT,
    }
)
_TAKING_ANY_PRICE = frozenset({OrderType.MARKET, OrderType.STOP_LOSS, OrderType.TAKE_PROFIT})


class TimeInForce(StrEnum):
    GTC = "GTC"  # until it is filled or cancelled
    IOC = "IOC"  # what can be had at once; the rest expires
    FOK = "FOK"  # all at once, or nothing
    GTD = "GTD"  # until a time of the log


class SelfTradePrevention(StrEnum):
    """What happens where a taker would meet an order of the same user: the taker's mode rules."""

    NONE = "NONE"
    EXPIRE_TAKER = "EXPIRE_TAKER"
    EXPIRE_MAKER = "EXPIRE_MAKER"
    EXPIRE_BOTH = "EXPIRE_BOTH"


class ExpiryReason(StrEnum):
    """Why the engine, and not the user, ended an order: Binance's `eR`, and GTD."""

    UNFILLED_IOC_QUANTITY_EXPIRED = "UNFILLED_IOC_QUANTITY_EXPIRED"
    UNFILLED_FOK_ORDER_EXPIRED = "UNFILLED_FOK_ORDER_EXPIRED"
    INSUFFICIENT_LIQUIDITY = "INSUFFICIENT_LIQUIDITY"
    EXECUTION_RULE_PRICE_RANGE_EXCEEDED = "EXECUTION_RULE_PRICE_RANGE_EXCEEDED"
    BUDGET_SPENT = "BUDGET_SPENT"
    TOO_MANY_MATCHES = "TOO_MANY_MATCHES"
    SELF_TRADE_PREVENTION = "SELF_TRADE_PREVENTION"
    OCO_TRIGGER = "OCO_TRIGGER"
    GOOD_TILL_DATE_REACHED = "GOOD_TILL_DATE_REACHED"


class OrderStatus(StrEnum):
    """The order row's status. OPEN means that the engine has said so."""

    PENDING_VALIDATION = "PENDING_VALIDATION"
    OPEN = "OPEN"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    FILLED = "FILLED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    EXPIRED_IN_MATCH = "EXPIRED_IN_MATCH"  # by self-trade prevention
    REJECTED = "REJECTED"

    @property
    def terminal(self) -> bool:
        return self in _TERMINAL


_TERMINAL = frozenset(
    {
        OrderStatus.FILLED,
        OrderStatus.CANCELLED,
        OrderStatus.EXPIRED,
        OrderStatus.EXPIRED_IN_MATCH,
        OrderStatus.REJECTED,
    }
)


class SagaState(StrEnum):
    """How far the saga of an order has come: search attribute and query."""

    STARTED = "STARTED"
    FUNDS_RESERVED = "FUNDS_RESERVED"
    MATCHING_SUBMITTED = "MATCHING_SUBMITTED"
    COMPENSATING = "COMPENSATING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    INCIDENT = "INCIDENT"  # nobody can tell how the order stands: ops must look


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
    WOULD_TAKE = "WOULD_TAKE"  # a LIMIT_MAKER that would match at once
    WOULD_TRIGGER = "WOULD_TRIGGER"  # a stop price that the last price has reached already
    PRICE_OUT_OF_BAND = "PRICE_OUT_OF_BAND"
    TOO_LATE = "TOO_LATE"  # a good-till date that had passed when the engine read the order
    INVALID_AMENDMENT = "INVALID_AMENDMENT"  # not less than before, or not more than is filled
    INDETERMINATE = "INDETERMINATE"  # older than the engine's memory: neither yes nor no


SAGA_VERSION = 2
"""The shape of new sagas: 1 accepts in four steps, 2 in one."""


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
    self_trade_prevention: SelfTradePrevention = SelfTradePrevention.NONE
    quote_quantity: Amount | None = None  # a market order by value: `quantity` is then zero
    stop_price: Amount | None = None
    stop_ticks: int = 0
    iceberg_quantity: Amount | None = None  # what the book shows of it; None shows all
    iceberg_lots: int = 0
    expires_at_ms: int = 0
    saga_version: int = 1  # a running saga keeps the shape of its start
    list_id: int = 0
    list_client_order_id: str = ""  # of the one-cancels-the-other list that this is a leg of


class PlaceOrderList(Message, frozen=True, kw_only=True):
    """Two validated orders of which at most one trades. The wallet holds one amount for both,
    under the first leg's id: the larger of what either may need."""

    list_id: int
    user_id: int
    list_client_order_id: str
    symbol: str
    legs: tuple[PlaceOrder, PlaceOrder]
    reserve_currency: str
    reserve_amount: Amount
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
    quantity: Amount | None = None  # where an amendment, or a market order by value, changed it
    expiry: ExpiryReason | None = None
    working: bool = True  # false while a conditional order waits for its stop price


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
    quantity: Amount | None = None  # of a market order by value: what it bought or sold
    working: bool = True
    expiry: ExpiryReason | None = None


class ListAnswer(Message, frozen=True, kw_only=True):
    """What the client is told of its order list: both legs' first states, or why not."""

    list_id: int
    list_client_order_id: str
    transact_time_ms: int
    legs: tuple[PlacementAnswer, ...]
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


class AmendRequest(Message, frozen=True, kw_only=True):
    """A user's wish to reduce an order's quantity and keep its place in the queue."""

    order_id: int
    amend_id: UUID
    new_quantity: Amount
    new_quantity_lots: int
    requested_at_ms: int


class AmendAnswer(Message, frozen=True, kw_only=True):
    """The order after the amendment, or why there was none."""

    order_id: int
    state: OrderState | None
    refusal: Refusal | None = None


class CancelAllRequest(Message, frozen=True, kw_only=True):
    """A user's wish to cancel every order in one market."""

    command_id: UUID
    user_id: int
    symbol: str
    requested_at_ms: int


class CancelAllAnswer(Message, frozen=True, kw_only=True):
    """How the cancelled orders stand."""

    states: tuple[OrderState, ...]


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
