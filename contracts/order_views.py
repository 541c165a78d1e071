"""Orders and trades as their owner reads them: what `orders` hands to the gateway."""

import msgspec

from contracts.amounts import ZERO, Amount
from contracts.orders import (
    ExpiryReason,
    OrderStatus,
    OrderType,
    Refusal,
    SelfTradePrevention,
    Side,
    TimeInForce,
)


class OrderView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One order row. `working_at_ms` is when it became active in the engine, 0 while it has not.

    `quote_quantity` is that of a market order by value, zero for all others.
    """

    order_id: int
    user_id: int
    symbol: str
    client_order_id: str
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    price: Amount
    quantity: Amount
    filled_quantity: Amount
    filled_quote: Amount
    status: OrderStatus
    refusal: Refusal | None
    created_at_ms: int
    updated_at_ms: int
    working_at_ms: int
    self_trade_prevention: SelfTradePrevention = SelfTradePrevention.NONE
    quote_quantity: Amount = ZERO
    stop_price: Amount = ZERO
    iceberg_quantity: Amount = ZERO
    expires_at_ms: int = 0
    expiry: ExpiryReason | None = None
    list_id: int = 0
    list_client_order_id: str = ""


class TradeView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One execution from the side of one of its two orders."""

    trade_id: int
    order_id: int
    symbol: str
    price: Amount
    quantity: Amount
    quote_quantity: Amount
    commission: Amount
    commission_asset: str
    at_ms: int
    is_buyer: bool
    is_maker: bool
    list_id: int = 0  # of the order list that the order is a leg of, 0 for a single order


class PreventedMatchView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A match that self-trade prevention did not let happen, in Binance's terms."""

    symbol: str
    prevented_match_id: int
    taker_order_id: int
    maker_order_id: int
    trade_group_id: int  # the user: all orders of one user are one group
    mode: SelfTradePrevention
    price: Amount
    taker_prevented_quantity: Amount
    maker_prevented_quantity: Amount
    at_ms: int


class OrderListView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A one-cancels-the-other list with its two orders."""

    list_id: int
    list_client_order_id: str
    user_id: int
    symbol: str
    legs: tuple[OrderView, ...]
    created_at_ms: int


class OpenCounts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many orders of one user may still trade in one market. An order may count in several:
    `orders` are all, `conditional` those with a stop price, `iceberg` those that show only a
    part; `lists` counts order lists, not their legs."""

    orders: int = 0
    conditional: int = 0
    iceberg: int = 0
    lists: int = 0
